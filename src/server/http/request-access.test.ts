import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { InjectOptions } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccessScope } from '#contract/access.ts'
import { loadWebhook } from '#testing/load-webhook.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer
let pagesFolder: string
const keys = {} as Record<AccessScope, Record<string, string>>

beforeAll(async () => {
  pagesFolder = await mkdtemp(join(tmpdir(), 'talktrack-pages-'))
  await writeFile(join(pagesFolder, 'index.html'), '<style nonce="__CSP_NONCE__"></style>')
  await mkdir(join(pagesFolder, 'assets'))
  await writeFile(join(pagesFolder, 'assets', 'main-1a2b.js'), 'void 0')
  server = await startTestServer({ pagesFolder })
  for (const scope of ['admin', 'project', 'read-only'] as const) {
    keys[scope] = await server.keyOf(scope)
  }
})

afterAll(async () => {
  await server.close()
  await rm(pagesFolder, { recursive: true })
})

type Method = NonNullable<InjectOptions['method']>
type Route = { method: Method; path: string }

/** Every route of the server, read from the router's own picture of itself. */
function allRoutes(): Route[] {
  const parents: string[] = []
  return server.app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent, label, methods] = /^([│ ]*)[├└]── (\S*)(?: \((.+)\))?$/.exec(line) ?? []
      if (indent === undefined || label === undefined) return []
      // Four columns a level.
      parents.length = indent.length / 4
      const path = parents.join('') + label
      parents.push(label)
      return (methods?.split(', ') ?? []).map((method) => ({ method, path }))
    })
}

const named = ({ method, path }: Route) => `${method} ${path}`

function request({ method, path }: Route, headers: Record<string, string> = {}) {
  const url = path.replace(/:\w+/g, '1').replace('*', '/x')
  return server.app.inject({ method, url, headers })
}

const WEBHOOKS = ['', '/api'].flatMap((prefix) =>
  ['vapi', 'retell', 'elevenlabs'].map((name) => `POST ${prefix}/observability/v1/${name}/observe`),
)

/** All that may be asked for without credentials. Whoever adds to this list opens a door. */
const OPEN = new Set(
  [
    ...['/openapi.json', '/docs', '/docs/json', '/docs/yaml', '/docs*'],
    ...['/docs/static/index.html', '/docs/static/swagger-initializer.js'],
    ...['/healthz', '/readyz', '/assets/main-1a2b.js'],
  ].flatMap((item) => [`GET ${item}`, `HEAD ${item}`]),
)

/** Open too, because they are how one gets in, or check each request by themselves. */
const SELF_CHECKED = new Set([
  'POST /api/session',
  'DELETE /api/session',
  // Whoever has the link may read the call.
  'GET /shared/:token',
  ...WEBHOOKS,
])

const ADMIN_ONLY = [
  'GET /api/keys',
  'HEAD /api/keys',
  'POST /api/keys',
  'DELETE /api/keys/:id',
  'PATCH /api/project',
]

/** Questions that are too long for an address: they change nothing. */
const ASKED_BY_POST: ReadonlySet<string> = new Set([
  'POST /api/filter/explain',
  'POST /api/filter/propose',
  'POST /api/runs/estimate',
])

describe('every route', () => {
  it('is seen by these tests', () => {
    const routes = allRoutes()
    expect(routes.length).toBeGreaterThan(100)
    for (const { method, path } of routes) {
      if (path.includes('*')) continue
      expect([path, server.app.hasRoute({ method, url: path })]).toEqual([path, true])
    }
    expect(routes.map(named)).toEqual(
      expect.arrayContaining([
        'PATCH /observability/v1/call-logs-external/:id',
        'POST /api/calls/:id/retry-recording',
        ...OPEN,
        ...SELF_CHECKED,
        ...ADMIN_ONLY,
      ]),
    )
  })

  it('answers 401 without credentials, but for those that are listed as open', async () => {
    for (const route of allRoutes()) {
      if (SELF_CHECKED.has(named(route))) continue
      const { statusCode } = await request(route)
      expect([named(route), statusCode === 401]).toEqual([named(route), !OPEN.has(named(route))])
    }
  })

  it('that writes answers 403 to a key that may only read', async () => {
    const isWrite = ({ method }: Route) => method !== 'GET' && method !== 'HEAD'
    const isElsewhere = (name: string) => SELF_CHECKED.has(name) || ASKED_BY_POST.has(name)
    const writes = allRoutes().filter((route) => isWrite(route) && !isElsewhere(named(route)))
    expect(writes.length).toBeGreaterThan(30)
    for (const route of writes) {
      const { statusCode } = await request(route, keys['read-only'])
      expect([named(route), statusCode]).toEqual([named(route), 403])
    }
  })

  it('of administration answers 403 to a project key, and no other route does', async () => {
    for (const route of allRoutes()) {
      if (SELF_CHECKED.has(named(route)) || route.path === '/api/events') continue
      const { statusCode } = await request(route, keys.project)
      const isRefused = statusCode === 403
      expect([named(route), isRefused]).toEqual([named(route), ADMIN_ONLY.includes(named(route))])
    }
  })
})

