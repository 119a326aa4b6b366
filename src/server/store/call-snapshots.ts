import { NEWEST_FIRST } from '#contract/call.ts'
import { planScan } from './call-plan.ts'
import { type CallQuery, callsMatching, orderedPage, orderOf } from './call-query.ts'
import type { Database } from './database.ts'
import type { SnapshotReads } from './slow-reader.ts'

/** The ids of every call of a query, as of one moment, in no particular order: 8 bytes each. */
export async function listAllCallIds(
  database: Database,
  { query, signal }: { query: CallQuery; signal: AbortSignal },
): Promise<number[]> {
  const from = await planScan(database, { query, signal })
  const wanted = callsMatching(database, query, from).select('call.id')
  return database.slow.snapshot(
    async (reads) => {
      const ids: number[] = []
      for await (const rows of reads.stream(wanted)) ids.push(...rows.map(({ id }) => id))
      return ids
    },
    { signal },
  )
}

/** A query's calls as of one moment: how many, and which, in its order. `reads` sees them as they were then. */
export type CallSnapshot = {
  count: number
  ids: AsyncIterable<number[]>
  reads: SnapshotReads
}

/** Rejects as `SlowReader.snapshot` does. Relevance orders only the first of a search's calls: then it is the newest first. */
export async function withCallSnapshot<R>(
  database: Database,
  { query, signal, timeoutMs }: { query: CallQuery; signal: AbortSignal; timeoutMs: number },
  work: (snapshot: CallSnapshot) => Promise<R>,
): Promise<R> {
  const from = await planScan(database, { query, signal })
  const counting = callsMatching(database, query, from).select(({ fn }) =>
    fn.countAll<number>().as('count'),
  )
  const inOrder = { ...query, sort: completeSort(query) }
  const ordered = orderedPage(database, { query: inOrder, cursor: null, from }).select('call.id')
  return database.slow.snapshot(
    async (reads) => {
      const [counted] = await reads.run(counting)
      const count = Number(counted?.count ?? 0)
      return work({ count, ids: idsOf(reads.stream(ordered)), reads })
    },
    { signal, timeoutMs },
  )
}

function completeSort(query: CallQuery): string {
  return orderOf(query).kind === 'relevance' ? NEWEST_FIRST : query.sort
}

async function* idsOf(batches: AsyncIterable<{ id: number }[]>): AsyncGenerator<number[]> {
  for await (const rows of batches) yield rows.map(({ id }) => id)
}
