import { randomUUID } from 'node:crypto'
import type {
  Expression,
  ExpressionBuilder,
  OnConflictDatabase,
  OnConflictTables,
  SqlBool,
} from 'kysely'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

export type NewJob = {
  kind: string
  /** What the work is about, such as `call:17`. One job per kind and subject waits at a time. */
  subject: string
  payload: unknown
  runAt: number
  now: number
}

export type ClaimedJob = {
  id: number
  kind: string
  subject: string
  /** JSON as it was stored: it may be of another version, or damaged. */
  payload: string
  /** 1 on the first try. */
  attempt: number
  generation: number
  /** Of this one claim of this job: whoever claims the job later, the same worker too, has another. */
  lease: string
}

export type DeadJob = {
  id: number
  kind: string
  subject: string
  attempts: number
  error: string
  failedAt: number
}

/**
 * Asks for work, in the caller's transaction. A waiting job for the same subject takes the new payload
 * and time; one that runs at this moment runs once more afterwards. The subject's dead letter goes.
 */
export async function enqueueJob(db: Connection, job: NewJob): Promise<void> {
  await putInLine(db, toRow(job))
}

/**
 * As `enqueueJob`, but a job that waits for the same subject stays as it is, with its own time. A leased one
 * may have read its data before this request, so it runs once more.
 */
export async function enqueueJobUnlessWaiting(db: Connection, job: NewJob): Promise<void> {
  await db
    .insertInto('job')
    .values(toRow(job))
    .onConflict((conflict) =>
      conflict
        .columns(['kind', 'subject'])
        .doUpdateSet(askedAgain)
        .where('job.lease_owner', 'is not', null),
    )
    .execute()
  await deleteDeadJobs(db, job)
}

async function putInLine(db: Connection, row: ReturnType<typeof toRow>): Promise<void> {
  await db
    .insertInto('job')
    .values(row)
    .onConflict((conflict) => conflict.columns(['kind', 'subject']).doUpdateSet(askedAgain))
    .execute()
  await deleteDeadJobs(db, row)
}

type Conflict = ExpressionBuilder<OnConflictDatabase<Tables, 'job'>, OnConflictTables<'job'>>

function askedAgain(eb: Conflict) {
  return {
    payload: eb.ref('excluded.payload'),
    run_at: eb.ref('excluded.run_at'),
    attempts: 0,
    generation: eb('job.generation', '+', 1),
  }
}

/** Work that was asked for anew, or is done, needs nobody's attention any more. */
async function deleteDeadJobs(
  db: Connection,
  { kind, subject }: { kind: string; subject: string },
): Promise<void> {
  await db.deleteFrom('dead_job').where('kind', '=', kind).where('subject', '=', subject).execute()
}

/** The job that has waited longest, of the kinds asked for; null if none is due. An expired lease counts as no lease. */
export async function findDueJob(
  db: Connection,
  { kinds, now }: { kinds: readonly string[]; now: number },
): Promise<{ kind: string; isFirstTry: boolean } | null> {
  const row = await db
    .selectFrom('job')
    .select(['kind', 'attempts'])
    .where('kind', 'in', kinds)
    .where((eb) => isDue(eb, now))
    .orderBy('run_at')
    .orderBy('id')
    .limit(1)
    .executeTakeFirst()
  return row ? { kind: row.kind, isFirstTry: row.attempts === 0 } : null
}

/**
 * Leases up to `limit` due jobs of a kind, those that have waited longest, in no particular order; empty if none is
 * due. More than one are leased together only at their first try: of work that once took the process with it nobody
 * knows which job it was, and the others must not use up their tries with it.
 */
export async function claimJobs(
  db: Connection,
  claim: { worker: string; kind: string; now: number; leaseMs: number; limit: number },
): Promise<ClaimedJob[]> {
  const lease = `${claim.worker}:${randomUUID()}`
  const rows = await db
    .updateTable('job')
    .set((eb) => ({
      lease_owner: lease,
      lease_until: claim.now + claim.leaseMs,
      attempts: eb('attempts', '+', 1),
    }))
    .where('id', 'in', (eb) =>
      eb
        .selectFrom('job')
        .select('id')
        .where('kind', '=', claim.kind)
        .where((inner) => isDue(inner, claim.now))
        .$if(claim.limit > 1, (query) => query.where('attempts', '=', 0))
        .orderBy('run_at')
        .orderBy('id')
        .limit(claim.limit),
    )
    .returning(['id', 'kind', 'subject', 'payload', 'attempts', 'generation'])
    .execute()
  return rows.map(({ attempts, ...row }) => ({ ...row, attempt: attempts, lease }))
}

function isDue(eb: ExpressionBuilder<Tables, 'job'>, now: number): Expression<SqlBool> {
  const isFree = eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)])
  return eb.and([eb('run_at', '<=', now), isFree])
}

/** Keeps a lease alive while long work goes on. False if it was lost to another claim, or the job is gone. */
export async function extendLease(
  db: Connection,
  { job, leaseUntil }: { job: ClaimedJob; leaseUntil: number },
): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({ lease_until: leaseUntil })
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.lease)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/**
 * Removes finished work. False if it was asked for again meanwhile, when the newer request stays and is free, or
 * if the lease was lost to another claim.
 */
export async function completeJob(db: Connection, job: ClaimedJob): Promise<boolean> {
  const result = await db
    .deleteFrom('job')
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.lease)
    .where('generation', '=', job.generation)
    .executeTakeFirst()
  if (result.numDeletedRows === 0n) {
    await releaseJob(db, job)
    return false
  }
  await deleteDeadJobs(db, job)
  return true
}

