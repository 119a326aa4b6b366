import type { CallRow } from '#contract/api.ts'
import type { CallSummary } from '#contract/call.ts'
import type { Connection } from '../store/database.ts'
import { listResults } from '../store/verdicts.ts'
import { parseIds } from './parse-ids.ts'

const MAX_METRICS = 20

/** Rows with their results of the metrics that were asked for: comma-separated ids, at most 20; 400 for more. */
export async function withResults(
  db: Connection,
  { calls, metrics = '' }: { calls: readonly CallSummary[]; metrics: string | undefined },
): Promise<CallRow[]> {
  const metricIds = parseIds(metrics, { field: 'metrics', max: MAX_METRICS })
  if (metricIds.length === 0) return calls.map((call) => ({ ...call, results: [] }))
  const callIds = calls.map(({ id }) => id)
  const results = await listResults(db, { callIds, metricIds })
  return calls.map((call) => ({ ...call, results: results.get(call.id) ?? [] }))
}
