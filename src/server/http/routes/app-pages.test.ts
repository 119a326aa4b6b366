import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSandbox } from '#server/sandbox/sandbox.ts'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { buildApp } from '../build-app.ts'

let server: TestServer
let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  folder = await temporaryFolder()
  const pages = join(folder.path, 'dist')
  await mkdir(join(pages, 'assets'), { recursive: true })
  await writeFile(join(folder.path, 'secret.txt'), 'not a page')
  await writeFile(join(pages, 'index.html'), '<meta content="__CSP_NONCE__"><p>__CSP_NONCE__')
  await writeFile(join(pages, 'favicon.svg'), '<svg/>')
  await writeFile(join(pages, 'assets/index-abc123.js'), 'export {}')
  server = await startTestServer({ pagesFolder: pages })
})

afterAll(async () => {
  await server.close()
  await folder[Symbol.asyncDispose]()
})

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }
const open = (url: string, headers: Record<string, string> = BROWSER) =>
  server.app.inject({ url, headers })

describe('the dashboard', () => {
  it.each([
    '/',
    '/calls',
    '/calls/17',
    '/calls/17?t=134.2',
    '/metrics',
    '/metrics/3',
    '/sign-in',
    '/settings/',
  ])('opens at %s without a key', async (url) => {
    const response = await open(url)
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
    })
  })

  it('opens at unknown addresses too, as not found', async () => {
    for (const url of ['/nowhere', '/calls/1/2', '/api/nowhere', '/assets/gone.js']) {
      const response = await open(url)
      expect([url, response.statusCode]).toEqual([url, 404])
      expect(response.body).toContain('<meta')
    }
  })

  it('gives each page a nonce of its own, which the policy names, and lets no other style in', async () => {
    const [one, other] = [await open('/'), await open('/')]
    const nonces = [one, other].map(({ body }) => /content="([^"]+)"><p>\1$/.exec(body)?.[1])
    expect(nonces[0]).toMatch(/^[0-9a-f]{16,}$/)
    expect(nonces[0]).not.toBe(nonces[1])
    const policy = String(one.headers['content-security-policy'])
    expect(policy).toContain(`style-src 'self' 'nonce-${nonces[0]}'`)
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toContain('unsafe')
  })

  it('lets fingerprinted files be kept for good and asks again for the others', async () => {
    const script = await open('/assets/index-abc123.js')
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable')
    expect(script.headers['content-type']).toContain('javascript')
    expect((await open('/favicon.svg')).headers['cache-control']).toBe('no-cache')
  })

  it('does not hand out its page with the placeholder, nor files beside its folder', async () => {
    expect((await open('/index.html')).body).not.toContain('__CSP_NONCE__')
    for (const url of ['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt']) {
      expect((await open(url)).body).not.toContain('not a page')
    }
  })
})

describe('an address that is no page', () => {
  it('is answered as data to programs', async () => {
    for (const headers of [{}, { accept: 'application/json' }] as Record<string, string>[]) {
      const response = await open('/nowhere', headers)
      expect(response.statusCode).toBe(404)
      expect(response.json()).toEqual({ detail: expect.stringContaining('/nowhere') })
    }
    const post = await server.app.inject({ method: 'POST', url: '/calls', headers: BROWSER })
    expect(post.statusCode).toBe(404)
  })
})

describe('a server without a built dashboard', () => {
  it('does not start, and says what to run', async () => {
    const { config, database, files } = server
    const building = buildApp({
      tools: {
        config,
        database,
        files,
        clock: Date.now,
        judge: null,
        price: { inputPrice: null, outputPrice: null },
        sandbox: createSandbox(),
        wakeWorker: () => undefined,
      },
      logger: server.app.log,
      pagesFolder: join(folder.path, 'nowhere'),
      checksAnswers: 'never',
    })
    await expect(building).rejects.toThrow('Run npm run build')
  })
})
