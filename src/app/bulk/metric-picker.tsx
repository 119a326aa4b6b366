import { useState } from 'react'
import type { Metric } from '#contract/metric.ts'
import { SearchField } from '../ui/search-field.tsx'

/** Fewer are found at a glance. */
const SEARCHED_FROM = 10

type MetricPickerProps = {
  metrics: readonly Metric[]
  chosen: ReadonlySet<number>
  onChange: (chosen: ReadonlySet<number>) => void
}

/** Some of the metrics. */
export function MetricPicker({ metrics, chosen, onChange }: MetricPickerProps) {
  const [query, setQuery] = useState('')
  const words = query.trim().toLowerCase()
  const toggle = (id: number) => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChange(next)
  }
  return (
    <fieldset className="w-full rounded-[6px] border border-line p-[8px]">
      <legend className="sr-only">Metrics to judge by</legend>
      {metrics.length >= SEARCHED_FROM && (
        <SearchField
          label="Find a metric"
          placeholder="Find a metric"
          value={query}
          onChange={setQuery}
          className="mb-[4px]"
        />
      )}
      <div className="max-h-[190px] overflow-y-auto">
        {metrics
          .filter(({ name }) => name.toLowerCase().includes(words))
          .map(({ id, name, category, isEnabled }) => (
            <label
              key={id}
              className="flex min-h-[26px] cursor-pointer items-center gap-[8px] rounded-[5px] px-[4px] hover:bg-hover"
            >
              <input
                type="checkbox"
                checked={chosen.has(id)}
                onChange={() => toggle(id)}
                className="size-[14px] shrink-0 accent-accent"
              />
              <span className="min-w-0 flex-1 truncate">{name}</span>
              <span className="shrink-0 text-[12px] text-ink-faint">
                {[category, isEnabled ? null : 'off'].filter(Boolean).join(', ')}
              </span>
            </label>
          ))}
      </div>
    </fieldset>
  )
}