describe('an API key', () => {
  const ask = (headers: Record<string, string>) => server.app.inject({ url: '/api/calls', headers })
  const text = () => server.admin['x-cekura-api-key'] ?? ''

  it.each([
    ['X-CEKURA-API-KEY', () => ({ 'X-CEKURA-API-KEY': text() })],
    ['its old name', () => ({ 'X-VOCERA-API-KEY': text() })],
    ['a bearer token', () => ({ authorization: `Bearer ${text()}` })],
    ['a bearer token in other letters', () => ({ authorization: `bearer ${text()}` })],
  ])('is accepted as %s', async (_name, headers) => {
    expect((await ask(headers())).statusCode).toBe(200)
  })

  it('is asked for where there is none', async () => {
    const response = await ask({})
    expect(response.statusCode).toBe(401)
    expect(response.json()).toEqual({
      detail:
        'Authentication credentials were not provided. Send the header X-CEKURA-API-KEY, or sign in.',
    })
  })

  it.each([
    ['unknown', () => ({ 'x-cekura-api-key': 'tt_nope' })],
    ['empty', () => ({ 'x-cekura-api-key': '' })],
    ['cut short', () => ({ 'x-cekura-api-key': text().slice(0, -1) })],
    ['its own hash', () => ({ 'x-cekura-api-key': 'a'.repeat(64) })],
    ['an unknown bearer token', () => ({ authorization: 'Bearer nope' })],
  ])('is refused where it is %s', async (_name, headers) => {
    const response = await ask(headers())
    expect(response.statusCode).toBe(401)
    expect(response.json()).toEqual({ detail: 'The API key is unknown or was revoked.' })
  })

  it('in another scheme of authorization counts as none', async () => {
    const response = await ask({ authorization: `Basic ${text()}` })
    expect(response.json()).toEqual({
      detail: expect.stringMatching(/^Authentication credentials/),
    })
  })

  it('in the query is no key, because addresses end in logs', async () => {
    const response = await server.app.inject({ url: `/api/calls?api_key=${text()}` })
    expect(response.statusCode).toBe(401)
  })

  it('of a scope that is not enough is told what is needed', async () => {
    const response = await server.app.inject({ url: '/api/keys', headers: keys.project })
    expect(response.json()).toEqual({ detail: 'This needs admin access; yours is project.' })
  })
})

describe('a request from a page of another site', () => {
  const post = (headers: Record<string, string>) =>
    server.app.inject({
      method: 'POST',
      url: '/api/agents',
      headers: { ...keys.admin, host: 'talktrack.test', ...headers },
      payload: { name: 'x' },
    })

  it.each<Record<string, string>>([
    { origin: 'https://evil.test' },
    { origin: 'https://talktrack.test.evil.test' },
    { origin: 'https://sibling.talktrack.test' },
    { origin: 'null' },
    { origin: 'nonsense' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'https://talktrack.test', 'sec-fetch-site': 'cross-site' },
  ])('is refused: %j', async (headers) => {
    const response = await post(headers)
    expect(response.statusCode).toBe(403)
    expect(response.json()).toEqual({ detail: 'Requests from pages of another site are refused.' })
  })

  it.each<Record<string, string>>([
    {},
    { origin: 'https://talktrack.test' },
    { 'sec-fetch-site': 'same-origin' },
    { 'sec-fetch-site': 'none' },
  ])('is not meant by %j', async (headers) => {
    expect((await post(headers)).statusCode).toBe(200)
  })

  it('cannot sign anybody in', async () => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/api/session',
      headers: { origin: 'https://evil.test' },
      payload: { key: 'x' },
    })
    expect(response.statusCode).toBe(403)
  })

  it('may read what its credentials allow: reading changes nothing', async () => {
    const headers = { ...keys.admin, origin: 'https://evil.test' }
    const response = await server.app.inject({ url: '/api/calls', headers })
    expect(response.statusCode).toBe(200)
    expect(response.headers).not.toHaveProperty('access-control-allow-origin')
  })
})

