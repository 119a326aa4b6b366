import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Transaction } from 'kysely'
import type { Database } from '../store/database.ts'
import {
  buryJob,
  type ClaimedJob,
  claimJobs,
  completeJob,
  extendLease,
  findDueJob,
  releaseAllJobs,
  retryJob,
} from '../store/jobs.ts'
import type { Tables } from '../store/tables.ts'
import { type JobKind, type JobPayloads, parsePayload } from './job-kinds.ts'
import { PermanentFailure } from './permanent-failure.ts'

const LEASE_MS = 60_000
const HEARTBEAT_MS = 20_000
const POLL_MS = 500
const GATHER_MS = 50
const STOP_GRACE_MS = 5_000

/** How one kind of work is done. */
export type JobHandler<Kind extends JobKind> = JobRules<Kind> & (LoneWork<Kind> | BatchWork<Kind>)

type JobRules<Kind extends JobKind> = {
  /** How many jobs of this kind, or batches of them, one worker runs at the same time. */
  concurrency: number
  /** Tries that failed and tries that the process did not survive count alike. */
  maxAttempts: number
  /** The pause after the first failed try; it doubles with each further one. */
  firstRetryMs: number
  /** Runs with the burial in one transaction, so that a call never waits for work that is dead. */
  onGivenUp: (
    trx: Transaction<Tables>,
    failure: { payload: JobPayloads[Kind]; message: string },
  ) => Promise<void>
}

/** Work that takes its time or reaches outside. Must be safe to run twice: a crash repeats what was not finished. */
type LoneWork<Kind extends JobKind> = {
  run: (payload: JobPayloads[Kind], context: WorkContext) => Promise<void>
}

export type WorkContext = {
  /** Aborts when the worker stops, and when the lease went to another claim: nothing more may be written. */
  signal: AbortSignal
  /**
   * Ends the job in the transaction that keeps its result, so that a crash cannot repeat it. False: it was asked for
   * anew, or is another claim's; then the result is not to be kept.
   */
  complete: (trx: Transaction<Tables>) => Promise<boolean>
}

/** Short work on the database alone: what it writes and that it is done are kept together, so it is done once. */
type BatchWork<Kind extends JobKind> = {
  /** The most jobs that share one transaction: making a transaction durable costs more than such work itself. */
  batchSize: number
  runInTransaction: (trx: Transaction<Tables>, payload: JobPayloads[Kind]) => Promise<void>
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
  /** How long new work is left to gather before one looks, so that short work comes in batches; 50 by default. */
  gatherMs?: number
}

export type JobWorker = {
  start: () => void
  /** Looks for work in a moment instead of at the next poll. */
  wake: () => void
  /** Takes no new work, waits a little for what runs, gives the rest back. */
  stop: () => Promise<void>
}

/** Runs the jobs of the database until it is stopped. Several workers, also in other processes, share them. */
export function createWorker(options: WorkerOptions): JobWorker {
  const id = randomUUID()
  const { gatherMs = GATHER_MS } = options
  const running = new Map<JobKind, Set<Promise<void>>>()
  const stopping = new AbortController()
  let loop: Promise<void> | null = null
  /** In milliseconds of `performance.now`. */
  let nextLook = 0
  let rearm: (() => void) | null = null

  const lookWithin = (ms: number) => {
    const at = performance.now() + ms
    if (at >= nextLook) return
    nextLook = at
    rearm?.()
  }

  const freeKinds = (): JobKind[] =>
    (Object.keys(options.handlers) as JobKind[]).filter(
      (kind) =>
        (running.get(kind)?.size ?? 0) < options.handlers[kind].concurrency * options.workers,
    )

  /** Null if nothing is due that there is room for. */
  const claimNext = async (): Promise<Claim | null> => {
    const { database, handlers, clock } = options
    const kinds = freeKinds()
    const now = clock()
    // By the reader, which waits for nobody and writes nothing where nothing is due.
    const due = kinds.length === 0 ? null : await findDueJob(database.reader, { kinds, now })
    if (due === null) return null
    const kind = due.kind as JobKind
    const handler = handlers[kind]
    const limit = due.isFirstTry && 'batchSize' in handler ? handler.batchSize : 1
    const claim = { worker: id, kind, now, leaseMs: LEASE_MS, limit }
    return { kind, jobs: await claimJobs(database.writer, claim) }
  }

  const launch = ({ kind, jobs }: Claim) => {
    if (jobs.length === 0) return
    const active = running.get(kind) ?? new Set()
    running.set(kind, active)
    const work = runJobs({ ...options, stopping: stopping.signal }, { kind, jobs }).finally(() => {
      active.delete(work)
      lookWithin('batchSize' in options.handlers[kind] ? gatherMs : 0)
    })
    active.add(work)
  }

  const rest = () =>
    new Promise<void>((resolve) => {
      let timer: NodeJS.Timeout | undefined
      rearm = () => {
        clearTimeout(timer)
        const ms = nextLook - performance.now()
        if (ms <= 0) resolve()
        else timer = setTimeout(resolve, ms)
      }
      rearm()
    })

  const run = async () => {
    while (!stopping.signal.aborted) {
      nextLook = performance.now() + POLL_MS
      try {
        const claim = await claimNext()
        if (claim) launch(claim)
        else await rest()
        // The database answers without leaving this turn of the event loop: work that is all database would end in no
        // turn but this one, and requests would wait for the queue to be empty.
        await setImmediate()
      } catch (error) {
        options.log.error({ err: error }, 'The queue could not be read; trying again')
        await rest()
      }
    }
  }

  return {
    start: () => {
      loop ??= run()
    },
    wake: () => lookWithin(gatherMs),
    stop: async () => {
      stopping.abort()
      lookWithin(0)
      await loop
      const unfinished = [...running.values()].flatMap((active) => [...active])
      await Promise.race([Promise.all(unfinished), delay(STOP_GRACE_MS)])
      await releaseAllJobs(options.database.writer, id)
    },
  }
}

