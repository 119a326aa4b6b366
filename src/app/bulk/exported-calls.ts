import type { CallListQuery } from '#contract/call.ts'
import { spellFilter } from '#contract/filter-url.ts'
import type { Selection } from './selection.ts'

/** The same choice as a query, for an export. Named calls are those calls, whatever they match by now. */
export function toExportedCalls(selection: Selection, matching: CallListQuery): CallListQuery {
  if (selection.kind === 'all') return matching
  const rule = { field: 'id', op: 'in' as const, value: [...selection.ids] }
  const filter = spellFilter({ operator: 'and', conditions: [rule] })
  return { filter, sort: matching.sort === 'relevance' ? undefined : matching.sort }
}
