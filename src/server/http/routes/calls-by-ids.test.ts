import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer
let ids: number[]

beforeAll(async () => {
  server = await startTestServer()
  ids = await storeCalls(server.database, [{ callId: 'kept' }, { callId: 'left' }])
})

afterAll(() => server.close())

async function byIds(wanted: readonly number[], selection: Record<string, string> = {}) {
  const query = new URLSearchParams({ ids: wanted.join(), ...selection })
  const answer = await server.app.inject({
    url: `/api/calls/by-ids?${query}`,
    headers: server.admin,
  })
  const { items, leftIds } = answer.json()
  return {
    status: answer.statusCode,
    found: items?.map((item: { id: number }) => item.id),
    leftIds,
  }
}

describe('the calls of some ids', () => {
  it('are answered with which of them a filter no longer lets through', async () => {
    const [kept = 0, left = 0] = ids
    expect(await byIds([left, kept], { filter: 'call_id.eq.kept' })).toEqual({
      status: 200,
      found: [kept, left],
      leftIds: [left],
    })
  })

  it('have left nothing where nothing is asked, and unknown ones are left out of both', async () => {
    const [kept = 0, left = 0] = ids
    expect(await byIds([kept, left])).toEqual({ status: 200, found: [kept, left], leftIds: [] })
    const unknown = await byIds([left, 999_999], { filter: 'call_id.eq.kept' })
    expect(unknown).toEqual({ status: 200, found: [left], leftIds: [left] })
  })

  it('are refused with a filter that cannot be read', async () => {
    expect((await byIds(ids, { filter: 'duration.gte.soon' })).status).toBe(400)
  })
})
