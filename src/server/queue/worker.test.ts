import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { sql } from 'kysely'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { startProgram } from '#testing/child-program.ts'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { until } from '#testing/until.ts'
import { type Database, openDatabase } from '../store/database.ts'
import { enqueueJob, listDeadJobs, queueDepths, requeueDeadJob } from '../store/jobs.ts'
import { callSubject, enqueue } from './job-kinds.ts'
import { PermanentFailure } from './permanent-failure.ts'
import { createWorker, type JobHandler, type JobHandlers, retryDelayMs } from './worker.ts'

const START = Date.UTC(2026, 0, 1)
const MINUTE_MS = 60_000
const WORKER = fileURLToPath(new URL('../../testing/run-worker.ts', import.meta.url))

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let database: Database
let now = START
let workers: ReturnType<typeof createWorker>[] = []

beforeEach(async () => {
  folder = await temporaryFolder()
  database = await openDatabase({ dataDir: folder.path })
  now = START
  workers = []
})

afterEach(async () => {
  for (const worker of workers) await worker.stop()
  await database.close()
  await folder[Symbol.asyncDispose]()
})

const unused = {
  concurrency: 1,
  maxAttempts: 1,
  firstRetryMs: 1,
  run: () => expect.unreachable('no job of this kind was asked for'),
  onGivenUp: () => expect.unreachable('no job of this kind was asked for'),
}

type Evaluation = Partial<JobHandler<'evaluate-call'>>

function startWorker(evaluation: Evaluation, { workers: count = 1 } = {}) {
  const handlers: JobHandlers = {
    'fetch-recording': unused,
    'prepare-recording': unused,
    'hear-recording': unused,
    'rename-calls': unused,
    'settle-bulk-action': unused,
    'bulk-action': unused,
    'judge-call': unused,
    'check-stability': unused,
    'evaluate-call': {
      concurrency: 2,
      maxAttempts: 3,
      firstRetryMs: 1000,
      run: async () => undefined,
      onGivenUp: async () => undefined,
      ...evaluation,
    },
  }
  const log = pino({ level: 'silent' })
  const worker = createWorker({ database, handlers, workers: count, clock: () => now, log })
  workers.push(worker)
  worker.start()
  return worker
}

const ask = (callId: number, runAt = now) =>
  database.transaction((trx) =>
    enqueue(trx, { kind: 'evaluate-call', payload: { callId }, now, runAt }),
  )

const jobs = () => database.reader.selectFrom('job').selectAll().orderBy('id').execute()

const isIdle = async () => (await jobs()).length === 0

