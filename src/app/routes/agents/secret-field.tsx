import { Button } from '../../ui/button.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { AgentDraft } from './agent-draft.ts'

export type SecretFieldProps = {
  /** The server holds a secret. */
  isSet: boolean
  secret: AgentDraft['secret']
  onChange: (secret: AgentDraft['secret']) => void
  error?: string
}

/** The webhook secret goes in and never comes out: it is set, replaced or removed. */
export function SecretField({ isSet, secret, onChange, error }: SecretFieldProps) {
  const isWriting = secret.kind === 'replace' || !isSet
  if (isWriting) {
    return (
      <div className="flex items-end gap-[8px]">
        <div className="flex-1">
          <TextField
            label={isSet ? 'New webhook secret' : 'Webhook secret'}
            type="password"
            autoComplete="new-password"
            isMonospace
            maxLength={500}
            value={secret.kind === 'replace' ? secret.text : ''}
            onChange={(text) => onChange({ kind: 'replace', text })}
            hint={isSet ? undefined : 'Optional: with it, signatures of this provider are checked'}
            error={error}
          />
        </div>
        {isSet && <Button onClick={() => onChange({ kind: 'keep' })}>Keep the old one</Button>}
      </div>
    )
  }
  const isRemoved = secret.kind === 'remove'
  return (
    <div className="flex flex-wrap items-center gap-[8px]">
      <div className="min-w-0 flex-1">
        <p className="font-medium">Webhook secret</p>
        <p className="text-[12px] text-ink-faint">
          {isRemoved
            ? 'Will be removed when you save: signatures are then not checked.'
            : 'Set. Signatures of this provider are checked.'}
        </p>
      </div>
      {isRemoved ? (
        <Button onClick={() => onChange({ kind: 'keep' })}>Keep it</Button>
      ) : (
        <>
          <Button onClick={() => onChange({ kind: 'replace', text: '' })}>Replace</Button>
          <Button onClick={() => onChange({ kind: 'remove' })}>Remove</Button>
        </>
      )}
    </div>
  )
}
