import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSignInToken } from '#server/access/grant-access.ts'
import { hashSecret } from '#server/access/secrets.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.close())

const HOUR_MS = 60 * 60_000

function signIn(proof: object, from: TestServer = server) {
  return from.app.inject({ method: 'POST', url: '/api/session', payload: proof })
}

/** The cookie of a new session, as a browser sends it back. */
async function sessionOf(proof: object): Promise<{ cookie: string }> {
  const response = await signIn(proof)
  expect(response.statusCode).toBe(200)
  const [cookie] = response.cookies
  return { cookie: `${cookie?.name}=${cookie?.value}` }
}

const ask = (headers: Record<string, string>) => server.app.inject({ url: '/api/session', headers })

let keyCount = 0

async function newKey(scope: string) {
  const response = await server.app.inject({
    method: 'POST',
    url: '/api/keys',
    headers: server.admin,
    payload: { name: `${scope} key ${++keyCount}`, scope },
  })
  expect(response.statusCode).toBe(200)
  return response.json<{ id: number; key: string; hint: string }>()
}

const revoke = (id: number) =>
  server.app.inject({ method: 'DELETE', url: `/api/keys/${id}`, headers: server.admin })

const tokenAt = (now: number) => createSignInToken(server.database, now)

describe('a sign-in link', () => {
  it('opens a session of an administrator', async () => {
    const session = await sessionOf({ token: await tokenAt(Date.now()) })
    expect((await ask(session)).json()).toMatchObject({ scope: 'admin', name: 'Sign-in link' })
  })

  it('works once', async () => {
    const token = await tokenAt(Date.now())
    expect((await signIn({ token })).statusCode).toBe(200)
    const second = await signIn({ token })
    expect(second.statusCode).toBe(400)
    expect(second.json()).toEqual({
      token: ['This sign-in link was used already or has expired.'],
    })
    expect(second.cookies).toEqual([])
  })

  it('works once also for two who open it at the same moment', async () => {
    const token = await tokenAt(Date.now())
    const answers = await Promise.all([signIn({ token }), signIn({ token })])
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([200, 400])
  })

  it('expires after a day', async () => {
    const inTime = await tokenAt(Date.now() - 23 * HOUR_MS)
    const tooLate = await tokenAt(Date.now() - 25 * HOUR_MS)
    expect((await signIn({ token: inTime })).statusCode).toBe(200)
    expect((await signIn({ token: tooLate })).statusCode).toBe(400)
  })

  it.each([{ token: 'nope' }, { token: '' }])(
    'is refused where it was never made: %j',
    async (proof) => {
      expect((await signIn(proof)).statusCode).toBe(400)
    },
  )
})

describe('a session', () => {
  it('is a cookie that scripts, other sites and files cannot use', async () => {
    const { cookies, headers } = await signIn({ token: await tokenAt(Date.now()) })
    expect(cookies).toEqual([
      {
        name: 'talktrack_session',
        value: expect.stringMatching(/^[\w-]{43}$/),
        path: '/',
        httpOnly: true,
        sameSite: 'Strict',
        expires: expect.any(Date),
      },
    ])
    expect(String(headers['set-cookie'])).not.toContain('Domain')
  })

  it('is sent over https alone where the server is reached by https', async () => {
    const secure = await startTestServer({ environment: { PUBLIC_URL: 'https://calls.example' } })
    const token = await createSignInToken(secure.database, Date.now())
    const { cookies } = await signIn({ token }, secure)
    expect(cookies[0]).toMatchObject({ secure: true, sameSite: 'Strict' })
    await secure.close()
  })

  it('has the scope of the key that opened it', async () => {
    const { key } = await newKey('read-only')
    const session = await sessionOf({ key: ` ${key}\n` })
    expect((await ask(session)).json()).toMatchObject({
      scope: 'read-only',
      name: expect.stringMatching(/^read-only key \d+$/),
    })
    const write = {
      method: 'POST',
      url: '/api/agents',
      headers: session,
      payload: { name: 'x' },
    } as const
    expect((await server.app.inject(write)).statusCode).toBe(403)
  })

  it('says when it ends; a visit by key has no end', async () => {
    const session = await sessionOf({ token: await tokenAt(Date.now()) })
    const endsInMs = Date.parse((await ask(session)).json().expiresAt) - Date.now()
    expect(endsInMs / (24 * HOUR_MS)).toBeCloseTo(30, 1)
    expect((await ask(server.admin)).json()).toEqual({
      scope: 'admin',
      name: 'admin',
      expiresAt: null,
    })
  })

  it('ends after thirty days', async () => {
    const session = await sessionOf({ token: await tokenAt(Date.now()) })
    server.setNow(new Date(Date.now() + 29 * 24 * HOUR_MS))
    expect((await ask(session)).statusCode).toBe(200)
    server.setNow(new Date(Date.now() + 31 * 24 * HOUR_MS))
    expect((await ask(session)).statusCode).toBe(401)
    server.setNow(new Date())
  })

  it('ends when its key is revoked', async () => {
    const { id, key } = await newKey('project')
    const session = await sessionOf({ key })
    expect((await ask(session)).statusCode).toBe(200)
    expect((await revoke(id)).json()).toEqual({ revoked: true })
    expect((await ask(session)).statusCode).toBe(401)
    expect((await ask({ 'x-cekura-api-key': key })).statusCode).toBe(401)
    expect((await signIn({ key })).json()).toEqual({
      key: ['This API key is unknown or was revoked.'],
    })
    expect((await revoke(id)).statusCode).toBe(404)
  })

  it('ends when its owner signs out, and the cookie goes', async () => {
    const session = await sessionOf({ token: await tokenAt(Date.now()) })
    const out = await server.app.inject({ method: 'DELETE', url: '/api/session', headers: session })
    expect(out.json()).toEqual({ signedOut: true })
    expect(out.cookies[0]).toMatchObject({ name: 'talktrack_session', value: '' })
    expect((await ask(session)).statusCode).toBe(401)
  })

  it('does not count where a key is sent as well: the key decides alone', async () => {
    const session = await sessionOf({ token: await tokenAt(Date.now()) })
    expect((await ask({ ...session, 'x-cekura-api-key': 'tt_nope' })).statusCode).toBe(401)
  })

  it.each(['talktrack_session=', 'talktrack_session=nope', 'talktrack_session=%00', 'other=1'])(
    'is not opened by the cookie %s',
    async (cookie) => {
      expect((await ask({ cookie })).statusCode).toBe(401)
    },
  )

  it.each([{}, { key: 7 }, { name: 'x' }])('is not opened by %j', async (proof) => {
    expect((await signIn(proof)).statusCode).toBe(400)
  })
})