/** Jobs of one kind: more than one only where they are done together. */
type Claim = { kind: JobKind; jobs: readonly ClaimedJob[] }

type Run = WorkerOptions & { job: ClaimedJob; stopping: AbortSignal }

/** Runs claimed jobs to their end, their retry, or their burial. Never throws. */
async function runJobs(options: Omit<Run, 'job'>, { kind, jobs }: Claim): Promise<void> {
  const handler = options.handlers[kind] as JobHandler<JobKind>
  const tries: Try[] = []
  for (const job of jobs) {
    const run = { ...options, job }
    await leavingLeased(run, async () => {
      const parsed = parsePayload(kind, job.payload)
      if (!parsed.ok) await buryUnreadable(run, parsed.message)
      else if (job.attempt > handler.maxAttempts) await giveUpDeadly({ ...run, handler, ...parsed })
      else tries.push({ ...run, handler, payload: parsed.payload })
    })
  }
  if ('batchSize' in handler) await runBatch(handler, tries)
  else for (const attempt of tries) await leavingLeased(attempt, () => tryJob(handler, attempt))
}

async function leavingLeased({ log, job }: Run, work: () => Promise<void>): Promise<void> {
  try {
    await work()
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

async function giveUpDeadly(attempt: Try): Promise<void> {
  const { handler, log, job } = attempt
  const message = `The server process died or froze while it did this work, at try ${handler.maxAttempts} of ${handler.maxAttempts}.`
  log.error({ kind: job.kind, subject: job.subject, attempt: job.attempt }, message)
  await giveUp(attempt, message)
}

/** All in one transaction; if that fails, each in its own, so that only what failed is tried again. */
async function runBatch(work: BatchWork<JobKind>, tries: readonly Try[]): Promise<void> {
  const [first] = tries
  if (first === undefined) return
  const { database, log, stopping } = first
  try {
    await database.transaction((trx) => runTogether(trx, { work, tries }))
  } catch (error) {
    // Interrupted by our own shutdown, when the leases go back and the tries do not count.
    if (stopping.aborted) return
    if (tries.length === 1) {
      await leavingLeased(first, () => settleFailure(first, error))
      return
    }
    log.warn({ err: error, kind: first.job.kind, count: tries.length }, 'Of some jobs one failed')
    for (const attempt of tries) await runBatch(work, [attempt])
  }
}

async function runTogether(
  trx: Transaction<Tables>,
  { work, tries }: { work: BatchWork<JobKind>; tries: readonly Try[] },
): Promise<void> {
  for (const { job, payload } of tries) {
    // Else it was asked for anew and will run once more, or is another claim's.
    if (await completeJob(trx, job)) await work.runInTransaction(trx, payload)
  }
}

async function tryJob(work: LoneWork<JobKind>, attempt: Try): Promise<void> {
  const { database, job, payload, stopping } = attempt
  const lease = holdLease(attempt)
  const signal = AbortSignal.any([stopping, lease.lost])
  try {
    await setImmediate()
    await work.run(payload, { signal, complete: (trx) => completeJob(trx, job) })
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
