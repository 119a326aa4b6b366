import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import { listApiKeys, revokeApiKey } from '../store/api-keys.ts'
import type { Database } from '../store/database.ts'
import { authenticate, openSession } from './authenticate.ts'
import {
  createApiKey,
  createSignInToken,
  ensureBootstrapKey,
  isFirstStart,
} from './grant-access.ts'

let database: Database
let close: () => Promise<void>

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
})

afterAll(() => close())

const NOW = 1_800_000_000_000
const DAY_MS = 24 * 60 * 60_000

const key = (scope: 'admin' | 'project' | 'read-only') =>
  createApiKey(database, { name: scope, scope, actor: 'test', now: NOW })

const byKey = (apiKey: string, now = NOW) =>
  authenticate(database, { apiKey, sessionToken: null }, now)
const bySession = (sessionToken: string, now = NOW) =>
  authenticate(database, { apiKey: null, sessionToken }, now)

describe('the first start', () => {
  it('is over once there is any way in', async () => {
    const fresh = await openTemporaryDatabase()
    expect(await isFirstStart(fresh.database)).toBe(true)
    await createSignInToken(fresh.database, NOW)
    expect(await isFirstStart(fresh.database)).toBe(false)
    await fresh.close()
  })
})

describe('authenticate', () => {
  it('knows a key, how far it goes, and in which project', async () => {
    expect(await byKey((await key('admin')).key)).toMatchObject({ scope: 'admin', projectId: null })
    expect(await byKey((await key('project')).key)).toMatchObject({
      scope: 'project',
      projectId: 1,
    })
    expect(await byKey((await key('read-only')).key)).toMatchObject({ projectId: 1, via: 'key' })
  })

  it('tells the owner of things: a key with the sessions it opened, or whoever came by a link', async () => {
    const { id, key: text } = await key('project')
    const { key: other } = await key('project')
    const opened = await openSession(database, { key: text }, NOW)
    const token = await createSignInToken(database, NOW)
    const byLink = await openSession(database, { token }, NOW)
    expect(await byKey(text)).toMatchObject({ owner: `key:${id}` })
    expect(opened?.visitor).toMatchObject({ owner: `key:${id}` })
    expect(await bySession(opened?.token ?? '')).toEqual(opened?.visitor)
    expect(await bySession(byLink?.token ?? '')).toMatchObject({ owner: 'owner' })
    expect((await byKey(other))?.owner).not.toBe(`key:${id}`)
  })

  it('knows nobody without credentials, or with wrong ones', async () => {
    expect(await authenticate(database, { apiKey: null, sessionToken: null }, NOW)).toBeNull()
    expect(await byKey('')).toBeNull()
    expect(await byKey('tt_unknown')).toBeNull()
    expect(await bySession('unknown')).toBeNull()
  })

  it('does not take a hash for the key', async () => {
    await key('admin')
    const { key_hash: hash } = await database.reader
      .selectFrom('api_key')
      .select('key_hash')
      .executeTakeFirstOrThrow()
    expect(await byKey(hash)).toBeNull()
  })

  it('does not take a session for a key, nor a sign-in token for either', async () => {
    const signIn = await createSignInToken(database, NOW)
    expect(await byKey(signIn)).toBeNull()
    expect(await bySession(signIn)).toBeNull()
    const session = await openSession(database, { token: signIn }, NOW)
    expect(await byKey(session?.token ?? '')).toBeNull()
    expect(await bySession(session?.token ?? '')).toMatchObject({ via: 'session', scope: 'admin' })
  })

  it('writes down the use of a key at most once a minute', async () => {
    const { id, key: text } = await key('project')
    const lastUse = async () => {
      const listed = (await listApiKeys(database.reader)).find((item) => item.id === id)
      return listed?.lastUsedAt && Date.parse(listed.lastUsedAt) - NOW
    }
    await byKey(text)
    expect(await lastUse()).toBe(0)
    await byKey(text, NOW + 59_999)
    expect(await lastUse()).toBe(0)
    await byKey(text, NOW + 60_000)
    expect(await lastUse()).toBe(60_000)
  })
})

describe('openSession', () => {
  it('gives thirty days with the rights of the key', async () => {
    const { key: text } = await key('read-only')
    const session = await openSession(database, { key: text }, NOW)
    expect(session).toMatchObject({
      expiresAt: NOW + 30 * DAY_MS,
      visitor: { scope: 'read-only', projectId: 1, name: 'read-only' },
    })
    const token = session?.token ?? ''
    expect(await bySession(token, NOW + 30 * DAY_MS - 1)).not.toBeNull()
    expect(await bySession(token, NOW + 30 * DAY_MS)).toBeNull()
  })

  it('takes a one-time token once, within a day', async () => {
    const token = await createSignInToken(database, NOW)
    expect(await openSession(database, { token }, NOW + DAY_MS)).toBeNull()
    expect(await openSession(database, { token }, NOW + DAY_MS - 1)).toMatchObject({
      visitor: { scope: 'admin', projectId: null },
    })
    expect(await openSession(database, { token }, NOW)).toBeNull()
  })

  it('ends with its key, and leaves the sessions of other keys', async () => {
    const [mine, other] = [await key('project'), await key('project')]
    const mySession = await openSession(database, { key: mine.key }, NOW)
    const otherSession = await openSession(database, { key: other.key }, NOW)
    await revokeApiKey(database.writer, { id: mine.id, now: NOW })
    expect(await bySession(mySession?.token ?? '')).toBeNull()
    expect(await bySession(otherSession?.token ?? '')).not.toBeNull()
    expect(await openSession(database, { key: mine.key }, NOW)).toBeNull()
  })
})

describe('the bootstrap key', () => {
  it('is an administrator, stored once however often the server starts', async () => {
    const bootstrap = { key: 'sixteen-or-more-characters', now: NOW }
    await ensureBootstrapKey(database, bootstrap)
    await ensureBootstrapKey(database, bootstrap)
    expect(await byKey(bootstrap.key)).toMatchObject({ scope: 'admin', name: 'TALKTRACK_API_KEY' })
    const named = (await listApiKeys(database.reader)).filter(
      ({ name }) => name === 'TALKTRACK_API_KEY',
    )
    expect(named).toHaveLength(1)
  })

  it('does not come back once it was revoked', async () => {
    const bootstrap = { key: 'another-long-bootstrap-key', now: NOW }
    await ensureBootstrapKey(database, bootstrap)
    const [newest] = await listApiKeys(database.reader)
    await revokeApiKey(database.writer, { id: newest?.id ?? 0, now: NOW })
    await ensureBootstrapKey(database, bootstrap)
    expect(await byKey(bootstrap.key)).toBeNull()
  })
})
