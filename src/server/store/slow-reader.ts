import type { CompiledQuery, QueryExecutorProvider } from 'kysely'
import { QueryCancelled, QueryTimeout, TooManyQueries } from './slow-read-errors.ts'
import { createSlowReadPool, type Urgency } from './slow-read-pool.ts'
import type { PlainQuery } from './slow-read-worker.ts'

/** A query of Kysely's builder, or an `sql` template. */
export type SlowQuery<T> = { compile: (executor: QueryExecutorProvider) => CompiledQuery<T> }

/** `timeoutMs` counts from the call on, waiting for a free thread included. */
export type ReadLimits = {
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
  /** `whole` if nothing is said. */
  urgency?: Urgency | undefined
}

/** Reads that may take longer than 50 ms, away from the thread that answers requests. */
export type SlowReader = {
  /**
   * All rows of a query, as the reading connection would give them; 10 s at most if nothing is said. Rejects
   * with the database's own error, or with `QueryTimeout`, `QueryCancelled` or `TooManyQueries`: at once, but
   * the thread is free only when the query looks, see `Dialect.stopsWhenUnwanted`.
   */
  readonly run: <T>(query: SlowQuery<T>, limits?: ReadLimits) => Promise<T[]>
  /**
   * Several reads of one and the same state of the database; 10 minutes at most if nothing is said. Rejects
   * as `run` does, without waiting for `work`, or with what `work` throws.
   */
  readonly snapshot: <R>(
    work: (reads: SnapshotReads) => Promise<R>,
    limits?: Omit<ReadLimits, 'urgency'>,
  ) => Promise<R>
  /** Cancels what runs and waits, and ends the threads. */
  readonly close: () => Promise<void>
}

export type SnapshotReads = {
  readonly run: <T>(query: SlowQuery<T>) => Promise<T[]>
  /** The rows of a query in batches of 1 to 500; each is read when it is asked for. */
  readonly stream: <T>(query: SlowQuery<T>) => AsyncGenerator<T[], void, undefined>
}

export type SlowReaderOptions = {
  file: string
  /** Compiles `sql` templates. */
  executor: QueryExecutorProvider
  /** How long a thread with nothing to do stays. */
  idleMs?: number | undefined
}

const IDLE_MS = 30_000
const QUERY_TIMEOUT_MS = 10_000
/** As long as a snapshot is open, the database's write-ahead log only grows. */
const SNAPSHOT_TIMEOUT_MS = 10 * 60_000
const MAX_SNAPSHOTS = 8
const BATCH_ROWS = 500

export function createSlowReader({
  file,
  executor,
  idleMs = IDLE_MS,
}: SlowReaderOptions): SlowReader {
  const pool = createSlowReadPool({ file, idleMs })
  const active = new Set<AbortController>()
  const openSnapshots = new Set<number>()
  let lastNumber = 0

  /** Runs `work` under one signal, which the caller, the clock and `close` can trigger. */
  async function limited<R>(
    { signal, timeoutMs }: { signal: AbortSignal | undefined; timeoutMs: number },
    work: (signal: AbortSignal) => Promise<R>,
  ): Promise<R> {
    const controller = new AbortController()
    const handleAbort = () => controller.abort(new QueryCancelled(signal?.reason))
    if (signal?.aborted) handleAbort()
    signal?.addEventListener('abort', handleAbort)
    const timer = setTimeout(() => controller.abort(new QueryTimeout(timeoutMs)), timeoutMs)
    active.add(controller)
    try {
      return await work(controller.signal)
    } finally {
      active.delete(controller)
      clearTimeout(timer)
      signal?.removeEventListener('abort', handleAbort)
    }
  }

  async function read<T>(
    query: SlowQuery<T>,
    {
      snapshot,
      signal,
      urgency,
    }: { snapshot: number | null; signal: AbortSignal; urgency?: Urgency | undefined },
  ): Promise<T[]> {
    const read = { kind: 'rows', snapshot, query: toPlain(query) } as const
    const rows = await pool.ask(read, { signal, urgency })
    return rows as T[] // as the query's own type says
  }

  async function* stream<T>(
    query: SlowQuery<T>,
    { snapshot, signal }: { snapshot: number; signal: AbortSignal },
  ): AsyncGenerator<T[], void, undefined> {
    const number = ++lastNumber
    await pool.ask({ kind: 'stream', snapshot, stream: number, query: toPlain(query) }, { signal })
    const next = { kind: 'next', snapshot, stream: number, rowCount: BATCH_ROWS } as const
    for (;;) {
      const rows = await pool.ask(next, { signal })
      if (rows.length > 0) yield rows as T[] // as the query's own type says
      if (rows.length < BATCH_ROWS) return
    }
  }

  async function withSnapshot<R>(
    work: (reads: SnapshotReads) => Promise<R>,
    signal: AbortSignal,
  ): Promise<R> {
    if (openSnapshots.size >= MAX_SNAPSHOTS) throw new TooManyQueries(MAX_SNAPSHOTS)
    const snapshot = ++lastNumber
    openSnapshots.add(snapshot)
    try {
      await pool.ask({ kind: 'begin', snapshot }, { signal })
      const reads: SnapshotReads = {
        run: (query) => read(query, { snapshot, signal }),
        stream: (query) => stream(query, { snapshot, signal }),
      }
      return await Promise.race([work(reads), untilAborted(signal)])
    } finally {
      openSnapshots.delete(snapshot)
      // Not waited for: it comes after what still runs. It fails only where nothing was begun or the thread died.
      const limits = { signal: NEVER_ABORTED, urgency: 'page' } as const
      pool.ask({ kind: 'release', snapshot }, limits).catch(() => undefined)
    }
  }

  function toPlain(query: SlowQuery<unknown>): PlainQuery {
    const { sql, parameters } = query.compile(executor)
    return { sql, parameters }
  }

  return {
    run: (query, { signal: given, timeoutMs = QUERY_TIMEOUT_MS, urgency } = {}) =>
      limited({ signal: given, timeoutMs }, (signal) =>
        read(query, { snapshot: null, signal, urgency }),
      ),
    snapshot: (work, { signal: given, timeoutMs = SNAPSHOT_TIMEOUT_MS } = {}) =>
      limited({ signal: given, timeoutMs }, (signal) => withSnapshot(work, signal)),
    async close() {
      const reason = new QueryCancelled(new Error('The database is closed.'))
      for (const controller of active) controller.abort(reason)
      await pool.close()
    },
  }
}

const NEVER_ABORTED = new AbortController().signal

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason)
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}
