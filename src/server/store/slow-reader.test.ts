import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Worker } from 'node:worker_threads'
import { type Kysely, sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { until } from '#testing/until.ts'
import { QueryCancelled, QueryTimeout, TooManyQueries } from './slow-read-errors.ts'
import { createSlowReader, type SlowReader } from './slow-reader.ts'
import { openSqlite, openSqliteForReading, sqliteDialect } from './sqlite.ts'
import type { Tables } from './tables.ts'

const ROW_COUNT = 100_000
const FOREVER = Promise.withResolvers<never>().promise

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let file: string
let writer: Kysely<Tables>
let reader: Kysely<Tables>
let slow: SlowReader
const workers: Worker[] = []
const noteWorker = (worker: Worker) => workers.push(worker)

beforeAll(async () => {
  process.on('worker', noteWorker)
  folder = await temporaryFolder()
  file = join(folder.path, 'talktrack.db')
  writer = openSqlite(file)
  reader = openSqliteForReading(file)
  await sql`create table item (id integer primary key, name text not null)`.execute(writer)
  await sql`with recursive n (id) as (select 1 union all select id + 1 from n where id < ${ROW_COUNT})
    insert into item select id, 'item ' || id from n`.execute(writer)
})

afterAll(async () => {
  process.off('worker', noteWorker)
  await reader.destroy()
  await writer.destroy()
  await folder[Symbol.asyncDispose]()
})

beforeEach(() => {
  workers.length = 0
  slow = createSlowReader({ file, executor: reader })
})

afterEach(() => slow.close())

/** Never ends by itself. */
const endless = () => sql<{ count: number }>`
  with recursive n (id) as (
    select 1 union all select id + 1 from n where ${sqliteDialect.stopsWhenUnwanted('n.id')}
  ) select count(*) as count from n`

const itemCount = sql<{ count: number }>`select count(*) as count from item`
const itemIds = sql<{ id: number }>`select id from item order by id`

/** Throws where every thread is still busy: an answer takes some milliseconds. */
const expectFreeThread = async () => {
  expect(await slow.run(sql`select 1 as one`, { timeoutMs: 3000 })).toEqual([{ one: 1 }])
}

async function collect<T>(batches: AsyncIterable<T[]>): Promise<T[][]> {
  const collected: T[][] = []
  for await (const batch of batches) collected.push(batch)
  return collected
}

/** Both threads run this. */
async function occupyThreads(signal: AbortSignal): Promise<unknown[]> {
  const occupied = [1, 2].map(() => slow.run(endless(), { signal, timeoutMs: 60_000 }))
  await until(() => workers.length === 2)
  return occupied.map((promise) => promise.catch((error: unknown) => error))
}

describe('run', () => {
  it('gives the rows of a query of the builder', async () => {
    const query = reader
      .selectFrom('item' as never)
      .select('name' as never)
      .where('id' as never, 'in', [7, 9] as never)
    expect(await slow.run(query)).toEqual([{ name: 'item 7' }, { name: 'item 9' }])
  })

  it('keeps null, numbers, text and bytes as they are', async () => {
    const bytes = new Uint8Array([0, 1, 255])
    const values = sql`select ${null} as missing, ${9_007_199_254_740_991} as great, ${-0.5} as part,
      ${'早 🙂'} as text, ${bytes} as bytes, ${true} as flag, cast(${2n ** 62n} as text) as big`
    expect(await slow.run(values)).toEqual([
      {
        missing: null,
        great: 9_007_199_254_740_991, // the greatest whole number that a number holds exactly
        part: -0.5,
        text: '早 🙂',
        bytes,
        flag: 1,
        big: '4611686018427387904', // 2 ** 62
      },
    ])
  })

  it("rejects with the database's own words", async () => {
    await expect(slow.run(sql`select * from nowhere`)).rejects.toThrow('no such table: nowhere')
    await expect(slow.run(sql`select regexp_matches('(', 'x')`)).rejects.toThrow('missing closing')
    await expect(slow.run(sql`select 9007199254740993`)).rejects.toThrow('too large')
    await expect(slow.run(sql`select ${new Date(0)}`)).rejects.toThrow('cannot store')
    await expect(slow.run(sql`select ${Symbol('x')}`)).rejects.toThrow('could not be cloned')
    await expectFreeThread()
  })

  it('cannot write', async () => {
    await expect(slow.run(sql`delete from item`)).rejects.toThrow('readonly database')
    expect(await slow.run(itemCount)).toEqual([{ count: ROW_COUNT }])
  })

  it('lets timers fire while a query runs', async () => {
    let ticks = 0
    const timer = setInterval(() => {
      ticks += 1
    }, 10)
    await expect(slow.run(endless(), { timeoutMs: 1000 })).rejects.toThrow(QueryTimeout)
    clearInterval(timer)
    expect(ticks).toBeGreaterThan(20) // 100 on an idle machine; 0 if the query ran on this thread
  })

  it('runs two queries at once, on no more than two threads', async () => {
    const stop = new AbortController()
    const occupied = slow.run(endless(), { signal: stop.signal })
    const counts = await Promise.all(Array.from({ length: 20 }, () => slow.run(itemCount)))
    expect(counts.flat()).toEqual(Array.from({ length: 20 }, () => ({ count: ROW_COUNT })))
    expect(workers).toHaveLength(2)
    stop.abort()
    await expect(occupied).rejects.toThrow(QueryCancelled)
  })

  it('answers the queries beyond a full queue at once', async () => {
    const stop = new AbortController()
    const occupied = await occupyThreads(stop.signal)
    const waiting = Array.from({ length: 64 }, () => slow.run(itemCount))
    await expect(slow.run(itemCount)).rejects.toThrow(TooManyQueries)
    stop.abort()
    await Promise.all([...occupied, ...waiting])
    await expectFreeThread()
  })

  it('answers a page at once while whole lists are read and wait, and lets no further one in', async () => {
    const stop = new AbortController()
    const occupied = await occupyThreads(stop.signal)
    const waiting = Array.from({ length: 64 }, () =>
      slow.run(itemCount, { signal: stop.signal }).catch((error: unknown) => error),
    )
    const page = () => slow.run(itemCount, { urgency: 'page', timeoutMs: 3000 })
    expect(await page()).toEqual([{ count: ROW_COUNT }])
    const slowPage = slow.run(endless(), { urgency: 'page', signal: stop.signal })
    expect(await page()).toEqual([{ count: ROW_COUNT }]) // beside a page that takes long
    await expect(slow.run(itemCount)).rejects.toThrow(TooManyQueries)
    expect(workers).toHaveLength(4) // two for whole lists, two for pages
    stop.abort()
    await expect(slowPage).rejects.toThrow(QueryCancelled)
    await Promise.all([...occupied, ...waiting])
    await expectFreeThread()
  })

  it('reads at most two whole lists at once, also where there are threads for pages', async () => {
    const stop = new AbortController()
    const pages = [1, 2].map(() => slow.run(endless(), { urgency: 'page', signal: stop.signal }))
    const occupied = [1, 2].map(() => slow.run(endless(), { signal: stop.signal }))
    await until(() => workers.length === 4)
    const page = slow.run(itemCount, { urgency: 'page', signal: stop.signal })
    stop.abort()
    await Promise.allSettled([...pages, ...occupied, page])
    // Four threads have nothing to do now.
    const again = new AbortController()
    const two = [1, 2].map(() => slow.run(endless(), { signal: again.signal, timeoutMs: 60_000 }))
    await expect(slow.run(itemCount, { timeoutMs: 300 })).rejects.toThrow(QueryTimeout)
    again.abort()
    await Promise.allSettled(two)
  })
})

describe('giving up', () => {
  it('frees the threads of queries that nobody waits for', async () => {
    const stop = new AbortController()
    const occupied = await occupyThreads(stop.signal)
    await sleep(100)
    stop.abort('typed on')
    expect(await Promise.all(occupied)).toEqual([
      expect.objectContaining({ name: 'QueryCancelled', cause: 'typed on' }),
      expect.objectContaining({ name: 'QueryCancelled', cause: 'typed on' }),
    ])
    await expectFreeThread()
    expect(workers).toHaveLength(2) // still the same ones
  })

  it('frees the threads of queries that took too long', async () => {
    const limited = () => slow.run(endless(), { timeoutMs: 200 })
    const results = await Promise.allSettled([limited(), limited()])
    expect(results.map((result) => result.status === 'rejected' && result.reason)).toEqual([
      new QueryTimeout(200),
      new QueryTimeout(200),
    ])
    await expectFreeThread()
  })

  it('stops a scan of a table in the middle', async () => {
    // Every item with every other: 10 ** 10 rows. `cross` keeps the table that is looked at most inside.
    const scan = sql`select count(*) from item cross join item as other
      where ${sqliteDialect.stopsWhenUnwanted('other.id')} and item.name || other.name like '%never%'`
    const results = await Promise.allSettled([1, 2].map(() => slow.run(scan, { timeoutMs: 200 })))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expectFreeThread()
  })

  it('stops where a pattern is looked for, without being told', async () => {
    const search = sql`select count(*) from item join item as other
      where regexp_matches('never', item.name || other.name)`
    const results = await Promise.allSettled([1, 2].map(() => slow.run(search, { timeoutMs: 200 })))
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expectFreeThread()
  })

  it('takes a query out of the queue', async () => {
    const stop = new AbortController()
    const occupied = await occupyThreads(stop.signal)
    await expect(slow.run(itemCount, { timeoutMs: 50 })).rejects.toThrow(QueryTimeout)
    const cancelled = new AbortController()
    const waiting = slow.run(itemCount, { signal: cancelled.signal })
    cancelled.abort()
    await expect(waiting).rejects.toThrow(QueryCancelled)
    stop.abort()
    await Promise.all(occupied)
  })

  it('asks nothing for a signal that is aborted already', async () => {
    const run = slow.run(itemCount, { signal: AbortSignal.abort() })
    await expect(run).rejects.toThrow(QueryCancelled)
    expect(workers).toEqual([])
  })
})

describe('snapshot', () => {
  it('sees one state of the database in all its reads', async () => {
    const seen = await slow.snapshot(async ({ run, stream }) => {
      await sql`insert into item values (${ROW_COUNT + 1}, 'late')`.execute(writer)
      let streamed = 0
      for await (const batch of stream(itemIds)) streamed += batch.length
      return { counted: (await run(itemCount))[0]?.count, streamed }
    })
    const after = await slow.run(itemCount)
    await sql`delete from item where name = 'late'`.execute(writer)
    expect(seen).toEqual({ counted: ROW_COUNT, streamed: ROW_COUNT })
    expect(after).toEqual([{ count: ROW_COUNT + 1 }])
  })

  it('streams rows in order, in batches', async () => {
    const some = sql<{ id: number }>`select id from item where id <= 1200 order by id`
    const batches = await slow.snapshot(({ stream }) => collect(stream(some)))
    expect(batches.map((batch) => batch.length)).toEqual([500, 500, 200])
    expect(batches.flat().map(({ id }) => id)).toEqual(
      Array.from({ length: 1200 }, (_, index) => index + 1),
    )
    const none = sql`select id from item where id < 0`
    expect(await slow.snapshot(({ stream }) => collect(stream(none)))).toEqual([])
  })

  it('reads no further than it is asked', async () => {
    // The 501st row cannot be read.
    const breaking = sql<{ id: number }>`select id, regexp_matches(iif(id > 500, '(', 'x'), name)
      from item order by id`
    await slow.snapshot(async ({ stream }) => {
      const rows = stream(breaking)
      expect((await rows.next()).value).toHaveLength(500)
      await expect(rows.next()).rejects.toThrow('missing closing')
    })
  })

  it('reads beside a stream, and several streams at once', async () => {
    await slow.snapshot(async ({ run, stream }) => {
      const [first, second] = [stream(itemIds), stream(itemIds)]
      expect((await first.next()).value?.[0]).toEqual({ id: 1 })
      expect((await second.next()).value?.[0]).toEqual({ id: 1 })
      expect(await run(itemCount)).toEqual([{ count: ROW_COUNT }])
      expect((await first.next()).value?.[0]).toEqual({ id: 501 })
    })
  })

  it('leaves the threads to others while nothing is read in it', async () => {
    const held = Promise.withResolvers<void>()
    const snapshots = [1, 2, 3].map(() =>
      slow.snapshot(async ({ run }) => {
        await held.promise
        return run(itemCount)
      }),
    )
    await expectFreeThread()
    held.resolve()
    const counts = (await Promise.all(snapshots)).flat()
    expect(counts).toEqual([1, 2, 3].map(() => ({ count: ROW_COUNT })))
  })

  it('is limited in number', async () => {
    const held = Promise.withResolvers<void>()
    const snapshots = Array.from({ length: 8 }, () => slow.snapshot(() => held.promise))
    await expect(slow.snapshot(async () => 1)).rejects.toThrow(TooManyQueries)
    held.resolve()
    await Promise.all(snapshots)
    expect(await slow.snapshot(async () => 1)).toBe(1)
  })

  it('ends with the error of the work in it, and its reads with it', async () => {
    const reads = await slow.snapshot(async (inside) => inside)
    await expect(reads.run(itemCount)).rejects.toThrow('snapshot is over')
    const failing = slow.snapshot(() => Promise.reject(new Error('the client went away')))
    await expect(failing).rejects.toThrow('the client went away')
  })

  it('is given up though the work in it hangs, and lets go of the database', async () => {
    const limited = slow.snapshot(() => FOREVER, { timeoutMs: 100 })
    await expect(limited).rejects.toThrow(QueryTimeout)
    await sql`insert into item values (${ROW_COUNT + 1}, 'late')`.execute(writer)
    await sql`delete from item where name = 'late'`.execute(writer)
    await until(async () => {
      // "busy" stays 1 for as long as a transaction reads an older state.
      const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(restart)`.execute(writer)
      return rows[0]?.busy === 0
    })
  })

  it('stops what runs in it', async () => {
    const stop = new AbortController()
    const running = [1, 2].map(() =>
      slow.snapshot(({ run }) => run(endless()), { signal: stop.signal }),
    )
    await until(() => workers.length === 2)
    await sleep(100)
    stop.abort()
    await Promise.all(running.map((promise) => expect(promise).rejects.toThrow(QueryCancelled)))
    await expectFreeThread()
  })
})

describe('threads', () => {
  it('are replaced when they die, and what they were reading fails', async () => {
    const [begun, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const lost = slow.snapshot(async ({ run }) => {
      begun.resolve()
      await held.promise
      return run(itemCount)
    })
    await begun.promise
    await slow.run(itemCount)
    const running = [1, 2].map(() => slow.run(endless()).catch((error: unknown) => error))
    const waiting = slow.run(itemCount)
    await until(() => workers.length === 2)
    await sleep(100)
    await Promise.all(workers.map((worker) => worker.terminate()))
    expect(await Promise.all(running)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('ended with code 1') }),
      expect.objectContaining({ message: expect.stringContaining('ended with code 1') }),
    ])
    expect(await waiting).toEqual([{ count: ROW_COUNT }])
    held.resolve()
    await expect(lost).rejects.toThrow('snapshot is over')
    expect(workers.length).toBeGreaterThan(2)
  })

  it('start when the first query comes, and end when none comes any more', async () => {
    const brief = createSlowReader({ file, executor: reader, idleMs: 20 })
    expect(workers).toHaveLength(0)
    await brief.run(itemCount)
    await until(() => workers[0]?.threadId === -1) // as Node marks one that has ended
    expect(await brief.run(itemCount)).toEqual([{ count: ROW_COUNT }])
    expect(workers).toHaveLength(2)
    await brief.close()
  })

  it('stay while a snapshot is open', async () => {
    const brief = createSlowReader({ file, executor: reader, idleMs: 20 })
    const counts = await brief.snapshot(async ({ run }) => {
      await sleep(200)
      return run(itemCount)
    })
    expect(counts).toEqual([{ count: ROW_COUNT }])
    await brief.close()
  })

  it('end on closing, whatever runs, waits or is open', async () => {
    const results = Promise.allSettled([
      slow.run(endless()),
      slow.run(endless()),
      slow.run(itemCount),
      slow.snapshot(() => FOREVER),
    ])
    await until(() => workers.length === 2)
    await slow.close()
    expect(workers.map(({ threadId }) => threadId)).toEqual([-1, -1])
    const rejected = { status: 'rejected', reason: expect.any(QueryCancelled) }
    expect(await results).toEqual([rejected, rejected, rejected, rejected])
    await expect(slow.run(itemCount)).rejects.toThrow('closed')
  })
})
