import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { ApiKey } from '#contract/access.ts'
import { useKeys, useRevokeKey } from '../../api/keys.ts'
import { formatDate, formatFullDateTime, formatRelative } from '../../format/date.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toast.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'
import { SCOPE_LABEL } from './scope-label.ts'
import { Section } from './section.tsx'
import type { SettingsAccess } from './settings-page.tsx'

/** Who may talk to the API. A key is readable once, when it is made. */
export function ApiKeysSection({ access }: { access: SettingsAccess }) {
  const [isCreating, setCreating] = useState(false)
  const [revoked, setRevoked] = useState<ApiKey | null>(null)
  const canAdminister = access?.canAdminister ?? false

  return (
    <Section
      title="API keys"
      description="For senders of calls, for scripts, and for people to sign in with."
      action={
        canAdminister && (
          <Button icon={<Plus size={15} />} onClick={() => setCreating(true)}>
            Create key
          </Button>
        )
      }
    >
      {access && !canAdminister && (
        <p className="text-ink-faint">
          Only an administrator’s key can list and make keys; you are signed in with less.
        </p>
      )}
      {canAdminister && <KeyList onRevoke={setRevoked} />}
      {isCreating && <NewKeyDialog onClose={() => setCreating(false)} />}
      {revoked && <RevokeDialog apiKey={revoked} onClose={() => setRevoked(null)} />}
    </Section>
  )
}

function KeyList({ onRevoke }: { onRevoke: (key: ApiKey) => void }) {
  const { data: keys, error, refetch } = useKeys()
  if (!keys) {
    return error ? (
      <LoadError title="The keys could not be loaded" error={error} onRetry={refetch} />
    ) : (
      <SkeletonRows rows={2} rowHeight={46} label="Loading the keys" />
    )
  }
  if (keys.length === 0) return <p className="text-ink-faint">There is no key yet.</p>
  return (
    <ul className="divide-y divide-line rounded-[8px] border border-line bg-surface">
      {keys.map((key) => (
        <KeyRow key={key.id} apiKey={key} onRevoke={() => onRevoke(key)} />
      ))}
    </ul>
  )
}

function KeyRow({ apiKey, onRevoke }: { apiKey: ApiKey; onRevoke: () => void }) {
  const { name, hint, scope, createdAt, lastUsedAt } = apiKey
  return (
    <li className="flex items-center gap-[12px] py-[8px] pr-[8px] pl-[14px]">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-x-[8px]">
          <span className="truncate font-medium">{name}</span>
          <Badge tone={scope === 'admin' ? 'accent' : 'idle'}>{SCOPE_LABEL[scope]}</Badge>
        </p>
        <p className="text-[12px] leading-[18px] text-ink-faint">
          <span className="font-mono">{hint}</span> · made {formatDate(createdAt)} ·{' '}
          {lastUsedAt ? (
            <time dateTime={lastUsedAt} title={formatFullDateTime(lastUsedAt)}>
              used {formatRelative(lastUsedAt)}
            </time>
          ) : (
            'never used'
          )}
        </p>
      </div>
      <Button variant="quiet" size="small" aria-label={`Revoke ${name}`} onClick={onRevoke}>
        Revoke
      </Button>
    </li>
  )
}

function RevokeDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useRevokeKey()
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={`Revoke “${apiKey.name}”?`}
      confirmLabel="Revoke key"
      isBusy={revoke.isPending}
      error={revoke.error}
      onConfirm={() =>
        revoke.mutate(apiKey.id, {
          onSuccess: () => {
            showToast({ title: `${apiKey.name} is revoked` })
            onClose()
          },
        })
      }
    >
      Requests with <span className="font-mono">{apiKey.hint}</span> are refused from now on, and
      everyone who signed in with it is signed out. This cannot be undone.
    </ConfirmDialog>
  )
}