describe('a new API key', () => {
  it('is shown once, and listed by its first characters', async () => {
    const { id, key, hint } = await newKey('project')
    expect(key).toMatch(/^tt_[\w-]{43}$/)
    expect(hint).toBe(`${key.slice(0, 7)}••••`)
    const list = await server.app.inject({ url: '/api/keys', headers: server.admin })
    expect(list.body).not.toContain(key)
    expect(list.json().items).toContainEqual(
      expect.objectContaining({ id, hint, scope: 'project', lastUsedAt: null }),
    )
  })

  it.each([
    [{ name: '', scope: 'admin' }, 'name'],
    [{ name: 'x'.repeat(101), scope: 'admin' }, 'name'],
    [{ name: 'x', scope: 'root' }, 'scope'],
    [{ name: 'x' }, 'scope'],
  ])('is refused as %j', async (payload, field) => {
    const request = { method: 'POST', url: '/api/keys', headers: server.admin, payload } as const
    const response = await server.app.inject(request)
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual([field])
  })

  it.each(['project', 'read-only', 'admin'])(
    'of the scope %s has a name of its own until the other key of that name is revoked',
    async (scope) => {
      const name = `Ada ${scope}`
      const create = (own: string) =>
        server.app.inject({
          method: 'POST',
          url: '/api/keys',
          headers: server.admin,
          payload: { name, scope: own },
        })
      const { id } = (await create('project')).json()
      const refused = await create(scope)
      expect(refused.statusCode).toBe(400)
      expect(refused.json()).toEqual({
        name: [expect.stringContaining(`There is a key "${name}" already.`)],
      })
      await revoke(id)
      expect((await create(scope)).statusCode).toBe(200)
      expect((await create('project')).statusCode).toBe(400)
    },
  )

  it('notes when it was last used', async () => {
    const { id, key } = await newKey('project')
    await server.app.inject({ url: '/api/calls', headers: { 'x-cekura-api-key': key } })
    const list = await server.app.inject({ url: '/api/keys', headers: server.admin })
    const listed = list.json().items.find((item: { id: number }) => item.id === id)
    expect(Date.parse(listed.lastUsedAt)).toBeGreaterThan(Date.now() - 60_000)
  })
})

describe('the database file', () => {
  it('holds hashes of keys, sessions and sign-in links, and none of them in clear', async () => {
    const { key } = await newKey('admin')
    const token = await tokenAt(Date.now())
    const { cookie } = await sessionOf({ token })
    await sessionOf({ key })
    const session = cookie.split('=')[1] ?? ''
    const file = join(server.config.dataDir, 'talktrack.db')
    const bytes = Buffer.concat([await readFile(file), await readFile(`${file}-wal`)])
    for (const secret of [key, token, session]) {
      expect(secret.length).toBeGreaterThan(40)
      expect(bytes.includes(secret)).toBe(false)
      expect(bytes.includes(hashSecret(secret))).toBe(true)
    }
  })
})