/** Brings work that waits for its time to now: of one kind, whose subject ends so. */
export async function hastenJobs(
  db: Connection,
  { kind, subjectEnd, now }: { kind: string; subjectEnd: string; now: number },
): Promise<void> {
  await db
    .updateTable('job')
    .set({ run_at: now })
    .where('kind', '=', kind)
    .where('subject', 'like', `%${subjectEnd}`)
    .where('run_at', '>', now)
    .execute()
}

async function releaseJob(db: Connection, job: ClaimedJob): Promise<void> {
  await db
    .updateTable('job')
    .set({ lease_owner: null, lease_until: null })
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.lease)
    .execute()
}

/** Gives back everything a worker holds, with the interrupted attempt not counted. Called on shutdown. */
export async function releaseAllJobs(db: Connection, worker: string): Promise<void> {
  await db
    .updateTable('job')
    .set((eb) => ({
      lease_owner: null,
      lease_until: null,
      // Work that was asked for again while it ran stands at 0 already.
      attempts: eb
        .case()
        .when('attempts', '>', 0)
        .then(eb('attempts', '-', 1))
        .else(0)
        .end(),
    }))
    .where('lease_owner', 'like', `${worker}:%`)
    .execute()
}

/** Puts failed work back for a later try. */
export async function retryJob(
  db: Connection,
  { job, error, runAt }: { job: ClaimedJob; error: string; runAt: number },
): Promise<void> {
  await db
    .updateTable('job')
    .set({ run_at: runAt, last_error: error })
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.lease)
    .where('generation', '=', job.generation)
    .execute()
  await releaseJob(db, job)
}

/** Moves work that failed for good to the dead letters. False, with no letter, where `completeJob` is false. */
export async function buryJob(
  db: Connection,
  { job, error, now }: { job: ClaimedJob; error: string; now: number },
): Promise<boolean> {
  if (!(await completeJob(db, job))) return false
  await db
    .insertInto('dead_job')
    .values({
      kind: job.kind,
      subject: job.subject,
      payload: job.payload,
      attempts: job.attempt,
      error,
      failed_at: now,
    })
    .execute()
  return true
}

/** Dead letters, newest first, at most 100. */
export async function listDeadJobs(db: Connection): Promise<DeadJob[]> {
  const rows = await db
    .selectFrom('dead_job')
    .select(['id', 'kind', 'subject', 'attempts', 'error', 'failed_at'])
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
  return rows.map(({ failed_at, ...row }) => ({ ...row, failedAt: failed_at }))
}

/** Those of the given subjects about which work of a kind waits or runs; with `dueBy` only work that is due by then. */
export async function listSubjectsAtWork(
  db: Connection,
  { kind, subjects, dueBy }: { kind: string; subjects: readonly string[]; dueBy?: number },
): Promise<Set<string>> {
  if (subjects.length === 0) return new Set()
  let query = db
    .selectFrom('job')
    .select('subject')
    .where('kind', '=', kind)
    .where('subject', 'in', subjects)
  if (dueBy !== undefined) query = query.where('run_at', '<=', dueBy)
  const rows = await query.execute()
  return new Set(rows.map((row) => row.subject))
}

/** Puts a dead letter back in line from its first attempt. False if there is no such letter. */
export async function requeueDeadJob(
  db: Connection,
  { id, now }: { id: number; now: number },
): Promise<boolean> {
  const row = await db
    .deleteFrom('dead_job')
    .where('id', '=', id)
    .returning(['kind', 'subject', 'payload'])
    .executeTakeFirst()
  if (!row) return false
  await putInLine(db, { ...FRESH, ...row, run_at: now, created_at: now })
  return true
}

/** Removes waiting and dead work about a subject and its parts: about `call:1` and `call:1/run:2`, not `call:12`. */
export async function deleteJobsAbout(db: Connection, subject: string): Promise<void> {
  for (const table of ['job', 'dead_job'] as const) {
    await db
      .deleteFrom(table)
      .where((eb) => eb.or([eb('subject', '=', subject), eb('subject', 'like', `${subject}/%`)]))
      .execute()
  }
}

export type QueueDepth = { kind: string; waiting: number }

/** How many jobs of each kind wait or run. */
export async function queueDepths(db: Connection): Promise<QueueDepth[]> {
  const rows = await db
    .selectFrom('job')
    .select(['kind', ({ fn }) => fn.countAll<number>().as('waiting')])
    .groupBy('kind')
    .orderBy('kind')
    .execute()
  return rows.map((row) => ({ kind: row.kind, waiting: Number(row.waiting) }))
}

/** True if more than `limit` jobs of a kind could run now or do. */
export async function hasManyDueJobs(
  db: Connection,
  { kind, now, limit }: { kind: string; now: number; limit: number },
): Promise<boolean> {
  const row = await db
    .selectFrom('job')
    .select('id')
    .where('kind', '=', kind)
    .where('run_at', '<=', now)
    .orderBy('run_at')
    .limit(1)
    .offset(limit)
    .executeTakeFirst()
  return row !== undefined
}

const FRESH = {
  attempts: 0,
  generation: 1,
  lease_owner: null,
  lease_until: null,
  last_error: null,
}

function toRow(job: NewJob) {
  return {
    ...FRESH,
    kind: job.kind,
    subject: job.subject,
    payload: JSON.stringify(job.payload),
    run_at: job.runAt,
    created_at: job.now,
  }
}
