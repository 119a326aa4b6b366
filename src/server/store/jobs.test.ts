import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { type Database, openDatabase } from './database.ts'
import {
  buryJob,
  type ClaimedJob,
  claimJobs,
  completeJob,
  deleteJobsAbout,
  enqueueJob,
  enqueueJobUnlessWaiting,
  extendLease,
  findDueJob,
  listDeadJobs,
  queueDepths,
  releaseAllJobs,
  requeueDeadJob,
  retryJob,
} from './jobs.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let database: Database

beforeEach(async () => {
  folder = await temporaryFolder()
  database = await openDatabase({ dataDir: folder.path })
})

afterEach(async () => {
  await database.close()
  await folder[Symbol.asyncDispose]()
})

const LEASE_MS = 100

const ask = (
  subject: string,
  { runAt = 0, payload = {} }: { runAt?: number; payload?: object } = {},
) => enqueueJob(database.writer, { kind: 'k', subject, payload, runAt, now: 0 })

const claimSome = (limit: number, { now = 0, worker = 'me' } = {}) =>
  claimJobs(database.writer, { worker, kind: 'k', now, leaseMs: LEASE_MS, limit })

async function claim(now: number, worker = 'me'): Promise<ClaimedJob | null> {
  const [job = null] = await claimSome(1, { now, worker })
  return job
}

async function claimed(now = 0): Promise<ClaimedJob> {
  const job = await claim(now)
  if (job === null) throw new Error('there is no job to claim')
  return job
}

const rows = () => database.reader.selectFrom('job').selectAll().orderBy('id').execute()

describe('findDueJob', () => {
  const due = (now: number, ...kinds: string[]) => findDueJob(database.reader, { kinds, now })

  it('is the one that has waited longest and is free, of the kinds asked for', async () => {
    await ask('a', { runAt: 20 })
    await enqueueJob(database.writer, { kind: 'o', subject: 'b', payload: {}, runAt: 30, now: 0 })
    expect(await due(19, 'k', 'o')).toBeNull()
    expect(await due(30, 'k', 'o')).toEqual({ kind: 'k', isFirstTry: true })
    expect(await due(30, 'o')).toEqual({ kind: 'o', isFirstTry: true })
    await claimed(30)
    expect(await due(30, 'k', 'o')).toEqual({ kind: 'o', isFirstTry: true })
    expect(await due(30 + LEASE_MS, 'k')).toBeNull()
    expect(await due(31 + LEASE_MS, 'k')).toEqual({ kind: 'k', isFirstTry: false })
  })
})

describe('claimJobs', () => {
  it('takes as many as asked for, those that have waited longest, each leased', async () => {
    for (const [index, subject] of ['d', 'b', 'a', 'c'].entries())
      await ask(subject, { runAt: 9 - index })
    const first = await claimSome(3, { now: 9 })
    expect(first.map(({ subject }) => subject).sort()).toEqual(['a', 'b', 'c'])
    for (const job of first) expect(await completeJob(database.writer, job)).toBe(true)
    expect(await claimSome(3, { now: 9 })).toMatchObject([{ subject: 'd', attempt: 1 }])
    expect(await claimSome(3, { now: 9 })).toEqual([])
  })

  it('takes no two together of which one was tried before', async () => {
    for (const subject of ['a', 'b', 'c']) await ask(subject)
    await claimSome(2)
    await ask('d')
    const now = LEASE_MS + 1
    const together = await claimSome(9, { now })
    expect(together.map(({ subject }) => subject).sort()).toEqual(['c', 'd'])
    expect(await claimSome(1, { now })).toMatchObject([{ subject: 'a', attempt: 2 }])
    expect(await claimSome(1, { now })).toMatchObject([{ subject: 'b', attempt: 2 }])
  })

  it('takes what has waited longest, of the kind asked for, and nothing before its time', async () => {
    await ask('late', { runAt: 50 })
    await ask('second', { runAt: 20 })
    await ask('first', { runAt: 10, payload: { a: [1] } })
    await enqueueJob(database.writer, {
      kind: 'other',
      subject: 'x',
      payload: {},
      runAt: 0,
      now: 0,
    })
    expect(await claim(30)).toMatchObject({ subject: 'first', attempt: 1, payload: '{"a":[1]}' })
    expect(await claim(30)).toMatchObject({ subject: 'second' })
    expect(await claim(30)).toBeNull()
    expect(await claim(50)).toMatchObject({ subject: 'late' })
  })

  it('leaves a leased job alone until the lease is over, then counts a further try', async () => {
    await ask('a')
    await claimed(0)
    expect(await claim(LEASE_MS, 'other')).toBeNull()
    expect(await claim(LEASE_MS + 1, 'other')).toMatchObject({ attempt: 2 })
  })

  it('gives one job to one of many that ask at once', async () => {
    for (let index = 0; index < 5; index++) await ask(`s${index}`)
    const claims = await Promise.all(
      Array.from({ length: 20 }, (_, index) => claim(0, `o${index}`)),
    )
    const subjects = claims.flatMap((job) => job?.subject ?? [])
    expect(subjects.sort()).toEqual(['s0', 's1', 's2', 's3', 's4'])
  })
})

