import { randomUUID } from 'node:crypto'
import type { Transaction } from 'kysely'
import type { Database } from '../store/database.ts'
import {
  buryJob,
  type ClaimedJob,
  claimJob,
  completeJob,
  extendLease,
  releaseAllJobs,
  retryJob,
} from '../store/jobs.ts'
import type { Tables } from '../store/tables.ts'
import { type JobKind, type JobPayloads, parsePayload } from './job-kinds.ts'
import { PermanentFailure } from './permanent-failure.ts'

const LEASE_MS = 60_000
const HEARTBEAT_MS = 20_000
const POLL_MS = 500
const STOP_GRACE_MS = 5_000

/** How one kind of work is done. Must be safe to run twice: a crash repeats what was not finished. */
export type JobHandler<Kind extends JobKind> = {
  /** How many of this kind one worker runs at the same time. */
  concurrency: number
  /** Tries that failed and tries that the process did not survive count alike. */
  maxAttempts: number
  /** The pause after the first failed try; it doubles with each further one. */
  firstRetryMs: number
  /** `signal` aborts when the worker stops, and when the lease went to another claim: nothing more may be written. */
  run: (payload: JobPayloads[Kind], context: { signal: AbortSignal }) => Promise<void>
  /** Runs with the burial in one transaction, so that a call never waits for work that is dead. */
  onGivenUp: (
    trx: Transaction<Tables>,
    failure: { payload: JobPayloads[Kind]; message: string },
  ) => Promise<void>
}

export type JobHandlers = { [Kind in JobKind]: JobHandler<Kind> }

/** What a worker tells the log. */
export type WorkerLog = {
  warn: (details: object, message: string) => void
  error: (details: object, message: string) => void
}

export type WorkerOptions = {
  database: Database
  handlers: JobHandlers
  /** Multiplies the concurrency of every kind. */
  workers: number
  clock: () => number
  log: WorkerLog
}

export type JobWorker = {
  start: () => void
  /** Looks for work at once instead of at the next poll. */
  wake: () => void
  /** Takes no new work, waits a little for what runs, gives the rest back. */
  stop: () => Promise<void>
}

/** Runs the jobs of the database until it is stopped. Several workers, also in other processes, share them. */
export function createWorker(options: WorkerOptions): JobWorker {
  const id = randomUUID()
  const running = new Map<JobKind, Set<Promise<void>>>()
  const stopping = new AbortController()
  let loop: Promise<void> | null = null
  let wakeUp: (() => void) | null = null

  const wake = () => wakeUp?.()

  const freeKinds = (): JobKind[] =>
    (Object.keys(options.handlers) as JobKind[]).filter(
      (kind) =>
        (running.get(kind)?.size ?? 0) < options.handlers[kind].concurrency * options.workers,
    )

  const claimNext = async (): Promise<ClaimedJob | null> => {
    const kinds = freeKinds()
    if (kinds.length === 0) return null
    const { database, clock } = options
    return claimJob(database.writer, { worker: id, kinds, now: clock(), leaseMs: LEASE_MS })
  }

  const launch = (job: ClaimedJob) => {
    const kind = job.kind as JobKind
    const active = running.get(kind) ?? new Set()
    running.set(kind, active)
    const work = runJob({ ...options, job, stopping: stopping.signal }).finally(() => {
      active.delete(work)
      wake()
    })
    active.add(work)
  }

  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, POLL_MS)
      wakeUp = () => {
        clearTimeout(timer)
        resolve()
      }
    })

  const run = async () => {
    while (!stopping.signal.aborted) {
      try {
        const job = await claimNext()
        if (job) launch(job)
        else await pause()
      } catch (error) {
        options.log.error({ err: error }, 'The queue could not be read; trying again')
        await pause()
      }
    }
  }

  return {
    start: () => {
      loop ??= run()
    },
    wake,
    stop: async () => {
      stopping.abort()
      wake()
      await loop
      const unfinished = [...running.values()].flatMap((active) => [...active])
      await Promise.race([Promise.all(unfinished), delay(STOP_GRACE_MS)])
      await releaseAllJobs(options.database.writer, id)
    },
  }
}

