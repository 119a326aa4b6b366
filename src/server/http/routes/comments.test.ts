import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CallComment, MAX_COMMENTS } from '#contract/comment.ts'
import { storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

type Headers = Record<string, string>

let server: TestServer
/** Two people of project 1, each with a key of the same name. */
let ada: Headers
let bob: Headers
let callId: number

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.keyOf('project')
  bob = await server.keyOf('project')
  ;[callId = 0] = await storeCalls(server.database, [{ callId: 'a' }])
  await server.database.writer
    .updateTable('call')
    .set({ segment_count: 4 })
    .where('id', '=', callId)
    .execute()
})

afterAll(() => server.close())

function send(
  who: Headers,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  url: string,
  payload?: object,
) {
  return server.app.inject({ method, url: `/api${url}`, headers: who, payload })
}

async function write(who: Headers, comment: object = {}, call = callId): Promise<CallComment> {
  const answer = await send(who, 'POST', `/calls/${call}/comments`, { text: 'Hm', ...comment })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json()
}

async function read(who: Headers, call = callId): Promise<CallComment[]> {
  return (await send(who, 'GET', `/calls/${call}/comments`)).json().items
}

describe('comments on a call', () => {
  it('are read by everybody, and are the own of who wrote them', async () => {
    const { id } = await write(ada, { text: ' Too late ', atSeconds: 12.3456, segmentIndex: 2 })
    const seen = (await read(bob)).find((comment) => comment.id === id)
    expect(seen).toMatchObject({
      callId,
      parentId: null,
      author: 'project',
      isOwn: false,
      text: 'Too late',
      atSeconds: 12.346,
      segmentIndex: 2,
      isResolved: false,
    })
    expect((await read(ada)).find((comment) => comment.id === id)?.isOwn).toBe(true)
  })

  it('are edited by their author alone', async () => {
    const { id } = await write(ada)
    const refused = await send(bob, 'PATCH', `/comments/${id}`, { text: 'Mine' })
    expect(refused.statusCode).toBe(403)
    expect(refused.json().detail).toMatch(/only they can edit it/)
    server.setNow(new Date(Date.now() + 60_000))
    const edited = (await send(ada, 'PATCH', `/comments/${id}`, { text: 'Better' })).json()
    expect(edited.text).toBe('Better')
    expect(edited.updatedAt > edited.createdAt).toBe(true)
    server.setNow(new Date())
  })

  it('are resolved and opened again by anybody who may write', async () => {
    const { id } = await write(ada)
    const resolved = await send(bob, 'PATCH', `/comments/${id}`, { isResolved: true })
    expect(resolved.json()).toMatchObject({ isResolved: true, resolvedBy: 'project' })
    const opened = await send(ada, 'PATCH', `/comments/${id}`, { isResolved: false })
    expect(opened.json()).toMatchObject({ isResolved: false, resolvedBy: '' })
  })

  it('lose nothing where two people write at once', async () => {
    const [call = 0] = await storeCalls(server.database, [{ callId: 'busy' }])
    const texts = Array.from({ length: 10 }, (_, n) => `comment ${n}`)
    await Promise.all(texts.map((text, n) => write(n % 2 === 0 ? ada : bob, { text }, call)))
    expect((await read(ada, call)).map(({ text }) => text).toSorted()).toEqual(texts)
  })

  it('are deleted with their replies, and come back with them', async () => {
    const [call = 0] = await storeCalls(server.database, [{ callId: 'deleted' }])
    const { id } = await write(ada, {}, call)
    const { id: reply } = await write(bob, { parentId: id }, call)
    expect((await send(bob, 'DELETE', `/comments/${id}`)).statusCode).toBe(403)
    expect((await send(ada, 'DELETE', `/comments/${id}`)).json()).toEqual({ deleted: true })
    expect(await read(ada, call)).toEqual([])
    expect((await send(ada, 'DELETE', `/comments/${id}`)).statusCode).toBe(404)
    // A reply of a thread that is gone is gone too.
    expect((await send(bob, 'PATCH', `/comments/${reply}`, { text: 'x' })).statusCode).toBe(404)
    expect((await send(ada, 'POST', `/comments/${id}/restore`)).json().id).toBe(id)
    expect((await read(ada, call)).map((comment) => comment.id)).toEqual([id, reply])
  })

  it('can be deleted by an administrator, which the audit log tells', async () => {
    const { id } = await write(ada)
    expect((await send(server.admin, 'DELETE', `/comments/${id}`)).statusCode).toBe(200)
    const lines = await server.database.reader
      .selectFrom('audit_log')
      .select(['actor', 'action'])
      .where('subject', '=', `comment:${id}`)
      .execute()
    expect(lines).toEqual([{ actor: 'admin', action: 'delete comment of "project"' }])
  })

  it('make the call one that changed, which open pages hear of', async () => {
    const updatedAt = async () => {
      const row = server.database.reader.selectFrom('call').select('updated_at')
      return (await row.where('id', '=', callId).executeTakeFirstOrThrow()).updated_at
    }
    const before = await updatedAt()
    server.setNow(new Date(Date.now() + 120_000))
    await write(ada)
    expect(await updatedAt()).toBeGreaterThan(before)
    server.setNow(new Date())
  })

  it('are at most 1000, replies included', async () => {
    const [call = 0] = await storeCalls(server.database, [{ callId: 'full' }])
    const { id } = await write(ada, {}, call)
    const row = {
      call_id: call,
      parent_id: id,
      owner: '',
      author: '',
      text: 'x',
      at_ms: null,
      segment_index: null,
      resolved_at: null,
      resolved_by: '',
      created_at: 0,
      updated_at: 0,
      deleted_at: null,
    }
    const missing = Array.from({ length: MAX_COMMENTS - 2 }, () => row)
    await server.database.writer.insertInto('call_comment').values(missing).execute()
    const { id: last } = await write(ada, {}, call)
    const refused = await send(ada, 'POST', `/calls/${call}/comments`, { text: 'One more' })
    expect(refused.statusCode).toBe(409)
    expect(refused.json().detail).toMatch(/1000 comments/)
    await send(ada, 'DELETE', `/comments/${last}`)
    await write(ada, {}, call)
    expect((await send(ada, 'POST', `/comments/${last}/restore`)).statusCode).toBe(409)
  })

  it('are not found in another project', async () => {
    const { writer } = server.database
    await writer
      .insertInto('project')
      .values({
        id: 2,
        name: 'Theirs',
        duplicate_policy: 'update',
        accepts_metadata_only: 0,
        created_at: 0,
        updated_at: 0,
      })
      .execute()
    const [theirs = 0] = await storeCalls(server.database, [{ callId: 'b', projectId: 2 }])
    const { id } = await writer
      .insertInto('call_comment')
      .values({
        call_id: theirs,
        parent_id: null,
        owner: '',
        author: '',
        text: 'Secret',
        at_ms: null,
        segment_index: null,
        resolved_at: null,
        resolved_by: '',
        created_at: 0,
        updated_at: 0,
        deleted_at: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    const asked = [
      await send(ada, 'GET', `/calls/${theirs}/comments`),
      await send(ada, 'POST', `/calls/${theirs}/comments`, { text: 'x' }),
      await send(ada, 'PATCH', `/comments/${id}`, { isResolved: true }),
      await send(ada, 'DELETE', `/comments/${id}`),
      await send(ada, 'POST', `/comments/${id}/restore`),
    ]
    expect(asked.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404, 404])
    const reply = await send(ada, 'POST', `/calls/${callId}/comments`, { text: 'x', parentId: id })
    expect(reply.json()).toEqual({ parentId: [`This call has no comment ${id}.`] })
    await writer.deleteFrom('call').where('project_id', '=', 2).execute()
    await writer.deleteFrom('project').where('id', '=', 2).execute()
  })
})

describe('a reply', () => {
  it('answers a thread, and not another reply', async () => {
    const { id } = await write(ada)
    const { id: reply } = await write(bob, { parentId: id })
    const refused = await send(ada, 'POST', `/calls/${callId}/comments`, {
      text: 'x',
      parentId: reply,
    })
    expect(refused.statusCode).toBe(400)
    expect(refused.json()).toEqual({
      parentId: [`Comment ${reply} is a reply: answer comment ${id}, which it is to.`],
    })
  })

  it('has no place of its own and is not resolved by itself', async () => {
    const { id } = await write(ada)
    const placed = await send(ada, 'POST', `/calls/${callId}/comments`, {
      text: 'x',
      parentId: id,
      atSeconds: 3,
    })
    expect([placed.statusCode, Object.keys(placed.json())]).toEqual([400, ['atSeconds']])
    const { id: reply } = await write(bob, { parentId: id })
    const resolved = await send(ada, 'PATCH', `/comments/${reply}`, { isResolved: true })
    expect([resolved.statusCode, Object.keys(resolved.json())]).toEqual([400, ['isResolved']])
  })
})

describe('a comment is refused', () => {
  it.each([
    ['text', { text: '  ' }],
    ['text', { text: 'x'.repeat(10_001) }],
    ['atSeconds', { atSeconds: -1 }],
    ['segmentIndex', { segmentIndex: 4 }],
    ['segmentIndex', { segmentIndex: 1.5 }],
    ['parentId', { parentId: 99_999 }],
  ])('by its %s: %j', async (field, comment) => {
    const answer = await send(ada, 'POST', `/calls/${callId}/comments`, { text: 'x', ...comment })
    expect([answer.statusCode, Object.keys(answer.json())]).toEqual([400, [field]])
  })

  it('with a change that changes nothing', async () => {
    const { id } = await write(ada)
    expect((await send(ada, 'PATCH', `/comments/${id}`, {})).statusCode).toBe(400)
  })
})

describe('the export as JSONL', () => {
  it('has the comments of a call with their replies', async () => {
    const [call = 0] = await storeCalls(server.database, [{ callId: 'exported' }])
    const { id } = await write(ada, { text: 'Too late', atSeconds: 2.5 }, call)
    await write(bob, { text: 'Yes', parentId: id }, call)
    const { id: gone } = await write(ada, { text: 'Gone' }, call)
    await send(ada, 'DELETE', `/comments/${gone}`)
    await send(bob, 'PATCH', `/comments/${id}`, { isResolved: true })
    const url = '/calls/export?format=jsonl&filter=call_id.eq.exported'
    const line = JSON.parse((await send(ada, 'GET', url)).body)
    expect(line.commentCount).toBe(2)
    const createdAt = expect.any(String)
    expect(line.comments).toEqual([
      {
        author: 'project',
        text: 'Too late',
        createdAt,
        atSeconds: 2.5,
        segmentIndex: null,
        isResolved: true,
        replies: [{ author: 'project', text: 'Yes', createdAt }],
      },
    ])
  })
})