describe('createWorker', () => {
  it('runs each job once and forgets it', async () => {
    const seen: number[] = []
    for (let callId = 1; callId <= 20; callId++) await ask(callId)
    startWorker({ run: async ({ callId }) => void seen.push(callId) })
    await until(isIdle)
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
  })

  it('keeps to the concurrency of a kind, times the number of workers', async () => {
    let running = 0
    let most = 0
    for (let callId = 1; callId <= 12; callId++) await ask(callId)
    startWorker(
      {
        run: async () => {
          most = Math.max(most, ++running)
          await new Promise((resolve) => setTimeout(resolve, 50))
          running--
        },
      },
      { workers: 2 },
    )
    await until(isIdle)
    expect(most).toBe(4) // concurrency 2 × 2 workers
  })

  it('leaves a turn of the event loop to requests after every job', async () => {
    for (let callId = 1; callId <= 30; callId++) await ask(callId)
    // How far the queue came in each turn of the loop.
    let done = 0
    let lastDone = 0
    let mostInOneTurn = 0
    let isWatching = true
    const watch = () => {
      mostInOneTurn = Math.max(mostInOneTurn, done - lastDone)
      lastDone = done
      if (isWatching) setImmediate(watch)
    }
    setImmediate(watch)
    startWorker({ run: async () => void done++ })
    await until(isIdle)
    isWatching = false
    expect(done).toBe(30)
    expect(mostInOneTurn).toBeLessThanOrEqual(2)
  })

  it('starts work at its time, not before', async () => {
    const seen: number[] = []
    await ask(1, START + 5 * MINUTE_MS)
    await ask(2)
    const worker = startWorker({ run: async ({ callId }) => void seen.push(callId) })
    await until(() => seen.length === 1)
    now = START + 5 * MINUTE_MS - 1
    await ask(3)
    worker.wake()
    await until(() => seen.length === 2)
    expect(seen).toEqual([2, 3])
    now = START + 5 * MINUTE_MS
    worker.wake()
    await until(isIdle)
    expect(seen).toEqual([2, 3, 1])
  })

  it('runs once more what is asked for again while it runs, however often', async () => {
    const release: (() => void)[] = []
    startWorker({ run: () => new Promise((resolve) => release.push(resolve)) })
    await ask(1)
    await until(() => release.length === 1)
    for (let times = 0; times < 3; times++) await ask(1)
    release[0]?.()
    await until(() => release.length === 2)
    release[1]?.()
    await until(isIdle)
    expect(release).toHaveLength(2)
  })

  it('tries again with doubled pauses, then buries the work with the last reason', async () => {
    const givenUp: string[] = []
    let attempts = 0
    const worker = startWorker({
      run: async () => {
        throw new Error(`attempt ${++attempts}`)
      },
      onGivenUp: async (_trx, { payload, message }) => {
        givenUp.push(`${payload.callId}: ${message}`)
      },
    })
    await ask(7)
    for (const attempt of [1, 2]) {
      worker.wake()
      await until(async () => (await jobs())[0]?.last_error === `attempt ${attempt}`)
      await until(async () => (await jobs())[0]?.lease_owner === null)
      const [job] = await jobs()
      // 1000 ms × 2^(attempt - 1), ± 25 %
      const pauseMs = (job?.run_at ?? 0) - now
      expect(pauseMs).toBeGreaterThanOrEqual(750 * attempt)
      expect(pauseMs).toBeLessThanOrEqual(1250 * attempt)
      now = job?.run_at ?? 0
    }
    worker.wake()
    await until(isIdle)
    expect(givenUp).toEqual(['7: attempt 3'])
    const letters = await listDeadJobs(database.reader)
    expect(letters).toMatchObject([
      { kind: 'evaluate-call', subject: 'call:7', attempts: 3, error: 'attempt 3', failedAt: now },
    ])

    const { id = 0 } = letters[0] ?? {}
    expect(await requeueDeadJob(database.writer, { id, now })).toBe(true)
    expect(await requeueDeadJob(database.writer, { id, now })).toBe(false)
    worker.wake()
    await until(async () => (await jobs())[0]?.last_error === 'attempt 4')
    expect(await jobs()).toMatchObject([{ attempts: 1, subject: 'call:7' }])
    expect(await listDeadJobs(database.reader)).toEqual([])
  })

  it('buries at once what no further try can mend', async () => {
    startWorker({
      run: async () => {
        throw new PermanentFailure('never')
      },
    })
    await ask(1)
    await until(isIdle)
    expect(await listDeadJobs(database.reader)).toMatchObject([{ attempts: 1, error: 'never' }])
  })

  it('does not give up on work that was asked for anew while its last try failed', async () => {
    const fail: ((error: Error) => void)[] = []
    let isGivenUp = false
    startWorker({
      run: () => new Promise((_, reject) => fail.push(reject)),
      onGivenUp: async () => {
        isGivenUp = true
      },
    })
    await ask(1)
    await until(() => fail.length === 1)
    await ask(1)
    fail[0]?.(new PermanentFailure('the old address is wrong'))
    await until(() => fail.length === 2)
    expect(isGivenUp).toBe(false)
    expect(await listDeadJobs(database.reader)).toEqual([])
    fail[1]?.(new PermanentFailure('the new one too'))
    await until(() => isGivenUp)
  })

  it('neither finishes nor buries work whose lease went to another worker', async () => {
    const fail: ((error: Error) => void)[] = []
    let isGivenUp = false
    startWorker({
      run: () => new Promise((_, reject) => fail.push(reject)),
      onGivenUp: async () => {
        isGivenUp = true
      },
    })
    await ask(1)
    await until(() => fail.length === 1)
    now += 2 * MINUTE_MS // past the lease; no heartbeat was due in real time
    const done: number[] = []
    const work = Promise.withResolvers<void>()
    startWorker({
      run: ({ callId }) => {
        done.push(callId)
        return work.promise
      },
    })
    await until(() => done.length === 1)
    fail[0]?.(new PermanentFailure('too late'))
    await workers[0]?.stop()
    expect(isGivenUp).toBe(false)
    expect(await listDeadJobs(database.reader)).toEqual([])
    expect(await jobs()).toMatchObject([{ attempts: 2 }])
    work.resolve()
    await until(isIdle)
  })

  it('tells a run when its job went to another claim, of the same worker too', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    try {
      const signals: AbortSignal[] = []
      const finish: (() => void)[] = []
      const worker = startWorker({
        run: (_payload, { signal }) => {
          signals.push(signal)
          return new Promise((resolve) => finish.push(resolve))
        },
      })
      await ask(1)
      await until(() => signals.length === 1)
      now += 2 * MINUTE_MS // the machine slept past the lease, and its heartbeats with it
      worker.wake()
      await until(() => signals.length === 2)
      await vi.advanceTimersByTimeAsync(MINUTE_MS / 3) // the next heartbeat of both
      await until(() => signals[0]?.aborted)
      expect(signals[1]?.aborted).toBe(false)

      finish[0]?.()
      await ask(2) // its slot is free once the first run has ended
      await until(() => signals.length === 3)
      expect(await jobs()).toMatchObject([
        { subject: 'call:1', attempts: 2 },
        { subject: 'call:2' },
      ])
      finish[1]?.()
      finish[2]?.()
      await until(isIdle)
    } finally {
      vi.useRealTimers()
    }
  })

  it('buries work that the process never survives, without trying it again', async () => {
    const givenUp: string[] = []
    const runs: number[] = []
    await ask(1)
    await ask(2)
    const diedUnder = { lease_owner: 'dead:1', lease_until: now - 1 }
    await database.writer
      .updateTable('job')
      .set((eb) => ({
        ...diedUnder,
        attempts: eb.case().when('subject', '=', 'call:1').then(3).else(2).end(),
      }))
      .execute()
    startWorker({
      maxAttempts: 3,
      run: async ({ callId }) => void runs.push(callId),
      onGivenUp: async (_trx, { payload, message }) => {
        givenUp.push(`${payload.callId}: ${message}`)
      },
    })
    await until(isIdle)
    expect(runs).toEqual([2])
    const message = 'The server process died or froze while it did this work, at try 3 of 3.'
    expect(givenUp).toEqual([`1: ${message}`])
    expect(await listDeadJobs(database.reader)).toMatchObject([
      { subject: 'call:1', error: message },
    ])
  })

  it.each([
    ['{"callId":"seven"}', /^What this work was told cannot be read.*callId: .*number/],
    ['{"callId":', /^What this work was told cannot be read/],
  ])('buries work that was told %s, which it cannot read, and goes on', async (payload, error) => {
    const runs: number[] = []
    await ask(7)
    await database.writer.updateTable('job').set({ payload }).execute()
    await ask(8)
    startWorker({ run: async ({ callId }) => void runs.push(callId) })
    await until(isIdle)
    expect(runs).toEqual([8])
    const letters = await listDeadJobs(database.reader)
    expect(letters).toMatchObject([{ subject: 'call:7', error: expect.stringMatching(error) }])

    const { id = 0 } = letters[0] ?? {}
    expect(await requeueDeadJob(database.writer, { id, now })).toBe(true)
    expect(await jobs()).toMatchObject([{ subject: 'call:7', payload }])
  })

  it('leaves work of a kind it does not know to others', async () => {
    const job = { kind: 'from-the-future', subject: 'x', payload: 7, runAt: now - 1, now }
    await enqueueJob(database.writer, job)
    await ask(1)
    startWorker({})
    await until(async () => (await jobs()).length === 1)
    expect(await jobs()).toMatchObject([{ kind: 'from-the-future', attempts: 0 }])
  })

  it('keeps the burial and what becomes of the call in one transaction', async () => {
    const worker = startWorker({
      maxAttempts: 1,
      run: async () => {
        throw new Error('no')
      },
      onGivenUp: async () => {
        throw new Error('the call cannot be marked')
      },
    })
    await ask(1)
    await until(async () => (await jobs())[0]?.attempts === 1)
    await worker.stop()
    expect(await listDeadJobs(database.reader)).toEqual([])
    expect(await jobs()).toHaveLength(1)
  })

  it('gives running work back when it stops, with the interrupted try not counted', async () => {
    let isRunning = false
    const worker = startWorker({
      run: (_payload, { signal }) =>
        new Promise((_, reject) => {
          isRunning = true
          signal.addEventListener('abort', () => reject(signal.reason))
        }),
    })
    await ask(1)
    await until(() => isRunning)
    expect(await jobs()).toMatchObject([{ attempts: 1, lease_owner: expect.any(String) }])
    await worker.stop()
    expect(await jobs()).toMatchObject([
      { attempts: 0, lease_owner: null, lease_until: null, last_error: null, run_at: START },
    ])
  })

  it('lets work that is nearly done finish when it stops', async () => {
    const work = Promise.withResolvers<void>()
    const worker = startWorker({ run: () => work.promise })
    await ask(1)
    await until(async () => (await jobs())[0]?.lease_owner)
    const stopping = worker.stop()
    work.resolve()
    await stopping
    expect(await jobs()).toEqual([])
  })

  it('outlives a database that cannot be read for a while', async () => {
    const seen: number[] = []
    await database.writer.schema.alterTable('job').renameTo('job_away').execute()
    const worker = startWorker({ run: async ({ callId }) => void seen.push(callId) })
    worker.wake()
    await database.writer.schema.alterTable('job_away').renameTo('job').execute()
    await ask(1)
    worker.wake()
    await until(isIdle)
    expect(seen).toEqual([1])
  })
})

