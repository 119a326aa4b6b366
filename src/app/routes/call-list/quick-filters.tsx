import { type CallListQuery, CallStatusFilter } from '#contract/call.ts'
import { useAgents } from '../../api/agents.ts'
import { statusLabel } from '../../results/status-badge.tsx'
import { FilterChip } from './filter-chip.tsx'

const STATUSES = CallStatusFilter.options.map((value) => ({ value, label: statusLabel(value) }))

type QuickFiltersProps = {
  query: CallListQuery
  onChange: (changes: CallListQuery) => void
}

/** The two questions asked most, one press away. */
export function QuickFilters({ query, onChange }: QuickFiltersProps) {
  const agents = useAgents().data ?? []
  return (
    <>
      <FilterChip
        name="Status"
        options={STATUSES}
        value={query.status}
        onChange={(status) => onChange({ status: CallStatusFilter.safeParse(status).data })}
      />
      <FilterChip
        name="Agent"
        options={agents.map((agent) => ({ value: String(agent.id), label: agent.name }))}
        value={query.agentId === undefined ? undefined : String(query.agentId)}
        onChange={(id) => onChange({ agentId: id === undefined ? undefined : Number(id) })}
      />
    </>
  )
}