describe('behind a proxy with its own name for the server', () => {
  it('pages of the public address may write, others may not', async () => {
    const proxied = await startTestServer({ environment: { PUBLIC_URL: 'https://calls.example' } })
    const post = (origin: string) =>
      proxied.app.inject({
        method: 'POST',
        url: '/api/agents',
        headers: { ...proxied.admin, host: 'upstream:4000', origin },
        payload: { name: 'x' },
      })
    expect((await post('https://calls.example')).statusCode).toBe(200)
    expect((await post('https://evil.test')).statusCode).toBe(403)
    await proxied.close()
  })
})

describe('the pages of the dashboard', () => {
  const page = (url: string, accept = 'text/html') =>
    server.app.inject({ url, headers: { accept } })

  it.each(['/', '/calls', '/calls/17', '/metrics', '/settings', '/sign-in'])(
    'open at %s',
    async (url) => {
      const response = await page(url)
      expect(response.statusCode).toBe(200)
      expect(response.headers['content-type']).toBe('text/html; charset=utf-8')
      expect(response.headers['cache-control']).toBe('no-store')
    },
  )

  it('come with a strict policy, and a fresh nonce for their own styles', async () => {
    const [first, second] = [await page('/calls'), await page('/calls')]
    const policy = String(first.headers['content-security-policy'])
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toContain('unsafe')
    expect(policy).not.toMatch(/https?:|\*/)
    const nonce = /nonce="([^"]+)"/.exec(first.body)?.[1] ?? ''
    expect(nonce.length).toBeGreaterThan(20)
    expect(policy).toContain(`'nonce-${nonce}'`)
    expect(second.body).not.toContain(nonce)
  })

  it('are not given to programs: /metrics is data for them, other addresses do not exist', async () => {
    expect((await page('/metrics', '*/*')).statusCode).toBe(401)
    const unknown = await page('/calls', 'application/json')
    expect(unknown.statusCode).toBe(404)
    expect(unknown.json()).toEqual({ detail: 'There is no /calls.' })
  })

  it('answer an unknown address with the page and 404', async () => {
    expect((await page('/nope')).statusCode).toBe(404)
  })

  it('do not serve files outside of their folder', async () => {
    for (const url of [
      '/assets/../../package.json',
      '/..%2f..%2fetc%2fpasswd',
      '/assets/%2e%2e/index.html',
    ]) {
      expect([url, (await page(url, '*/*')).statusCode]).toEqual([url, 404])
    }
  })

  it('keep fingerprinted files for good', async () => {
    const response = await page('/assets/main-1a2b.js', '*/*')
    expect(response.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })
})

describe('every answer', () => {
  it.each(['/api/calls', '/healthz', '/nope'])(
    'of %s is safe to open in a browser',
    async (url) => {
      const { headers } = await server.app.inject({ url })
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'content-security-policy': expect.not.stringContaining('unsafe'),
      })
      expect(headers).not.toHaveProperty('x-powered-by')
      // Over plain http on one's own machine it would lock the browser out.
      expect(headers).not.toHaveProperty('strict-transport-security')
    },
  )
})

describe("a provider's webhook", () => {
  const send = (name: string, headers: Record<string, string>, query = '') =>
    server.app.inject({
      method: 'POST',
      url: `/observability/v1/${name}/observe/${query}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload: JSON.stringify(EVENTS[name]),
    })

  const EVENTS: Record<string, unknown> = {
    vapi: loadWebhook('vapi-end-of-call-report'),
    retell: loadWebhook('retell-call-analyzed'),
    elevenlabs: loadWebhook('elevenlabs-transcription'),
  }

  it.each(Object.keys(EVENTS))('of %s is refused without key and signature', async (name) => {
    const response = await send(name, {})
    expect(response.statusCode).toBe(401)
    expect(response.json()).toEqual({
      detail: expect.stringMatching(/^This event is not trusted: /),
    })
  })

  it.each(Object.keys(EVENTS))('of %s is refused with a key that may only read', async (name) => {
    expect((await send(name, keys['read-only'], '?agent_id=1')).statusCode).toBe(401)
  })

  it.each(Object.keys(EVENTS))('of %s is stored with a key', async (name) => {
    const count = async () =>
      (await server.app.inject({ url: '/api/calls/count', headers: keys.admin })).json().count
    const before = await count()
    expect((await send(name, keys.project, '?agent_id=1')).statusCode).toBe(200)
    expect(await count()).toBe(before + 1)
  })
})