type Run = WorkerOptions & { job: ClaimedJob; stopping: AbortSignal }

/** Runs one claimed job to its end, its retry, or its burial. Never throws. */
async function runJob(run: Run): Promise<void> {
  const { handlers, log, job } = run
  const kind = job.kind as JobKind
  const handler = handlers[kind] as JobHandler<JobKind>
  const parsed = parsePayload(kind, job.payload)
  try {
    if (!parsed.ok) await buryUnreadable(run, parsed.message)
    else await tryJob({ ...run, handler, payload: parsed.payload })
  } catch (error) {
    log.error({ err: error, job: job.id }, 'A failed job stays leased')
  }
}

/** Nothing can be told to the handler about work whose payload is unknown, not even that it is given up. */
async function buryUnreadable({ database, clock, log, job }: Run, error: string): Promise<void> {
  log.error({ kind: job.kind, subject: job.subject, error }, 'A job cannot be read')
  await database.transaction((trx) => buryJob(trx, { job, error, now: clock() }))
}

type Try = Run & { handler: JobHandler<JobKind>; payload: JobPayloads[JobKind] }

async function tryJob(attempt: Try): Promise<void> {
  const { database, handler, log, job, payload, stopping } = attempt
  if (job.attempt > handler.maxAttempts) {
    const message = `The server process died or froze while it did this work, at try ${handler.maxAttempts} of ${handler.maxAttempts}.`
    log.error({ kind: job.kind, subject: job.subject, attempt: job.attempt }, message)
    await giveUp(attempt, message)
    return
  }
  const lease = holdLease(attempt)
  const signal = AbortSignal.any([stopping, lease.lost])
  try {
    await handler.run(payload, { signal })
    await completeJob(database.writer, job)
  } catch (error) {
    // Interrupted by our own shutdown, when the lease goes back and the try does not count; or another claim's job.
    if (!signal.aborted) await settleFailure(attempt, error)
  } finally {
    lease.stop()
  }
}

/** Extends the lease of a job until `stop`; `lost` aborts once it is another claim's, as after a long sleep. */
function holdLease({ database, clock, log, job }: Run): { lost: AbortSignal; stop: () => void } {
  const losing = new AbortController()
  const extend = async () => {
    try {
      const leaseUntil = clock() + LEASE_MS
      if (await extendLease(database.writer, { job, leaseUntil })) return
      stop()
      log.warn({ kind: job.kind, subject: job.subject }, 'The lease of a running job was lost')
      losing.abort(new Error('The lease of this job was lost'))
    } catch (error) {
      log.warn({ err: error, job: job.id }, 'A lease could not be extended')
    }
  }
  const heartbeat = setInterval(() => void extend(), HEARTBEAT_MS)
  const stop = () => clearInterval(heartbeat)
  return { lost: losing.signal, stop }
}

async function settleFailure(attempt: Try, error: unknown): Promise<void> {
  const { database, handler, clock, log, job } = attempt
  const message = error instanceof Error ? error.message : String(error)
  const isFinal = error instanceof PermanentFailure || job.attempt >= handler.maxAttempts
  log.warn(
    { err: error, kind: job.kind, subject: job.subject, attempt: job.attempt },
    'A job failed',
  )
  if (isFinal) {
    await giveUp(attempt, message)
    return
  }
  const runAt = clock() + retryDelayMs({ handler, attempt: job.attempt, random: Math.random() })
  await retryJob(database.writer, { job, error: message, runAt })
}

async function giveUp({ database, handler, clock, job, payload }: Try, message: string) {
  await database.transaction(async (trx) => {
    const isBuried = await buryJob(trx, { job, error: message, now: clock() })
    if (isBuried) await handler.onGivenUp(trx, { payload, message })
  })
}

/** Whole milliseconds that double with each attempt; the jitter of ± 25 % keeps calls that failed together from returning together. */
export function retryDelayMs({
  handler,
  attempt,
  random,
}: {
  handler: Pick<JobHandler<JobKind>, 'firstRetryMs'>
  attempt: number
  random: number
}): number {
  return Math.round(handler.firstRetryMs * 2 ** (attempt - 1) * (0.75 + random * 0.5))
}

function delay(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
