import { type FormEvent, useId, useState } from 'react'
import type { Agent } from '#contract/agent.ts'
import { useChangeAgent, useCreateAgent } from '../../api/agents.ts'
import { toFormErrors } from '../../api/field-errors.ts'
import { formatCount } from '../../format/count.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FormError } from '../../ui/form-error.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea, TextField } from '../../ui/text-field.tsx'
import { showToast } from '../../ui/toast.tsx'
import { type AgentDraft, NEW_AGENT, toChange, toDraft, toInput } from './agent-draft.ts'
import { DIRECTION_LABEL, DIRECTIONS } from './direction.ts'
import { NodeListField } from './node-list-field.tsx'
import { providerOptions } from './providers.ts'
import { SecretField } from './secret-field.tsx'
import { nodesFault } from './topic-nodes.ts'
import { WebhookAddresses } from './webhook-addresses.tsx'

/** The wire's field names are the draft's, but for the last two. What is wrong inside a list is told with its place. */
const FIELD_OF = {
  name: 'name',
  assistantId: 'assistantId',
  provider: 'provider',
  language: 'language',
  contactNumber: 'contactNumber',
  description: 'description',
  knowledge: 'knowledge',
  topicNodes: 'topicNodes',
  dropoffNodes: 'dropoffNodes',
  isInbound: 'direction',
  webhookSecret: 'secret',
} as const satisfies Record<string, keyof AgentDraft>

/** Characters; as the server has it. */
const MAX_KNOWLEDGE = 200_000

export type AgentPanelProps = {
  /** Null: a new agent. */
  agent: Agent | null
  onClose: () => void
}

/** One agent in a panel at the right: everything a person may set. */
export function AgentPanel({ agent, onClose }: AgentPanelProps) {
  const formId = useId()
  const [draft, setDraft] = useState(() => (agent ? toDraft(agent) : NEW_AGENT))
  const [isTried, setTried] = useState(false)
  const { save, error, isSaving } = useSaveAgent({ agent, onSaved: onClose })
  const errors = toFormErrors(error, FIELD_OF)

  const set = <Field extends keyof AgentDraft>(field: Field) => {
    return (value: AgentDraft[Field]) => setDraft((current) => ({ ...current, [field]: value }))
  }

  const topicFault = nodesFault(draft.topicNodes, 'topic')
  const stageFault = nodesFault(draft.dropoffNodes, 'stage')

  const handleSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (topicFault === null && stageFault === null) save(draft)
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
        <TextArea
          label="Knowledge"
          rows={7}
          maxLength={MAX_KNOWLEDGE}
          value={draft.knowledge}
          onChange={set('knowledge')}
          hint={`What the agent may know: prices, opening hours, rules. Hallucination holds its claims against it. ${formatCount(draft.knowledge.length)} of ${formatCount(MAX_KNOWLEDGE)} characters.`}
          error={errors.fields.knowledge}
        />
        <NodeListField
          label="Topics"
          noun="topic"
          nodes={draft.topicNodes}
          onChange={set('topicNodes')}
          hint="The Topic metric chooses one of these for each call. Alt and ↑ or ↓ moves one."
          error={(isTried ? topicFault : null) ?? errors.fields.topicNodes}
        />
        <NodeListField
          label="Stages"
          noun="stage"
          nodes={draft.dropoffNodes}
          onChange={set('dropoffNodes')}
          hint="The stages a call passes, in order. The Drop-off point metric says at which one it ended."
          error={(isTried ? stageFault : null) ?? errors.fields.dropoffNodes}
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
