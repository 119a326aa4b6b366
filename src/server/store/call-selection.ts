import { type CallListQuery, NEWEST_FIRST } from '#contract/call.ts'
import type { FilterIssue } from '#contract/filter-parse.ts'
import { readFilter } from '#contract/filter-url.ts'
import type { CallQuery } from './call-query.ts'
import { isPattern } from './re2-pattern.ts'

export type ReadSelection =
  | { ok: true; query: CallQuery }
  | { ok: false; issues: readonly FilterIssue[] }

/** The query of a selection as requests, views and bulk actions spell it. `now` is what relative times count from. */
export function readSelection(
  { search, filter, sort }: CallListQuery,
  { projectId, now }: { projectId: number; now: number },
): ReadSelection {
  const parsed = readFilter(filter ?? '', { isPattern })
  if (!parsed.ok) return parsed
  return {
    ok: true,
    query: { projectId, now, search, filter: parsed.filter, sort: sort ?? NEWEST_FIRST },
  }
}
