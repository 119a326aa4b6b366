import type { FilterNode } from '#contract/filter.ts'
import { filterForAddress, spellFilter } from '#contract/filter-url.ts'

type Place = { metricId: number; days: number }

/** The calls of the last days on which the metric says that it was not passed. */
export function failuresHref({ metricId, days }: Place): string {
  return listHref([
    { field: `metric_evaluations.${metricId}.passed`, op: 'eq', value: false },
    since(days),
  ])
}

/** The calls of the last days on which the metric has a value. */
export function resultsHref({ metricId, days }: Place): string {
  return listHref([
    { field: `metric_evaluations.${metricId}.value`, op: 'isnull', value: false },
    since(days),
  ])
}

/** How long before a moment a listener is put, to hear what led to it. */
const LEAD_SECONDS = 2

/** A call, shortly before a moment of it; from its start without one. */
export function momentHref({
  callId,
  atSeconds,
}: {
  callId: number
  atSeconds: number | null
}): string {
  const tenths = Math.floor(((atSeconds ?? 0) - LEAD_SECONDS) * 10) / 10
  return tenths > 0 ? `/calls/${callId}?t=${tenths}` : `/calls/${callId}`
}

function since(days: number): FilterNode {
  return { field: 'timestamp', op: 'gte', value: `now-${days}d` }
}

function listHref(conditions: FilterNode[]): string {
  return `/calls?filter=${filterForAddress(spellFilter({ operator: 'and', conditions }))}`
}
