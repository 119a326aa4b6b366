import { type FormEvent, useId, useState } from 'react'
import type { Agent } from '#contract/agent.ts'
import { useChangeAgent, useCreateAgent } from '../../api/agents.ts'
import { toFormErrors } from '../../api/field-errors.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError } from '../../ui/form-error.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { type AgentDraft, NEW_AGENT, toChange, toDraft, toInput } from './agent-draft.ts'
import { DIRECTION_LABEL, DIRECTIONS } from './direction.ts'
import { providerOptions } from './providers.ts'
import { SecretField } from './secret-field.tsx'
import { WebhookAddresses } from './webhook-addresses.tsx'

/** The wire's field names are the draft's, but for the last two. */
const FIELD_OF = {
  name: 'name',
  assistantId: 'assistantId',
  provider: 'provider',
  language: 'language',
  contactNumber: 'contactNumber',
  description: 'description',
  isInbound: 'direction',
  webhookSecret: 'secret',
} as const satisfies Record<string, keyof AgentDraft>

export type AgentPanelProps = {
  /** Null: a new agent. */
  agent: Agent | null
  onClose: () => void
}

/** One agent in a panel at the right: everything a person may set. */
export function AgentPanel({ agent, onClose }: AgentPanelProps) {
  const formId = useId()
  const [draft, setDraft] = useState(() => (agent ? toDraft(agent) : NEW_AGENT))
  const { save, error, isSaving } = useSaveAgent({ agent, onSaved: onClose })
  const errors = toFormErrors(error, FIELD_OF)

  const set = <Field extends keyof AgentDraft>(field: Field) => {
    return (value: AgentDraft[Field]) => setDraft((current) => ({ ...current, [field]: value }))
  }

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    save(draft)
  }

  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="side"
      title={agent ? agent.name : 'Add an agent'}
      isProtected={JSON.stringify(draft) !== JSON.stringify(agent ? toDraft(agent) : NEW_AGENT)}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" form={formId} isBusy={isSaving}>
            {agent ? 'Save' : 'Add agent'}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={handleSubmit} className="flex flex-col gap-[16px]">
        <TextField
          label="Name"
          required
          maxLength={200}
          value={draft.name}
          onChange={set('name')}
          error={errors.fields.name}
        />
        <div className="grid grid-cols-2 gap-[12px] max-sm:grid-cols-1">
          <Select
            label="Provider"
            options={providerOptions(draft.provider)}
            value={draft.provider}
            onChange={set('provider')}
            error={errors.fields.provider}
          />
          <TextField
            label="Assistant id"
            isMonospace
            maxLength={200}
            value={draft.assistantId}
            onChange={set('assistantId')}
            hint="The provider’s own id of this agent"
            error={errors.fields.assistantId}
          />
          <Select
            label="Direction"
            options={DIRECTIONS.map((value) => ({ value, label: DIRECTION_LABEL[value] }))}
            value={draft.direction}
            onChange={set('direction')}
            error={errors.fields.direction}
          />
          <TextField
            label="Language"
            maxLength={35}
            value={draft.language}
            onChange={set('language')}
            hint="Such as en or de-AT"
            error={errors.fields.language}
          />
          <TextField
            label="Phone number"
            maxLength={100}
            value={draft.contactNumber}
            onChange={set('contactNumber')}
            error={errors.fields.contactNumber}
          />
        </div>
        <TextArea
          label="System prompt"
          rows={9}
          isMonospace
          value={draft.description}
          onChange={set('description')}
          hint="What the agent is told to do. {{name}} stands for a call’s dynamic variable."
          error={errors.fields.description}
        />
        <WebhookAddresses provider={draft.provider} agentId={agent?.id ?? null} />
        <SecretField
          isSet={agent?.hasWebhookSecret ?? false}
          secret={draft.secret}
          onChange={set('secret')}
          error={errors.fields.secret}
        />
        <FormError message={errors.general} />
      </form>
    </Dialog>
  )
}

function useSaveAgent({ agent, onSaved }: { agent: Agent | null; onSaved: () => void }) {
  const create = useCreateAgent()
  const change = useChangeAgent()

  const save = (draft: AgentDraft) => {
    const onSuccess = () => {
      showToast({ title: agent ? `${draft.name} is saved` : `${draft.name} is added` })
      onSaved()
    }
    if (agent) change.mutate({ id: agent.id, change: toChange(agent, draft) }, { onSuccess })
    else create.mutate(toInput(draft), { onSuccess })
  }
  return {
    save,
    error: create.error ?? change.error,
    isSaving: create.isPending || change.isPending,
  }
}
