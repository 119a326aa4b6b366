import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SavedView, SavedViewInput } from '#contract/view.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { createSignInToken } from '../../access/grant-access.ts'
import { measureViews, VIEW_LIMITS } from '../../store/views.ts'

type Headers = Record<string, string>

let server: TestServer
/** Two people of project 1, each with a key. */
let ada: Headers
let bob: Headers

const DAY_MS = 24 * 60 * 60_000

beforeAll(async () => {
  server = await startTestServer()
  ada = await server.keyOf('project')
  bob = await server.keyOf('project')
})

afterAll(() => server.close())

const VIEW: SavedViewInput = {
  name: 'Slow refunds',
  visibility: 'personal',
  isPinned: false,
  state: {
    search: '',
    filter: 'topic.contains.refund,longest_response_gap.gt.3',
    sort: '-startedAt',
    columns: [{ id: 'status' }, { id: 'topic', widthPixels: 240 }],
    density: 'compact',
  },
}

function send(
  who: Headers,
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  payload?: object,
) {
  return server.app.inject({ method, url: `/api/views${path}`, headers: who, payload })
}

async function create(who: Headers, view: Partial<SavedViewInput> = {}): Promise<SavedView> {
  const response = await send(who, 'POST', '', { ...VIEW, ...view })
  expect(response.statusCode).toBe(200)
  return response.json()
}

const PROJECT_SHARED = { projectId: 1, visibility: 'shared' } as const

/** Writes a view down again so many times, as `owner`'s if one is named. */
async function copy(
  id: number,
  { count, owner }: { count: number; owner?: string },
): Promise<void> {
  const { reader, writer } = server.database
  const row = await reader
    .selectFrom('saved_view')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const { id: _, ...fields } = { ...row, ...(owner !== undefined && { owner }) }
  const rows = Array.from({ length: count }, () => fields)
  await writer.insertInto('saved_view').values(rows).execute()
}

async function namesOf(who: Headers): Promise<string[]> {
  const { items } = (await send(who, 'GET', '')).json()
  return items.map((view: SavedView) => view.name)
}