describe('retryDelayMs', () => {
  it('doubles with each attempt and stays within a quarter of it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100_000 }),
        fc.integer({ min: 1, max: 12 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (firstRetryMs, attempt, random) => {
          const delay = retryDelayMs({ handler: { firstRetryMs }, attempt, random })
          const middle = firstRetryMs * 2 ** (attempt - 1)
          expect(Number.isInteger(delay)).toBe(true)
          expect(delay).toBeGreaterThanOrEqual(Math.floor(middle * 0.75))
          expect(delay).toBeLessThanOrEqual(Math.ceil(middle * 1.25))
          const next = retryDelayMs({ handler: { firstRetryMs }, attempt: attempt + 1, random })
          expect(Math.abs(next - delay * 2)).toBeLessThanOrEqual(1) // rounding
        },
      ),
    )
  })
})

describe('workers in two processes on one database', () => {
  const start = (mode: 'run' | 'hang' | 'hang-in-batch') =>
    startProgram(WORKER, { args: [folder.path, mode] })

  const seen = async () => {
    const text = await readFile(join(folder.path, 'seen'), 'utf8').catch(() => '')
    return text.split('\n').filter((line) => line !== '')
  }

  it('share the jobs: each runs once', async () => {
    now = Date.now()
    for (let callId = 1; callId <= 200; callId++) await ask(callId)
    await using one = start('run')
    await using other = start('run')
    await until(isIdle, { what: 'all jobs are done', limitMs: 20_000 })
    const lines = await seen()
    expect(lines).toHaveLength(200)
    expect(new Set(lines.map((line) => line.split(' ')[0])).size).toBe(200)
    const both = new Set(lines.map((line) => Number(line.split(' ')[1])))
    expect(both).toEqual(new Set([one.pid, other.pid]))
    for (const program of [one, other])
      expect(await program.stop('SIGTERM')).toMatchObject({ code: 0 })
  })

  it('take over the job of one that was killed, once its lease is over', async () => {
    now = Date.now()
    await ask(1)
    await using killed = start('hang')
    await until(async () => (await seen()).length === 1)
    await killed.stop('SIGKILL')
    const [left] = await jobs()
    expect(left).toMatchObject({ attempts: 1, lease_owner: expect.any(String) })

    const runs: number[] = []
    const worker = startWorker({ run: async ({ callId }) => void runs.push(callId) })
    await ask(2)
    worker.wake()
    await until(() => runs.includes(2))
    expect(runs).toEqual([2])
    now = (left?.lease_until ?? 0) + 1
    worker.wake()
    await until(isIdle)
    expect(runs).toEqual([2, 1])
  })
})