describe('extendLease', () => {
  it('keeps the job, and says when it is another’s already', async () => {
    await ask('a')
    const job = await claimed(0)
    expect(await extendLease(database.writer, { job, leaseUntil: 500 })).toBe(true)
    expect(await claim(400, 'other')).toBeNull()
    expect(await claim(501, 'other')).not.toBeNull()
    expect(await extendLease(database.writer, { job, leaseUntil: 900 })).toBe(false)
  })
})

describe('asking again', () => {
  it('gives a waiting job the new payload and time, from its first try', async () => {
    await ask('a', { runAt: 10, payload: { v: 1 } })
    const job = await claimed(10)
    await retryJob(database.writer, { job, error: 'no', runAt: 1000 })
    await ask('a', { runAt: 20, payload: { v: 2 } })
    expect(await rows()).toHaveLength(1)
    expect(await claim(20)).toMatchObject({ payload: '{"v":2}', attempt: 1 })
  })

  it('leaves a waiting job as it is where only its presence matters', async () => {
    await ask('a', { runAt: 10, payload: { v: 1 } })
    const job = { kind: 'k', subject: 'a', payload: { v: 2 }, runAt: 0, now: 0 }
    await enqueueJobUnlessWaiting(database.writer, job)
    expect(await claim(9)).toBeNull()
    expect(await claim(10)).toMatchObject({ payload: '{"v":1}' })
  })

  it('runs a leased job once more, even where only its presence matters', async () => {
    await ask('a', { payload: { v: 1 } })
    const job = await claimed()
    const again = { kind: 'k', subject: 'a', payload: { v: 2 }, runAt: 7, now: 5 }
    await enqueueJobUnlessWaiting(database.writer, again)
    expect(await completeJob(database.writer, job)).toBe(false)
    expect(await claim(6)).toBeNull()
    const newer = await claimed(7)
    expect(newer).toMatchObject({ payload: '{"v":2}', attempt: 1 })
    expect(await completeJob(database.writer, newer)).toBe(true)
    expect(await rows()).toEqual([])
  })

  it('survives the end of the older request: done, failed or buried', async () => {
    for (const end of ['done', 'failed', 'buried'] as const) {
      await ask(end, { payload: { v: 1 } })
      const job = await claimed()
      await ask(end, { payload: { v: 2 } })
      if (end === 'done') expect(await completeJob(database.writer, job)).toBe(false)
      if (end === 'failed') {
        await retryJob(database.writer, { job, error: 'no', runAt: 1e9 })
      }
      if (end === 'buried') {
        const burial = { job, error: 'no', now: 0 }
        expect(await buryJob(database.writer, burial)).toBe(false)
      }
      // The retry's far time and reason are about the older request.
      const newer = await claimed()
      expect(newer).toMatchObject({ payload: '{"v":2}', attempt: 1 })
      expect(await completeJob(database.writer, newer)).toBe(true)
    }
    expect(await listDeadJobs(database.reader)).toEqual([])
    expect(await rows()).toEqual([])
  })
})

describe('a claim whose lease is lost', () => {
  it.each(['other', 'me'])('changes nothing any more; the job is now of %s', async (worker) => {
    await ask('a')
    const job = await claimed(0)
    const newer = await claim(LEASE_MS + 1, worker)
    expect(await completeJob(database.writer, job)).toBe(false)
    expect(await buryJob(database.writer, { job, error: 'no', now: 0 })).toBe(false)
    expect(await extendLease(database.writer, { job, leaseUntil: 1e9 })).toBe(false)
    await retryJob(database.writer, { job, error: 'no', runAt: 7 })
    expect(await rows()).toMatchObject([
      { lease_owner: newer?.lease, lease_until: 2 * LEASE_MS + 1, attempts: 2, run_at: 0 },
    ])
    expect(await listDeadJobs(database.reader)).toEqual([])
  })
})

