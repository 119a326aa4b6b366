import { PassThrough, Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ExportQuery } from '#contract/api.ts'
import type { CallQuery } from '../store/call-query.ts'
import { type CallSnapshot, withCallSnapshot } from '../store/call-snapshots.ts'
import type { Database } from '../store/database.ts'
import {
  type ExportedCall,
  type ExportedMetric,
  type Reading,
  readCalls,
  readContents,
  readMetrics,
} from '../store/exported-calls.ts'
import { csvHeader, csvLines } from './csv-rows.ts'

export type ExportFormat = ExportQuery['format']

/** An export holds the database's old state for this long at most. */
const TIMEOUT_MS = 60 * 60_000
/** Some 20 ms of work, so that requests get their turn in between. Transcripts run to megabytes. */
const CALLS_AT_ONCE: Record<ExportFormat, number> = { csv: 100, jsonl: 20 }

export type CallExport = {
  /** How many rows `body` has: one per call, a header not counted. */
  callCount: number
  /** Ends with an error where it cannot be completed. Destroying it ends the read. */
  body: Readable
}

type Export = {
  query: CallQuery
  format: ExportFormat
  /** Told of calls as they are read. */
  onCalls?: (count: number) => void
  /** Ends the export, also while its calls are still counted. */
  signal?: AbortSignal
}

/**
 * Every call of a query as text, in its order and as of one moment, read as fast as it is taken away. Holds the ids of
 * 500 calls and 100 of them, or 20 with their content, at a time, however many there are. Rejects as
 * `SlowReader.snapshot` does.
 */
export async function exportCalls(
  database: Database,
  { query, format, onCalls, signal }: Export,
): Promise<CallExport> {
  const cancelling = new AbortController()
  const counted = Promise.withResolvers<number>()
  const body = new PassThrough()
  // Errors before anyone listens: whoever reads the body then finds it destroyed.
  body.on('error', () => undefined)
  body.once('close', () => cancelling.abort(new Error('Nobody reads this export any more.')))
  const { signal: unread } = cancelling
  const reading = {
    query,
    signal: signal ? AbortSignal.any([unread, signal]) : unread,
    timeoutMs: TIMEOUT_MS,
  }
  withCallSnapshot(database, reading, async (snapshot) => {
    counted.resolve(snapshot.count)
    const lines = writeLines({ database, snapshot, query, format, onCalls })
    await pipeline(Readable.from(lines, { objectMode: true, highWaterMark: 1 }), body)
  }).catch((error: unknown) => {
    counted.reject(error)
    body.destroy(error instanceof Error ? error : new Error(String(error)))
  })
  return { callCount: await counted.promise, body }
}

type Writing = Omit<Export, 'onCalls' | 'signal'> & {
  database: Database
  snapshot: CallSnapshot
  onCalls: Export['onCalls']
}

async function* writeLines(writing: Writing): AsyncGenerator<string> {
  const { database, snapshot, query, format, onCalls } = writing
  const reading = { database, reads: snapshot.reads }
  const metrics = await readMetrics(reading, query.projectId)
  if (format === 'csv') yield csvHeader(metrics)
  let readCount = 0
  for await (const batch of snapshot.ids) {
    for (const ids of chunksOf(batch, CALLS_AT_ONCE[format])) {
      const calls = await readCalls(reading, ids)
      readCount += calls.length
      onCalls?.(calls.length)
      if (format === 'csv') yield csvLines(calls, metrics)
      else yield* jsonLines(reading, { calls, metrics })
    }
  }
  if (readCount !== snapshot.count) {
    throw new Error(`The export has ${readCount} calls where ${snapshot.count} were counted.`)
  }
}

type Lines = { calls: readonly ExportedCall[]; metrics: readonly ExportedMetric[] }

/** One call a line, with all that is kept of it. */
async function* jsonLines(reading: Reading, { calls, metrics }: Lines): AsyncGenerator<string> {
  const names = new Map(metrics.map(({ id, name }) => [id, name]))
  const ids = calls.map(({ id }) => id)
  const contents = await readContents(reading, ids)
  for (const call of calls) {
    const metricResults = call.metricResults.map((result) => ({
      metricName: names.get(result.metricId),
      ...result,
    }))
    yield `${JSON.stringify({ ...call, metricResults, ...contents.get(call.id) })}\n`
  }
}

function* chunksOf(ids: readonly number[], size: number): Generator<number[]> {
  for (let start = 0; start < ids.length; start += size) yield ids.slice(start, start + size)
}
