import type { CallListQuery } from '#contract/call.ts'
import type { CallQuery } from '../store/call-query.ts'
import { readSelection } from '../store/call-selection.ts'
import { badFilter } from './http-problem.ts'

/** The query that a request asks for; 400 for a filter that cannot be read. `now`: what relative times count from. */
export function readCallQuery(
  wanted: CallListQuery,
  scope: { projectId: number; now: number },
): CallQuery {
  const read = readSelection(wanted, scope)
  if (!read.ok) throw badFilter('filter', read.issues)
  return read.query
}
