import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BulkAction } from '#contract/bulk-action.ts'
import { insertBulkAction, moveAction, setBulkState } from '#server/store/bulk-actions.ts'
import { runProgram } from '#testing/child-program.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { until } from '#testing/until.ts'

let server: TestServer
let address: string

beforeAll(async () => {
  server = await startTestServer()
  await server.app.listen({ host: '127.0.0.1', port: 0 })
  address = `http://127.0.0.1:${(server.app.server.address() as AddressInfo).port}`
})

afterAll(() => server.close())

/** An open page: what its event stream said so far, and whether the server has ended it. */
async function openPage(headers: Record<string, string> = server.admin) {
  const leaving = new AbortController()
  const response = await fetch(`${address}/api/events`, { headers, signal: leaving.signal })
  const page = { text: '', hasEnded: false, leave: () => leaving.abort(), response }
  const decoder = new TextDecoder()
  const read = async () => {
    for await (const bytes of response.body ?? []) page.text += decoder.decode(bytes)
    page.hasEnded = true
  }
  // An abort of our own ends the reading with an error.
  void read().catch(() => undefined)
  return page
}

type EventData = { ids?: number[]; items?: BulkAction[] }

function eventsOf(page: { text: string }, name: string): EventData[] {
  return page.text
    .split('\n\n')
    .filter((event) => event.startsWith(`event: ${name}\n`))
    .map((event) => JSON.parse(event.slice(event.indexOf('data: ') + 6)))
}

function idsOf(page: { text: string }): number[] {
  return eventsOf(page, 'calls').flatMap(({ ids }) => ids ?? [])
}

async function observe(callId: string): Promise<number> {
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    headers: server.admin,
    payload: {
      call_id: callId,
      agent: 1,
      transcript_json: [{ role: 'Main Agent', content: 'Hi.', start_time: 0, end_time: 1 }],
    },
  })
  return response.json().id
}

describe('the live channel', () => {
  it('is an event stream that nothing on the way may keep or hold back', async () => {
    const page = await openPage()
    expect(page.response.status).toBe(200)
    expect(page.response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(page.response.headers.get('cache-control')).toBe('no-store')
    await until(() => page.text.includes('retry: 2000\n\n'))
    page.leave()
  })

  it('is closed to strangers', async () => {
    expect((await fetch(`${address}/api/events`)).status).toBe(401)
  })

  it('tells every open page of new and changed calls, and of changes by the worker', async () => {
    const pages = [await openPage(), await openPage()]
    const id = await observe('live')
    for (const page of pages) await until(() => idsOf(page).includes(id))
    const told = idsOf(pages[0] ?? { text: '' }).length
    await server.settle()
    await until(() => idsOf(pages[0] ?? { text: '' }).length > told)
    for (const page of pages) page.leave()
  })

  it('tells of calls that another process stores', async () => {
    const page = await openPage()
    const environment = { DATA_DIR: server.config.dataDir }
    const { code } = await runProgram('src/server/cli/main.ts', {
      args: ['import', 'src/testing/samples/one-call.json', '--agent', '1'],
      environment,
    })
    expect(code).toBe(0)
    const stored = await server.database.reader
      .selectFrom('call')
      .select('id')
      .where('call_id', '=', 'imported-call')
      .executeTakeFirstOrThrow()
    await until(() => idsOf(page).includes(stored.id))
    page.leave()
  })

  it('goes on for a page that comes back', async () => {
    const first = await openPage()
    const before = await observe('before')
    await until(() => idsOf(first).includes(before))
    first.leave()
    const second = await openPage()
    const after = await observe('after')
    await until(() => idsOf(second).includes(after))
    expect(idsOf(first)).not.toContain(after)
    second.leave()
  })

  it('tells how far bulk actions are, until they are done, and then no more', async () => {
    const { database } = server
    const work = { kind: 'rerun' } as const
    const action = { projectId: 1, work, target: null, totalCount: 1, startedBy: 'test', now: 0 }
    const { id } = await database.transaction((trx) => insertBulkAction(trx, action))
    const page = await openPage()
    const actionsOf = (of: { text: string }) =>
      eventsOf(of, 'bulk-actions').flatMap(({ items }) => items ?? [])
    await until(() => actionsOf(page).length > 0)
    expect(actionsOf(page)).toMatchObject([{ id, state: 'running', totalCount: 1, doneCount: 0 }])
    const done = { id, reachedCallId: 1, doneCount: 1, skippedCount: 0 }
    await database.transaction((trx) => moveAction(trx, done))
    await until(() => actionsOf(page).at(-1)?.doneCount === 1)
    await database.transaction((trx) => setBulkState(trx, { id, state: 'done', finishedAt: 1 }))
    await until(() => actionsOf(page).at(-1)?.state === 'done')
    const told = actionsOf(page).length
    // Who comes later hears of what goes on, which nothing does.
    const later = await openPage()
    const call = await observe('later')
    await until(() => idsOf(later).includes(call))
    expect([actionsOf(later).length, actionsOf(page).length]).toEqual([0, told])
    for (const open of [page, later]) open.leave()
  })

  it('ends when the server stops, without holding it up', async () => {
    const page = await openPage()
    await until(() => page.text !== '')
    const startedAt = Date.now()
    await server.app.close()
    await until(() => page.hasEnded)
    expect(Date.now() - startedAt).toBeLessThan(3_000)
  })
})
