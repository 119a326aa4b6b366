import { Library } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Metric } from '#contract/metric.ts'
import { useAgents } from '../../api/agents.ts'
import { useRubric } from '../../api/rubric.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { NARROW, useMediaQuery } from '../../ui/use-media-query.ts'
import { MetricCards } from './metric-cards.tsx'
import { groupByCategory } from './metric-groups.ts'
import { MetricTable } from './metric-table.tsx'

/** Below this many everything is in view. */
const SEARCHED_FROM = 9

type MetricListProps = {
  metrics: readonly Metric[]
  canWrite: boolean
  onCatalogue: () => void
}

/** What a row shows beyond its own metric. */
export type MetricContext = {
  canWrite: boolean
  rubricIds: ReadonlySet<number>
  agentNames: ReadonlyMap<number, string>
}

export function MetricList({ metrics, canWrite, onCatalogue }: MetricListProps) {
  const [text, setText] = useState('')
  const isNarrow = useMediaQuery(NARROW)
  const agents = useAgents().data
  const rubric = useRubric().data
  const context = useMemo<MetricContext>(
    () => ({
      canWrite,
      rubricIds: new Set(rubric?.rules.map(({ metricId }) => metricId)),
      agentNames: new Map(agents?.map(({ id, name }) => [id, name])),
    }),
    [canWrite, rubric, agents],
  )
  const wanted = text.trim().toLowerCase()
  const groups = useMemo(
    () => groupByCategory(metrics.filter(({ name }) => name.toLowerCase().includes(wanted))),
    [metrics, wanted],
  )

  if (metrics.length === 0) {
    return (
      <EmptyState
        title="No metrics yet"
        action={
          canWrite && (
            <Button variant="primary" icon={<Library size={15} />} onClick={onCatalogue}>
              Open the catalogue
            </Button>
          )
        }
      >
        A metric says one thing of every call: how long callers waited, whether the agent made
        something up. Take them from the catalogue, or write your own.
      </EmptyState>
    )
  }
  const Shape = isNarrow ? MetricCards : MetricTable
  return (
    <>
      {metrics.length >= SEARCHED_FROM && (
        <div className="border-b border-line px-[16px] py-[8px] max-md:px-[12px]">
          <SearchField
            label="Search metrics"
            placeholder="Search metrics"
            value={text}
            onChange={setText}
            className="max-w-[320px]"
          />
        </div>
      )}
      {groups.length === 0 ? (
        <EmptyState title={`No metric is called “${text.trim()}”`} />
      ) : (
        <Shape groups={groups} context={context} />
      )}
    </>
  )
}
