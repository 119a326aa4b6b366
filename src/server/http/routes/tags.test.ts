import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_TAGS } from '#contract/tag.ts'
import { storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer
let id: number

beforeAll(async () => {
  server = await startTestServer()
  ;[id = 0] = await storeCalls(server.database, [{ callId: 'a' }])
})

afterAll(() => server.close())

function change(payload: object, headers = server.admin, call = id) {
  const url = `/api/calls/${call}/tags`
  return server.app.inject({ method: 'POST', url, headers, payload })
}

async function updatedAt(): Promise<number> {
  const row = server.database.reader.selectFrom('call').select('updated_at').where('id', '=', id)
  return (await row.executeTakeFirstOrThrow()).updated_at
}

describe('the tags of a call', () => {
  it('are added and taken, each once, and answered in order', async () => {
    const added = await change({ add: ['vip', ' b c ', 'vip'], remove: ['unknown'] })
    expect(added.json()).toEqual({ tags: ['b c', 'vip'] })
    expect(await updatedAt()).toBeGreaterThan(0)
    const swapped = await change({ add: ['Vip'], remove: ['vip'] })
    expect(swapped.json()).toEqual({ tags: ['Vip', 'b c'] })
    const row = (await server.app.inject({ url: `/api/calls/${id}`, headers: server.admin })).json()
    expect(row.tags).toEqual(['Vip', 'b c'])
  })

  it('leave a call as old as it was where nothing changes', async () => {
    await change({ add: ['same'], remove: [] })
    const before = await updatedAt()
    server.setNow(new Date(Date.now() + 60_000))
    await change({ add: ['same'], remove: ['unknown'] })
    expect(await updatedAt()).toBe(before)
    server.setNow(new Date())
  })

  it('are at most 50, and a change that would make more changes nothing', async () => {
    const [full = 0] = await storeCalls(server.database, [{ callId: 'full' }])
    const tags = Array.from({ length: MAX_TAGS }, (_, n) => `t${n}`)
    for (let n = 0; n < MAX_TAGS; n += 20) {
      const part = { add: tags.slice(n, n + 20), remove: [] }
      expect((await change(part, server.admin, full)).statusCode).toBe(200)
    }
    const refused = await change({ add: ['x', 'y'], remove: ['t0'] }, server.admin, full)
    expect(refused.statusCode).toBe(400)
    expect(refused.json()).toEqual({ add: ['A call can have at most 50 tags.'] })
    const swapped = await change({ add: ['x'], remove: ['t0'] }, server.admin, full)
    expect(swapped.json().tags).toHaveLength(MAX_TAGS)
  })

  it.each([['a,b'], [''], ['x'.repeat(51)], ['line\nbreak']])('are not %j', async (tag) => {
    expect((await change({ add: [tag], remove: [] })).statusCode).toBe(400)
  })

  it('need a call of the project, and a key that may write', async () => {
    expect((await change({ add: ['x'], remove: [] }, server.admin, 999)).statusCode).toBe(404)
    const reader = await server.keyOf('read-only')
    expect((await change({ add: ['x'], remove: [] }, reader)).statusCode).toBe(403)
  })
})
