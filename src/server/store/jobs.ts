import type { Connection } from './database.ts'

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
  payload: unknown
  /** 1 on the first try. */
  attempt: number
  generation: number
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
 * and time; one that runs at this moment runs once more afterwards.
 */
export async function enqueueJob(db: Connection, job: NewJob): Promise<void> {
  await db
    .insertInto('job')
    .values(toRow(job))
    .onConflict((conflict) =>
      conflict.columns(['kind', 'subject']).doUpdateSet((eb) => ({
        payload: eb.ref('excluded.payload'),
        run_at: eb.ref('excluded.run_at'),
        attempts: 0,
        generation: eb('job.generation', '+', 1),
      })),
    )
    .execute()
}

/** As `enqueueJob`, but a job that waits for the same subject stays as it is, with its own time. */
export async function enqueueJobUnlessWaiting(db: Connection, job: NewJob): Promise<void> {
  await db
    .insertInto('job')
    .values(toRow(job))
    .onConflict((conflict) => conflict.columns(['kind', 'subject']).doNothing())
    .execute()
}

/** Leases the job that has waited longest; null if none is due. An expired lease counts as no lease. */
export async function claimJob(
  db: Connection,
  claim: { owner: string; kinds: readonly string[]; now: number; leaseMs: number },
): Promise<ClaimedJob | null> {
  const row = await db
    .updateTable('job')
    .set((eb) => ({
      lease_owner: claim.owner,
      lease_until: claim.now + claim.leaseMs,
      attempts: eb('attempts', '+', 1),
    }))
    .where('id', '=', (eb) =>
      eb
        .selectFrom('job')
        .select('id')
        .where('run_at', '<=', claim.now)
        .where('kind', 'in', claim.kinds)
        .where(({ or, eb: inner }) =>
          or([inner('lease_until', 'is', null), inner('lease_until', '<', claim.now)]),
        )
        .orderBy('run_at')
        .orderBy('id')
        .limit(1),
    )
    .returning(['id', 'kind', 'subject', 'payload', 'attempts', 'generation'])
    .executeTakeFirst()
  if (!row) return null
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    payload: JSON.parse(row.payload) as unknown,
    attempt: row.attempts,
    generation: row.generation,
  }
}

/** Keeps a lease alive while long work goes on. False if it was lost to another owner. */
export async function extendLease(
  db: Connection,
  lease: { id: number; owner: string; leaseUntil: number },
): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({ lease_until: lease.leaseUntil })
    .where('id', '=', lease.id)
    .where('lease_owner', '=', lease.owner)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/**
 * Removes finished work. False if it was asked for again meanwhile, when the newer request stays and is free, or
 * if the lease was lost to another owner.
 */
export async function completeJob(
  db: Connection,
  { job, owner }: { job: ClaimedJob; owner: string },
): Promise<boolean> {
  const result = await db
    .deleteFrom('job')
    .where('id', '=', job.id)
    .where('lease_owner', '=', owner)
    .where('generation', '=', job.generation)
    .executeTakeFirst()
  if (result.numDeletedRows > 0n) return true
  await releaseJob(db, { id: job.id, owner })
  return false
}

/** Gives a leased job back as it was. */
export async function releaseJob(
  db: Connection,
  { id, owner }: { id: number; owner: string },
): Promise<void> {
  await db
    .updateTable('job')
    .set({ lease_owner: null, lease_until: null })
    .where('id', '=', id)
    .where('lease_owner', '=', owner)
    .execute()
}

/** Gives back everything an owner holds, with the interrupted attempt not counted. Called on shutdown. */
export async function releaseAllJobs(db: Connection, owner: string): Promise<void> {
  await db
    .updateTable('job')
    .set((eb) => ({ lease_owner: null, lease_until: null, attempts: eb('attempts', '-', 1) }))
    .where('lease_owner', '=', owner)
    .execute()
}

/** Puts failed work back for a later try. */
export async function retryJob(
  db: Connection,
  retry: { job: ClaimedJob; owner: string; error: string; runAt: number },
): Promise<void> {
  await db
    .updateTable('job')
    .set({ run_at: retry.runAt, last_error: retry.error })
    .where('id', '=', retry.job.id)
    .where('lease_owner', '=', retry.owner)
    .where('generation', '=', retry.job.generation)
    .execute()
  await releaseJob(db, { id: retry.job.id, owner: retry.owner })
}

/** Moves work that failed for good to the dead letters. False, with no letter, where `completeJob` is false. */
export async function buryJob(
  db: Connection,
  { job, owner, error, now }: { job: ClaimedJob; owner: string; error: string; now: number },
): Promise<boolean> {
  if (!(await completeJob(db, { job, owner }))) return false
  await db
    .insertInto('dead_job')
    .values({
      kind: job.kind,
      subject: job.subject,
      payload: JSON.stringify(job.payload),
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
  const payload = JSON.parse(row.payload) as unknown
  await enqueueJob(db, { kind: row.kind, subject: row.subject, payload, runAt: now, now })
  return true
}

/** Removes waiting and dead work about a subject. */
export async function deleteJobsAbout(db: Connection, subject: string): Promise<void> {
  await db.deleteFrom('job').where('subject', '=', subject).execute()
  await db.deleteFrom('dead_job').where('subject', '=', subject).execute()
}

/** Lets a waiting job start at once. False if none waits. */
export async function hastenJob(
  db: Connection,
  { kind, subject, now }: { kind: string; subject: string; now: number },
): Promise<boolean> {
  const result = await db
    .updateTable('job')
    .set({ run_at: now })
    .where('kind', '=', kind)
    .where('subject', '=', subject)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
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

function toRow(job: NewJob) {
  return {
    kind: job.kind,
    subject: job.subject,
    payload: JSON.stringify(job.payload),
    run_at: job.runAt,
    attempts: 0,
    generation: 1,
    lease_owner: null,
    lease_until: null,
    last_error: null,
    created_at: job.now,
  }
}
