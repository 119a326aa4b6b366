import { useId, useState } from 'react'
import type { MetricCategory } from '#contract/metric.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import {
  type ColumnId,
  MAX_METRIC_COLUMNS,
  metricColumn,
  metricIdOf,
} from '../../view-state/column-preferences.ts'
import { groupByCategory } from '../metrics/metric-groups.ts'
import { ColumnBox } from './column-box.tsx'

/** Fewer are found at a glance. */
const SEARCHED_FROM = 8

type Listed = { id: number; name: string; category: MetricCategory | null }

type MetricChooserProps = {
  metrics: readonly Listed[]
  isLoading: boolean
  order: readonly ColumnId[]
  onToggle: (metricId: number) => void
}

/** The metrics whose results can be columns, by category. */
export function MetricChooser({ metrics, isLoading, order, onToggle }: MetricChooserProps) {
  const titleId = useId()
  const [query, setQuery] = useState('')
  const chosenCount = order.filter((id) => metricIdOf(id) !== null).length
  const isFull = chosenCount >= MAX_METRIC_COLUMNS
  const groups = groupByCategory(metrics.filter(({ name }) => isFound(name, query)))
  return (
    <section aria-labelledby={titleId} className="mt-[8px] border-t border-line pt-[8px]">
      <h3 id={titleId} className="text-[12px] font-medium text-ink-soft">
        Metrics
      </h3>
      {isLoading && <Skeleton className="mt-[8px] h-[60px] w-full" />}
      {metrics.length >= SEARCHED_FROM && (
        <SearchField
          label="Find a metric"
          placeholder="Find a metric"
          value={query}
          onChange={setQuery}
          className="mt-[6px]"
        />
      )}
      {isFull && (
        <p className="mt-[4px] text-[12px] text-ink-faint">
          {MAX_METRIC_COLUMNS} metrics fit into a list. Take one out to add another.
        </p>
      )}
      <div className="mt-[4px] max-h-[230px] overflow-y-auto">
        {groups.map(({ label, items }) => (
          <fieldset key={label}>
            <legend className="pt-[4px] text-[12px] text-ink-faint">{label}</legend>
            {items.map(({ id, name }) => {
              const isShown = order.includes(metricColumn(id))
              return (
                <div key={id} className="flex h-[26px] items-center px-[2px]">
                  <ColumnBox
                    label={name}
                    isShown={isShown}
                    isLocked={isFull && !isShown}
                    onToggle={() => onToggle(id)}
                  />
                </div>
              )
            })}
          </fieldset>
        ))}
        {!isLoading && groups.length === 0 && (
          <p className="py-[4px] text-[12px] text-ink-faint">
            {metrics.length === 0 ? 'The project has no metrics.' : 'No metric has this name.'}
          </p>
        )}
      </div>
    </section>
  )
}

function isFound(name: string, query: string): boolean {
  return name.toLowerCase().includes(query.trim().toLowerCase())
}