describe('work that is done in batches', () => {
  beforeEach(() => sql`create table done (call_id integer not null)`.execute(database.writer))

  /** Writes down in the job's own transaction that it was done; throws for the calls given. */
  const writesDown = ({ failing = [] }: { failing?: readonly number[] } = {}) => {
    const sizes = new Map<unknown, number>()
    const evaluation: Evaluation = {
      concurrency: 1,
      batchSize: 5,
      runInTransaction: async (trx, { callId }) => {
        sizes.set(trx, (sizes.get(trx) ?? 0) + 1)
        await sql`insert into done (call_id) values (${callId})`.execute(trx)
        if (failing.includes(callId)) throw new Error(`not ${callId}`)
      },
    }
    /** How many jobs each transaction began. */
    return { evaluation, transactions: () => [...sizes.values()] }
  }

  const done = async () => {
    const rows = await sql<{ call_id: number }>`select call_id from done order by call_id`.execute(
      database.reader,
    )
    return rows.rows.map(({ call_id }) => call_id)
  }

  const askForCalls = async (...callIds: number[]) => {
    for (const callId of callIds) await ask(callId)
  }

  it('shares transactions and does each job once', async () => {
    await askForCalls(1, 2, 3, 4, 5, 6, 7)
    const { evaluation, transactions } = writesDown()
    startWorker(evaluation)
    await until(isIdle)
    expect(await done()).toEqual([1, 2, 3, 4, 5, 6, 7])
    expect(transactions()).toEqual([5, 2])
  })

  it('is done for all but the one that fails, which alone is tried again', async () => {
    await askForCalls(1, 2, 3)
    const { evaluation, transactions } = writesDown({ failing: [2] })
    const worker = startWorker(evaluation)
    await until(async () => (await jobs())[0]?.last_error === 'not 2')
    await until(async () => (await jobs())[0]?.lease_owner === null)
    expect(await done()).toEqual([1, 3])
    expect(await jobs()).toMatchObject([{ subject: 'call:2', attempts: 1 }])
    // Two of the batch until it failed, then each of the three alone.
    expect(transactions()).toEqual([2, 1, 1, 1])
    for (let attempt = 2; attempt <= 3; attempt++) {
      now = (await jobs())[0]?.run_at ?? 0
      worker.wake()
      await until(async () => (await jobs())[0]?.attempts !== attempt - 1)
      await until(async () => (await jobs())[0]?.lease_owner == null)
    }
    expect(await listDeadJobs(database.reader)).toMatchObject([
      { subject: 'call:2', attempts: 3, error: 'not 2' },
    ])
    expect(await done()).toEqual([1, 3])
  })

  it('buries what it cannot read and does the rest', async () => {
    await askForCalls(1, 2, 3)
    await database.writer
      .updateTable('job')
      .set({ payload: '{}' })
      .where('subject', '=', 'call:1')
      .execute()
    startWorker(writesDown().evaluation)
    await until(isIdle)
    expect(await done()).toEqual([2, 3])
    expect(await listDeadJobs(database.reader)).toMatchObject([{ subject: 'call:1', attempts: 1 }])
  })

  it('leaves alone what another claim has meanwhile, and what was asked for anew', async () => {
    await askForCalls(1, 2, 3)
    // Between the claim and the transaction of the batch.
    let isClaimed = false
    const { evaluation } = writesDown()
    const { transaction, writer } = database
    database = {
      ...database,
      transaction: async (work) => {
        if (!isClaimed) {
          isClaimed = true
          await sql`update job set lease_owner = 'other:1' where subject = 'call:1'`.execute(writer)
          await sql`update job set generation = 2, attempts = 0, run_at = ${now + 1}
            where subject = 'call:2'`.execute(writer)
        }
        return transaction(work)
      },
    }
    startWorker(evaluation)
    await until(async () => (await done()).length === 1)
    expect(await done()).toEqual([3])
    expect(await jobs()).toMatchObject([
      { subject: 'call:1', lease_owner: 'other:1', attempts: 1 },
      { subject: 'call:2', lease_owner: null, attempts: 0 },
    ])
  })

  it('is neither lost nor done twice when the process is killed in between', async () => {
    now = Date.now()
    await askForCalls(1, 2, 3, 4, 5, 6)
    await using killed = startProgram(WORKER, { args: [folder.path, 'hang-in-batch'] })
    const seen = () => readFile(join(folder.path, 'seen'), 'utf8').catch(() => '')
    await until(async () => (await seen()).split('\n').length === 4, {
      what: 'three of five are written',
      limitMs: 20_000,
    })
    await killed.stop('SIGKILL')
    expect(await done()).toEqual([])
    const left = await jobs()
    expect(left.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1, 0])

    now = (left[0]?.lease_until ?? 0) + 1
    const { evaluation, transactions } = writesDown()
    startWorker(evaluation)
    await until(isIdle)
    expect(await done()).toEqual([1, 2, 3, 4, 5, 6])
    // Whichever of the five it was that killed it, it takes no other with it a second time.
    expect(transactions()).toEqual([1, 1, 1, 1, 1, 1])
    expect(await listDeadJobs(database.reader)).toEqual([])
  })
})

describe('asking for work', () => {
  it('keeps one waiting job per kind and subject', async () => {
    await ask(1)
    await ask(1, now + 5)
    await ask(2)
    const job = { kind: 'other', subject: callSubject(1), payload: {}, runAt: now, now }
    await enqueueJob(database.writer, job)
    expect(await queueDepths(database.reader)).toEqual([
      { kind: 'evaluate-call', waiting: 2 },
      { kind: 'other', waiting: 1 },
    ])
  })

  it('is undone with the transaction it is part of', async () => {
    await expect(
      database.transaction(async (trx) => {
        await enqueue(trx, { kind: 'evaluate-call', payload: { callId: 1 }, now })
        throw new Error('the call was not stored')
      }),
    ).rejects.toThrow('not stored')
    expect(await jobs()).toEqual([])
  })
})
