import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  MAX_QUEUE_CALLS,
  QUEUE_LOCK_SECONDS,
  type QueueInput,
  type QueueItem,
  type QueueSummary,
  type ReviewQueue,
} from '#contract/review-queue.ts'
import { storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { createApiKey } from '../../access/grant-access.ts'
import { hashSecret } from '../../access/secrets.ts'
import { insertApiKey } from '../../store/api-keys.ts'

type Headers = Record<string, string>
type Taken<Item = QueueItem | null> = { item: Item; queue: ReviewQueue }

let server: TestServer
let ana: Headers
let ben: Headers
let theirs: Headers

const ANA = 'session-of-ana'
const BEN = 'session-of-ben'

beforeAll(async () => {
  server = await startTestServer()
  ana = await keyNamed('Ana')
  ben = await keyNamed('Ben')
  const { writer } = server.database
  const project = { duplicate_policy: 'update', accepts_metadata_only: 0, created_at: 0 } as const
  await writer
    .insertInto('project')
    .values({ id: 2, name: 'Theirs', updated_at: 0, ...project })
    .execute()
  const key = 'tt_their-key-that-is-long-enough'
  const row = { projectId: 2, name: 'theirs', scope: 'project', hint: 'tt_', now: 0 } as const
  await insertApiKey(writer, { ...row, keyHash: hashSecret(key) })
  theirs = { 'x-cekura-api-key': key }
})

afterAll(() => server.close())

async function keyNamed(name: string): Promise<Headers> {
  const input = { name, scope: 'project', actor: 'test', now: 0 } as const
  const { key } = await createApiKey(server.database, input)
  return { 'x-cekura-api-key': key }
}

let lastTopic = 0

/** Calls of a topic that no other test has, the newest first. */
async function callsOfTopic(count: number): Promise<{ topic: string; ids: number[] }> {
  lastTopic += 1
  const topic = `topic${lastTopic}`
  const calls = Array.from({ length: count }, (_, index) => ({
    callId: `${topic}-${index}`,
    fields: { topic, started_at: index * 1000 },
  }))
  return { topic, ids: (await storeCalls(server.database, calls)).toReversed() }
}

function post(headers: Headers, path: string, payload?: object) {
  return server.app.inject({ method: 'POST', url: `/api/queues${path}`, headers, payload })
}

async function create(topic: string, input: Partial<QueueInput> = {}): Promise<ReviewQueue> {
  const selection = { filter: `topic.eq.${topic}` }
  const response = await post(ana, '', { name: topic, selection, ...input })
  expect(response.statusCode, response.body).toBe(200)
  return response.json()
}

async function take(
  headers: Headers,
  { id }: { id: number },
  body: { session: string; leaving?: { callId: number; as: 'done' | 'skipped' } },
): Promise<Taken> {
  const response = await post(headers, `/${id}/next`, body)
  expect(response.statusCode, response.body).toBe(200)
  return response.json()
}

async function takenId(...input: Parameters<typeof take>): Promise<number> {
  const { item } = await take(...input)
  if (item === null) throw new Error('No call was given out.')
  return item.callId
}

async function countsOf(id: number) {
  const queue: ReviewQueue = (
    await server.app.inject({ url: `/api/queues/${id}`, headers: ana })
  ).json()
  const { totalCount, doneCount, lockedCount, skippedCount } = queue
  return { totalCount, doneCount, lockedCount, skippedCount }
}

async function orderOf(queue: ReviewQueue): Promise<number[]> {
  const rows = await server.database.reader
    .selectFrom('review_queue_call')
    .select('call_id')
    .where('queue_id', '=', queue.id)
    .orderBy('position')
    .execute()
  return rows.map((row) => row.call_id)
}

describe('a new queue', () => {
  it('holds the calls that match now, newest first, with the filter as its reason', async () => {
    const { topic, ids } = await callsOfTopic(3)
    const queue = await create(topic)
    expect(queue).toMatchObject({
      name: topic,
      reason: `Calls whose topic is “${topic}”`,
      totalCount: 3,
      doneCount: 0,
      createdBy: 'Ana',
    })
    await storeCalls(server.database, [{ callId: 'later', fields: { topic } }])
    expect(await orderOf(queue)).toEqual(ids)
    expect(await countsOf(queue.id)).toMatchObject({ totalCount: 3 })
  })

  it('keeps a reason that somebody wrote', async () => {
    const { topic } = await callsOfTopic(1)
    expect(await create(topic, { reason: 'New prompt' })).toMatchObject({ reason: 'New prompt' })
  })

  it('takes a sample where one is asked for, still newest first', async () => {
    const { topic, ids } = await callsOfTopic(20)
    const order = await orderOf(await create(topic, { sampleCount: 5 }))
    expect(order).toHaveLength(5)
    expect(order).toEqual(ids.filter((id) => order.includes(id)))
  })

  it('mixes in calls that do not match, which do not say so', async () => {
    const { ids: others } = await callsOfTopic(3)
    const { topic, ids } = await callsOfTopic(4)
    const queue = await create(topic, { controlCount: 2 })
    const order = await orderOf(queue)
    expect(order.filter((id) => ids.includes(id))).toEqual(ids)
    expect(order).toHaveLength(6)
    expect(others.length).toBeGreaterThan(0)
    const control = order.find((id) => !ids.includes(id)) ?? 0
    const opened = (await post(ana, `/${queue.id}/calls/${control}/open`, { session: ANA })).json()
    expect(opened.item.reason).toBe(queue.reason)
    expect(Object.keys(opened.item)).not.toContain('isControl')
  })

  it.each([
    ['name', { name: ' ', selection: {} }],
    ['selection.filter', { name: 'a', selection: { filter: 'nonsense(' } }],
    ['selection', { name: 'a', selection: { filter: 'topic.eq.nobody-has-this' } }],
    ['sampleCount', { name: 'a', selection: {}, sampleCount: MAX_QUEUE_CALLS + 1 }],
  ])('is refused for its %s', async (field, input) => {
    const response = await post(ana, '', input)
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual([field])
  })
})

describe('working on a queue', () => {
  it('gives out call after call until all are done, and only then is it done', async () => {
    const { topic, ids } = await callsOfTopic(3)
    const queue = await create(topic)
    const [first = 0, second = 0, third = 0] = ids
    const start = await take(ana, queue, { session: ANA })
    expect(start.item).toMatchObject({
      callId: first,
      position: 1,
      isMine: true,
      lockedBy: 'Ana',
      previousCallId: null,
      nextCallId: second,
      upcomingCallId: second,
    })
    const leave = (callId: number) =>
      take(ana, queue, { session: ANA, leaving: { callId, as: 'done' } })
    expect((await leave(first)).item?.callId).toBe(second)
    const last = await leave(second)
    expect(last.item).toMatchObject({ callId: third, position: 3, upcomingCallId: null })
    expect(last.queue).toMatchObject({ totalCount: 3, doneCount: 2, lockedCount: 1 })
    expect(await leave(third)).toMatchObject({
      item: null,
      queue: { doneCount: 3, lockedCount: 0 },
    })
  })

  it('gives no call to two people, however many ask at once', async () => {
    const { topic, ids } = await callsOfTopic(40)
    const queue = await create(topic)
    const origin = await server.app.listen({ port: 0, host: '127.0.0.1' })
    const answers = await Promise.all(
      Array.from({ length: 50 }, async (_, index): Promise<Taken> => {
        const response = await fetch(`${origin}/api/queues/${queue.id}/next`, {
          method: 'POST',
          headers: { ...(index % 2 === 0 ? ana : ben), 'content-type': 'application/json' },
          body: JSON.stringify({ session: `window-number-${index}` }),
        })
        return response.json() as Promise<Taken>
      }),
    )
    const given = answers.flatMap(({ item }) => (item ? [item.callId] : []))
    expect(given).toHaveLength(40)
    expect(new Set(given)).toEqual(new Set(ids))
    expect(await countsOf(queue.id)).toMatchObject({ lockedCount: 40, doneCount: 0 })
  })

  it('gives the same call again to the window that has it', async () => {
    const { topic } = await callsOfTopic(2)
    const queue = await create(topic)
    const id = await takenId(ana, queue, { session: ANA })
    expect(await takenId(ana, queue, { session: ANA })).toBe(id)
    expect(await takenId(ana, queue, { session: 'second-window' })).not.toBe(id)
  })

  it('brings what was put off at the end', async () => {
    const { topic, ids } = await callsOfTopic(2)
    const queue = await create(topic)
    const [first = 0, second = 0] = ids
    const after = await take(ana, queue, {
      session: ANA,
      leaving: { callId: first, as: 'skipped' },
    })
    expect(after).toMatchObject({ item: { callId: second }, queue: { skippedCount: 1 } })
    const leaving = { callId: second, as: 'done' } as const
    expect(await takenId(ana, queue, { session: ANA, leaving })).toBe(first)
    expect(await countsOf(queue.id)).toMatchObject({ doneCount: 1, lockedCount: 1 })
  })

  it('refuses an answer while somebody else has the call open, until their lock ends', async () => {
    const { topic, ids } = await callsOfTopic(1)
    const queue = await create(topic)
    const path = `/${queue.id}/calls/${ids[0]}`
    await takenId(ana, queue, { session: ANA })
    const seen: Taken = (await post(ben, `${path}/open`, { session: BEN })).json()
    expect(seen.item).toMatchObject({ isMine: false, lockedBy: 'Ana' })
    const refused = await post(ben, `${path}/close`, { session: BEN, as: 'done' })
    expect(refused.statusCode).toBe(409)
    expect(refused.json().detail).toContain('Ana')
    expect((await take(ben, queue, { session: BEN })).item).toBeNull()

    server.setNow(new Date(Date.now() + (QUEUE_LOCK_SECONDS + 1) * 1000))
    expect((await take(ben, queue, { session: BEN })).item).toMatchObject({ lockedBy: 'Ben' })
    server.setNow(new Date())
  })

  it('renews a lock while the call is open, and frees it on leaving', async () => {
    const { topic, ids } = await callsOfTopic(1)
    const queue = await create(topic)
    const path = `/${queue.id}/calls/${ids[0]}`
    await takenId(ana, queue, { session: ANA })
    const later = (seconds: number) => server.setNow(new Date(Date.now() + seconds * 1000))
    later(100)
    await post(ana, `${path}/open`, { session: ANA })
    later(200)
    expect((await take(ben, queue, { session: BEN })).item).toBeNull()
    await post(ana, `${path}/close`, { session: ANA, as: 'released' })
    expect((await take(ben, queue, { session: BEN })).item).toMatchObject({ isDone: false })
    server.setNow(new Date())
  })

  it('takes "done" back', async () => {
    const { topic, ids } = await callsOfTopic(1)
    const queue = await create(topic)
    const leaving = { callId: ids[0] ?? 0, as: 'done' } as const
    expect(await take(ana, queue, { session: ANA, leaving })).toMatchObject({ item: null })
    const path = `/${queue.id}/calls/${ids[0]}/close`
    const back: Taken = (await post(ana, path, { session: ANA, as: 'reopened' })).json()
    expect(back).toMatchObject({ item: { isDone: false }, queue: { doneCount: 0 } })
    expect(await takenId(ana, queue, { session: ANA })).toBe(ids[0])
  })

  it('gives calls to its assignee alone', async () => {
    const { topic, ids } = await callsOfTopic(1)
    const queue = await create(topic, { assignee: 'ben' })
    expect((await take(ana, queue, { session: ANA })).item).toBeNull()
    const path = `/${queue.id}/calls/${ids[0]}`
    expect((await post(ana, `${path}/open`, { session: ANA })).json().item).toMatchObject({
      isMine: false,
      lockedBy: '',
    })
    const refused = await post(ana, `${path}/close`, { session: ANA, as: 'done' })
    expect(refused.statusCode).toBe(409)
    expect(await takenId(ben, queue, { session: BEN })).toBe(ids[0])
  })

  it('counts right after a call was deleted', async () => {
    const { topic, ids } = await callsOfTopic(3)
    const queue = await create(topic)
    const first = await takenId(ana, queue, { session: ANA })
    const url = `/api/calls/${first}`
    await server.app.inject({ method: 'DELETE', url, headers: ana })
    expect(await countsOf(queue.id)).toEqual({
      totalCount: 2,
      doneCount: 0,
      lockedCount: 0,
      skippedCount: 0,
    })
    expect((await take(ana, queue, { session: ANA })).item).toMatchObject({
      callId: ids[1],
      position: 1,
    })
    const gone = await post(ana, `/${queue.id}/calls/${first}/open`, { session: ANA })
    expect(gone.statusCode).toBe(404)
  })

  it('sums up how the done calls stand and how long they were open', async () => {
    const { topic, ids } = await callsOfTopic(2)
    const queue = await create(topic)
    const callId = await takenId(ana, queue, { session: ANA })
    await server.database.writer
      .updateTable('call')
      .set({ status: 'reviewed_failure' })
      .where('id', '=', callId)
      .execute()
    server.setNow(new Date(Date.now() + 40_000))
    await take(ana, queue, { session: ANA, leaving: { callId, as: 'done' } })
    server.setNow(new Date())
    const url = `/api/queues/${queue.id}/summary`
    const summary: QueueSummary = (await server.app.inject({ url, headers: ana })).json()
    expect(summary).toMatchObject({ doneCount: 1, successCount: 0, failureCount: 1 })
    expect(summary.spentSeconds).toBeGreaterThanOrEqual(39)
    expect(summary.spentSeconds).toBeLessThan(60)
    expect(ids).toContain(callId)
  })
})

describe('the time that a queue took', () => {
  it('leaves out how long somebody was away', async () => {
    const { topic } = await callsOfTopic(1)
    const queue = await create(topic)
    const start = Date.now()
    server.setNow(new Date(start))
    const callId = await takenId(ana, queue, { session: ANA })
    const back = start + 5 * 3_600_000
    server.setNow(new Date(back))
    await post(ana, `/${queue.id}/calls/${callId}/open`, { session: ANA })
    server.setNow(new Date(back + 30_000))
    await take(ana, queue, { session: ANA, leaving: { callId, as: 'done' } })
    server.setNow(new Date())
    const url = `/api/queues/${queue.id}/summary`
    const summary: QueueSummary = (await server.app.inject({ url, headers: ana })).json()
    // The server's clock goes on.
    expect(summary.spentSeconds).toBeGreaterThan(20)
    expect(summary.spentSeconds).toBeLessThan(60)
  })
})

describe('the list of queues', () => {
  it('has them newest first with their counts, also one whose calls are all gone', async () => {
    const { topic, ids } = await callsOfTopic(2)
    const first = await create(topic)
    await takenId(ana, first, { session: ANA })
    const { topic: other, ids: gone } = await callsOfTopic(1)
    const second = await create(other)
    await server.app.inject({ method: 'DELETE', url: `/api/calls/${gone[0]}`, headers: ana })
    const response = await server.app.inject({ url: '/api/queues', headers: ana })
    const { items }: { items: ReviewQueue[] } = response.json()
    expect(items.slice(0, 2)).toMatchObject([
      { id: second.id, totalCount: 0 },
      { id: first.id, totalCount: ids.length, lockedCount: 1, doneCount: 0 },
    ])
  })
})

describe('a queue', () => {
  it('is deleted and comes back as it was', async () => {
    const { topic } = await callsOfTopic(2)
    const queue = await create(topic)
    await takenId(ana, queue, { session: ANA })
    const url = `/api/queues/${queue.id}`
    const remove = () => server.app.inject({ method: 'DELETE', url, headers: ana })
    expect((await remove()).json()).toEqual({ deleted: true })
    expect((await remove()).statusCode).toBe(404)
    expect((await server.app.inject({ url, headers: ana })).statusCode).toBe(404)
    expect((await post(ana, `/${queue.id}/restore`)).json()).toMatchObject({ totalCount: 2 })
    const { items } = (await server.app.inject({ url: '/api/queues', headers: ana })).json()
    expect(items[0]).toMatchObject({ id: queue.id, lockedCount: 1 })
  })

  it('is of its project alone', async () => {
    const { topic, ids } = await callsOfTopic(1)
    const { id } = await create(topic)
    const body = { session: 'their-session' }
    for (const path of ['/next', `/calls/${ids[0]}/open`, '/restore']) {
      expect((await post(theirs, `/${id}${path}`, body)).statusCode).toBe(404)
    }
    const url = `/api/queues/${id}`
    for (const method of ['GET', 'DELETE'] as const) {
      const response = await server.app.inject({ method, url, headers: theirs })
      expect(response.statusCode).toBe(404)
    }
    const list = await server.app.inject({ url: '/api/queues', headers: theirs })
    expect(list.json()).toEqual({ items: [] })
  })

  it('needs a key that may write', async () => {
    const { topic } = await callsOfTopic(1)
    const { id } = await create(topic)
    const reader = await server.keyOf('read-only')
    expect((await post(reader, '', { name: 'a', selection: {} })).statusCode).toBe(403)
    expect((await post(reader, `/${id}/next`, { session: ANA })).statusCode).toBe(403)
    const list = await server.app.inject({ url: '/api/queues', headers: reader })
    expect(list.statusCode).toBe(200)
  })
})
