import { useState } from 'react'
import { useAgents } from '../../api/agents.ts'
import { MultiSuggest } from '../../ui/multi-suggest.tsx'

type AgentsFieldProps = { agentIds: readonly number[]; onChange: (agentIds: number[]) => void }

/** Whose calls; none chosen means every agent's. */
export function AgentsField({ agentIds, onChange }: AgentsFieldProps) {
  const agents = useAgents()
  const [text, setText] = useState('')
  const known = agents.data ?? []
  const wanted = text.trim().toLowerCase()
  const byName = (name: string) =>
    known.find((agent) => agent.name.toLowerCase() === name.trim().toLowerCase())
  const byId = (value: string) => known.find(({ id }) => String(id) === value)

  return (
    <MultiSuggest
      label="Agents"
      values={agentIds.map(String)}
      labelOf={(value) => byId(value)?.name ?? `Agent ${value}`}
      onChange={(values) => {
        const ids = values.map((value) => byId(value)?.id ?? byName(value)?.id ?? Number(value))
        onChange([...new Set(ids)])
      }}
      faultOf={(value) =>
        byId(value) || byName(value) || agentIds.includes(Number(value))
          ? null
          : `There is no agent called “${value}”.`
      }
      suggestions={known
        .filter(({ name }) => name.toLowerCase().includes(wanted))
        .map(({ id, name }) => ({ value: String(id), label: name }))}
      isLoading={agents.isPending}
      onQuery={setText}
      placeholder="Every agent"
      hint="Empty: the calls of every agent."
    />
  )
}