describe('releaseAllJobs', () => {
  it('gives back a worker’s jobs with the try uncounted, and no one else’s', async () => {
    await ask('a')
    await ask('b')
    await claim(0, 'me')
    await claim(0, 'other')
    await releaseAllJobs(database.writer, 'me')
    expect(await rows()).toMatchObject([
      { subject: 'a', attempts: 0, lease_owner: null, lease_until: null },
      { subject: 'b', attempts: 1, lease_owner: expect.stringMatching(/^other:/) },
    ])
  })

  it('gives back what was asked for again while it ran with no try counted, not fewer', async () => {
    await ask('a')
    await claim(0)
    await ask('a')
    await releaseAllJobs(database.writer, 'me')
    expect(await rows()).toMatchObject([{ attempts: 0, lease_owner: null }])
  })
})

describe('dead letters', () => {
  /** A letter of the kind `k` about each subject. */
  async function buryAll(...subjects: string[]) {
    for (const subject of subjects) {
      await ask(subject)
      await buryJob(database.writer, { job: await claimed(), error: 'no', now: 0 })
    }
  }

  const letters = async () =>
    (await listDeadJobs(database.reader)).map(({ kind, subject }) => `${kind} ${subject}`)

  it('go when the same work is asked for anew, and only then', async () => {
    await buryAll('a', 'b', 'c')
    const request = { payload: {}, runAt: 0, now: 0 }
    await enqueueJob(database.writer, { ...request, kind: 'k', subject: 'a' })
    await enqueueJobUnlessWaiting(database.writer, { ...request, kind: 'k', subject: 'b' })
    await enqueueJob(database.writer, { ...request, kind: 'other', subject: 'c' })
    expect(await letters()).toEqual(['k c'])
  })

  it('go when the same work succeeds, and are replaced when it fails again', async () => {
    await ask('a')
    const job = await claimed()
    // A letter beside a waiting job, as versions before this rule left them.
    const old = { kind: 'k', payload: '{}', attempts: 1, error: 'old', failed_at: 0 }
    const letter = (subject: string) =>
      database.writer
        .insertInto('dead_job')
        .values({ ...old, subject })
        .execute()
    await letter('a')
    await letter('b')
    await completeJob(database.writer, job)
    expect(await letters()).toEqual(['k b'])

    await ask('a')
    const failing = await claimed()
    await letter('a')
    await buryJob(database.writer, { job: failing, error: 'new', now: 5 })
    expect(await listDeadJobs(database.reader)).toMatchObject([
      { subject: 'a', error: 'new' },
      { subject: 'b', error: 'old' },
    ])
  })

  it('are listed newest first and go back in line from their first try', async () => {
    for (const subject of ['a', 'b']) {
      await ask(subject, { payload: { subject } })
      const job = await claimed()
      const burial = { job, error: `${subject} failed`, now: 5 }
      expect(await buryJob(database.writer, burial)).toBe(true)
    }
    const letters = await listDeadJobs(database.reader)
    expect(letters.map(({ subject, error, failedAt }) => [subject, error, failedAt])).toEqual([
      ['b', 'b failed', 5],
      ['a', 'a failed', 5],
    ])
    const id = letters[1]?.id ?? 0
    expect(await requeueDeadJob(database.writer, { id, now: 9 })).toBe(true)
    expect(await claim(8)).toBeNull()
    expect(await claim(9)).toMatchObject({ subject: 'a', attempt: 1, payload: '{"subject":"a"}' })
  })
})

describe('work about a subject', () => {
  it('can be counted and removed, dead letters too', async () => {
    await ask('call:1', { runAt: 3 })
    await ask('call:2', { runAt: 1000 })
    const job = await claimed(3)
    expect(job.subject).toBe('call:1')
    await buryJob(database.writer, { job, error: 'no', now: 3 })
    expect(await queueDepths(database.reader)).toEqual([{ kind: 'k', waiting: 1 }])
    await deleteJobsAbout(database.writer, 'call:1')
    expect(await listDeadJobs(database.reader)).toEqual([])
    expect(await rows()).toMatchObject([{ subject: 'call:2' }])
  })

  it('is removed with its parts, and not that about a subject that begins alike', async () => {
    await ask('call:1/run:4', { runAt: 3 })
    const job = await claimed(3)
    await buryJob(database.writer, { job, error: 'no', now: 3 })
    await ask('call:1/run:5', { runAt: 1000 })
    await ask('call:12', { runAt: 1000 })
    await ask('call:12/run:5', { runAt: 1001 })
    await deleteJobsAbout(database.writer, 'call:1')
    expect(await listDeadJobs(database.reader)).toEqual([])
    expect(await rows()).toMatchObject([{ subject: 'call:12' }, { subject: 'call:12/run:5' }])
  })
})