describe('saved views', () => {
  it('come back as they were kept, with their name trimmed', async () => {
    const made = await create(ada, { name: '  Slow refunds ' })
    expect(made).toMatchObject({ ...VIEW, isOwn: true, ownerName: 'project' })
    const { items } = (await send(ada, 'GET', '')).json()
    expect(items).toContainEqual(made)
    await send(ada, 'DELETE', `/${made.id}`)
  })

  it('are listed pinned ones first, then by name as people sort', async () => {
    const viewer = await server.keyOf('project')
    for (const name of ['b', 'A 10', 'A 9']) await create(viewer, { name })
    await create(viewer, { name: 'z', isPinned: true })
    expect(await namesOf(viewer)).toEqual(['z', 'A 9', 'A 10', 'b'])
  })

  it('are their owner’s alone while they are personal', async () => {
    const { id } = await create(ada, { name: 'Private' })
    expect(await namesOf(bob)).not.toContain('Private')
    expect(await namesOf(server.admin)).not.toContain('Private')
    for (const who of [bob, server.admin]) {
      expect((await send(who, 'PATCH', `/${id}`, { name: 'x' })).statusCode).toBe(404)
      expect((await send(who, 'DELETE', `/${id}`)).statusCode).toBe(404)
    }
    expect(await namesOf(ada)).toContain('Private')
  })

  it('are for all to see and for owner and administrator to change once they are shared', async () => {
    const { id } = await create(ada, { name: 'Ours', visibility: 'shared' })
    const { items } = (await send(bob, 'GET', '')).json()
    expect(items).toContainEqual(expect.objectContaining({ id, isOwn: false }))
    const refused = await send(bob, 'PATCH', `/${id}`, { name: 'Mine' })
    expect(refused.statusCode).toBe(403)
    expect(refused.json().detail).toMatch(/^This view belongs to project: .* Save a copy/)
    expect((await send(bob, 'DELETE', `/${id}`)).statusCode).toBe(403)
    const changed = await send(server.admin, 'PATCH', `/${id}`, { isPinned: true })
    expect(changed.json()).toMatchObject({ name: 'Ours', isPinned: true, isOwn: false })
  })

  it('belong to a key and to the sessions that it opened alike', async () => {
    const key = ada['x-cekura-api-key']
    const opened = await server.app.inject({
      method: 'POST',
      url: '/api/session',
      payload: { key },
    })
    const [cookie] = opened.cookies
    const session = { cookie: `${cookie?.name}=${cookie?.value}` }
    const { id } = await create(session, { name: 'By session' })
    const renamed = await send(ada, 'PATCH', `/${id}`, { name: 'By key' })
    expect(renamed.json()).toMatchObject({ name: 'By key', isOwn: true })
  })

  it('of everyone who came by a sign-in link are one person’s', async () => {
    const sessions: Headers[] = []
    for (let n = 0; n < 2; n++) {
      const token = await createSignInToken(server.database, Date.now())
      const payload = { token }
      const opened = await server.app.inject({ method: 'POST', url: '/api/session', payload })
      const [cookie] = opened.cookies
      sessions.push({ cookie: `${cookie?.name}=${cookie?.value}` })
    }
    const [first, second] = sessions
    if (!first || !second) throw new Error('Two sessions were opened')
    await create(first, { name: 'By link' })
    expect(await namesOf(second)).toContain('By link')
  })

  it('come back after they were deleted, for 30 days', async () => {
    const { id } = await create(ada, { name: 'Gone' })
    expect((await send(ada, 'DELETE', `/${id}`)).json()).toEqual({ deleted: true })
    expect(await namesOf(ada)).not.toContain('Gone')
    expect((await send(ada, 'DELETE', `/${id}`)).statusCode).toBe(404)
    expect((await send(ada, 'PATCH', `/${id}`, { name: 'x' })).statusCode).toBe(404)
    expect((await send(bob, 'POST', `/${id}/restore`)).statusCode).toBe(404)
    expect((await send(ada, 'POST', `/${id}/restore`)).json()).toMatchObject({ name: 'Gone' })
    expect(await namesOf(ada)).toContain('Gone')

    await send(ada, 'DELETE', `/${id}`)
    server.setNow(new Date(Date.now() + 30 * DAY_MS + 1000))
    expect((await send(ada, 'POST', `/${id}/restore`)).statusCode).toBe(404)
    const { id: other } = await create(ada, { name: 'Other' })
    await send(ada, 'DELETE', `/${other}`)
    const left = await server.database.reader
      .selectFrom('saved_view')
      .select('id')
      .where('id', 'in', [id, other])
      .execute()
    expect(left).toEqual([{ id: other }])
    server.setNow(new Date())
  })

  it.each([
    ['a filter that cannot be read', { filter: 'and(nothing.such.x' }, 'state.filter'],
    ['a pattern that is none', { filter: 'topic.regex."["' }, 'state.filter'],
    ['a column named twice', { columns: [{ id: 'a' }, { id: 'a' }] }, 'state.columns'],
    ['an unknown order', { sort: 'colour' }, 'state'],
  ])('refuse %s', async (_, state, field) => {
    const wrong = { ...VIEW, state: { ...VIEW.state, ...state } }
    const response = await send(ada, 'POST', '', wrong)
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual([field])
  })

  it('are refused with a name that hides or turns around', async () => {
    for (const name of ['a\u0000b', '\u202Eevil', 'a\u2066b', 'two\nlines']) {
      const refused = await send(ada, 'POST', '', { ...VIEW, name })
      expect([refused.statusCode, Object.keys(refused.json())]).toEqual([400, ['name']])
    }
  })

  it('take a filter of up to 16 KB', async () => {
    const rule = 'topic.eq.'
    const withFilter = (sizeBytes: number) => {
      const filter = `${rule}${'x'.repeat(200)},`.repeat(100).slice(0, sizeBytes)
      return send(ada, 'POST', '', { ...VIEW, state: { ...VIEW.state, filter } })
    }
    const tooLong = await withFilter(16 * 1024 + 1)
    expect(tooLong.statusCode).toBe(400)
    expect(tooLong.json().state[0]).toMatch(/filter.*16384/)
    const { id } = (await withFilter(16 * 1024)).json()
    await send(ada, 'DELETE', `/${id}`)
  })

  it('are no more than 100 of one person, which leaves others theirs', async () => {
    const crowd = await server.keyOf('project')
    const { id } = await create(crowd)
    await copy(id, { count: VIEW_LIMITS.own.count - 1 })
    const refused = await send(crowd, 'POST', '', VIEW)
    expect(refused.statusCode).toBe(409)
    expect(refused.json().detail).toBe('One person can keep 100 views. Delete one first.')
    await create(bob, { name: 'Not in the way' })
    await send(crowd, 'DELETE', `/${id}`)
    await create(crowd)
    expect((await send(crowd, 'POST', `/${id}/restore`)).statusCode).toBe(409)
    const { items } = (await send(crowd, 'GET', '')).json()
    expect(items.filter((view: SavedView) => view.isOwn)).toHaveLength(100)
  })

  it('are no more than 200 shared ones', async () => {
    const sharer = await server.keyOf('project')
    const { id } = await create(sharer, { visibility: 'shared' })
    const before = await measureViews(server.database.reader, PROJECT_SHARED)
    const count = VIEW_LIMITS.shared.count - before.count
    await copy(id, { count, owner: 'someone' })
    const refused = await send(sharer, 'POST', '', { ...VIEW, visibility: 'shared' })
    expect(refused.json()).toEqual({ detail: 'A project can share 200 views. Delete one first.' })
    const personal = await create(sharer, { name: 'Mine' })
    const shared = await send(sharer, 'PATCH', `/${personal.id}`, { visibility: 'shared' })
    expect(shared.statusCode).toBe(409)
    expect((await send(sharer, 'PATCH', `/${personal.id}`, { name: 'My own' })).statusCode).toBe(
      200,
    )
    await server.database.writer.deleteFrom('saved_view').where('owner', '=', 'someone').execute()
  })

  it('are no more than 500 KB of one person', async () => {
    const writer = await server.keyOf('project')
    const filter = `topic.eq.${'x'.repeat(300)},`.repeat(50).slice(0, 15_000)
    const { id } = await create(writer, { state: { ...VIEW.state, filter } })
    // A state is its filter of 15,000 characters and some 130 of the rest: 33 of them are within 500,000, and 34 not.
    await copy(id, { count: 32 })
    const refused = await send(writer, 'POST', '', { ...VIEW, state: { ...VIEW.state, filter } })
    expect(refused.json().detail).toMatch(/^One person can keep 500 KB of views/)
    await create(writer)
  })

  it('go for good once 100 others of their owner were deleted since', async () => {
    const cleaner = await server.keyOf('project')
    const { id: first } = await create(cleaner)
    await send(cleaner, 'DELETE', `/${first}`)
    const { id: second } = await create(cleaner)
    await send(cleaner, 'DELETE', `/${second}`)
    await copy(second, { count: 98 })
    const restorable = await server.keyOf('project')
    const { id: theirs } = await create(restorable)
    await send(restorable, 'DELETE', `/${theirs}`)
    const { id: last } = await create(cleaner)
    await send(cleaner, 'DELETE', `/${last}`)
    expect((await send(cleaner, 'POST', `/${first}/restore`)).statusCode).toBe(404)
    expect((await send(cleaner, 'POST', `/${second}/restore`)).statusCode).toBe(200)
    expect((await send(restorable, 'POST', `/${theirs}/restore`)).statusCode).toBe(200)
  })

  it('are read but not written with a read-only key', async () => {
    const reader = await server.keyOf('read-only')
    expect((await send(reader, 'GET', '')).statusCode).toBe(200)
    expect((await send(reader, 'POST', '', VIEW)).statusCode).toBe(403)
  })

  it('leave a line in the audit log', async () => {
    const { id } = await create(ada, { name: 'Logged' })
    await send(ada, 'DELETE', `/${id}`)
    const lines = await server.database.reader
      .selectFrom('audit_log')
      .select(['actor', 'action'])
      .where('subject', '=', `view:${id}`)
      .orderBy('id')
      .execute()
    expect(lines).toEqual([
      { actor: 'project', action: 'create view "Logged" (personal)' },
      { actor: 'project', action: 'delete view "Logged" (personal)' },
    ])
  })
})
