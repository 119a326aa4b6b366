import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BulkAction } from '#contract/bulk-action.ts'
import { storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { addTheirProject } from '#testing/their-project.ts'

let server: TestServer
let theirs: Record<string, string>

beforeAll(async () => {
  server = await startTestServer()
  theirs = await addTheirProject(server.database)
})

afterAll(() => server.close())

const ours = () => server.keyOf('project')

function send(headers: Record<string, string>, path = '', payload?: object) {
  return server.app.inject({ method: 'POST', url: `/api/bulk-actions${path}`, headers, payload })
}

async function list(headers: Record<string, string>): Promise<BulkAction[]> {
  return (await server.app.inject({ url: '/api/bulk-actions', headers })).json().items
}

async function callOf(id: number) {
  return (await server.app.inject({ url: `/api/calls/${id}`, headers: await ours() })).json()
}

describe('a bulk action', () => {
  it('runs in the background, is listed with its progress, and is undone', async () => {
    const headers = await ours()
    const [first = 0, second = 0] = await storeCalls(server.database, [
      { callId: 'a', fields: { topic: 'refund' } },
      { callId: 'b', fields: { topic: 'order' } },
    ])
    const target = { matching: { filter: 'topic.eq.refund' } }
    const response = await send(headers, '', { work: { kind: 'tag', tags: ['seen'] }, target })
    expect(response.statusCode).toBe(200)
    const { id, ...started } = response.json<BulkAction>()
    expect(started).toMatchObject({ state: 'running', totalCount: 1, canUndo: false })
    await server.settle()
    expect((await list(headers))[0]).toMatchObject({
      id,
      state: 'done',
      doneCount: 1,
      canUndo: true,
    })
    expect((await callOf(first)).tags).toEqual(['seen'])
    expect((await callOf(second)).tags).toEqual([])

    expect((await send(headers, `/${id}/undo`)).json()).toMatchObject({ state: 'undoing' })
    await server.settle()
    expect((await list(headers))[0]).toMatchObject({ id, state: 'undone', canUndo: false })
    expect((await callOf(first)).tags).toEqual([])
    expect((await send(headers, `/${id}/undo`)).statusCode).toBe(409)
    expect((await send(headers, `/${id}/cancel`)).json()).toEqual({
      detail: 'This action does not run any more: undone.',
    })
  })

  it('reviews in the name of who started it, and reruns through the queue', async () => {
    const headers = await ours()
    const [id = 0] = await storeCalls(server.database, [{ callId: 'r' }])
    await send(headers, '', { work: { kind: 'review', verdict: 'failure' }, target: { ids: [id] } })
    await server.settle()
    expect(await callOf(id)).toMatchObject({ status: 'reviewed_failure', isReviewed: true })
    const [other = 0] = await storeCalls(server.database, [{ callId: 'o' }])
    await send(headers, '', { work: { kind: 'rerun' }, target: { ids: [id, other] } })
    await server.settle()
    expect(await callOf(id)).toMatchObject({ status: 'reviewed_failure' })
    expect(await callOf(other)).toMatchObject({ status: 'success' })
  })

  it('is of its project alone', async () => {
    const headers = await ours()
    const [id = 0] = await storeCalls(server.database, [{ callId: 't' }])
    const work = { kind: 'tag', tags: ['stolen'] }
    const foreign = (await send(theirs, '', { work, target: { ids: [id] } })).json()
    expect(foreign).toMatchObject({ totalCount: 0 })
    await send(theirs, '', { work, target: { matching: {} } })
    await server.settle()
    expect((await callOf(id)).tags).toEqual([])
    expect((await list(headers)).map((action) => action.id)).not.toContain(foreign.id)
    for (const what of ['cancel', 'undo']) {
      expect((await send(headers, `/${foreign.id}/${what}`)).statusCode).toBe(404)
    }
  })

  it.each([
    ['no work', { target: { ids: [1] } }],
    ['no calls', { work: { kind: 'rerun' }, target: { ids: [] } }],
    ['no tags', { work: { kind: 'tag', tags: [] }, target: { ids: [1] } }],
    [
      'a filter that cannot be read',
      { work: { kind: 'rerun' }, target: { matching: { filter: 'a(' } } },
    ],
  ])('is refused with %s', async (_, input) => {
    expect((await send(await ours(), '', input)).statusCode).toBe(400)
  })

  it('needs a key that may write', async () => {
    const reader = await server.keyOf('read-only')
    const input = { work: { kind: 'rerun' }, target: { matching: {} } }
    for (const path of ['', '/1/cancel', '/1/undo']) {
      expect((await send(reader, path, input)).statusCode).toBe(403)
    }
    expect(await list(reader)).not.toEqual([])
  })
})
