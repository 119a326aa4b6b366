import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer
let id: number

beforeAll(async () => {
  server = await startTestServer()
  ;[id = 0] = await storeCalls(server.database, [{ callId: 'shown <b>' }])
})

afterAll(() => server.close())

async function share(days: unknown, headers = server.admin, call = id) {
  const url = `/api/calls/${call}/share-links`
  return server.app.inject({ method: 'POST', url, headers, payload: { days } })
}

function open(url: string) {
  return server.app.inject({ url: new URL(url).pathname })
}

async function standing() {
  const response = await server.app.inject({
    url: `/api/calls/${id}/share-links`,
    headers: server.admin,
  })
  return response.json().items
}

describe('a shared link', () => {
  it('opens one call to anyone, as a page that runs nothing of what was sent', async () => {
    const made = (await share(7)).json()
    const page = await open(made.url)
    expect(page.statusCode).toBe(200)
    expect(page.headers['content-type']).toContain('text/html')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.headers['x-robots-tag']).toBe('noindex')
    expect(page.body).toContain('shown &lt;b&gt;')
    expect(page.body).not.toContain('shown <b>')
    const [listed] = await standing()
    expect(listed).toMatchObject({ id: made.id, lastOpenedAt: expect.any(String) })
    expect(JSON.stringify(await standing())).not.toContain(made.url.split('/').at(-1))
  })

  it('says when it was last opened, to the minute', async () => {
    const made = (await share(7)).json()
    const start = Date.now()
    const openAfter = async (seconds: number) => {
      server.setNow(new Date(start + seconds * 1000))
      expect((await open(made.url)).statusCode).toBe(200)
      const link = (await standing()).find((one: { id: number }) => one.id === made.id)
      return Date.parse(link.lastOpenedAt) - start
    }
    const first = await openAfter(0)
    expect(first).toBeLessThan(20_000)
    expect(await openAfter(40)).toBe(first)
    expect(await openAfter(90)).toBeGreaterThanOrEqual(90_000)
    server.setNow(new Date())
  })

  it('is looked up without waiting for who writes', async () => {
    const made = (await share(7)).json()
    await open(made.url)
    await server.database.transaction(async () => {
      expect((await open(`${made.url}x`)).statusCode).toBe(404)
      expect((await open(made.url)).statusCode).toBe(200)
    })
  })

  it('opens nothing once all but the outcome of its call was removed', async () => {
    const [blanked = 0] = await storeCalls(server.database, [{ callId: 'blanked' }])
    const made = (await share(7, server.admin, blanked)).json()
    const url = `/observability/v1/call-logs/${blanked}/?retain_evaluations=true`
    const response = await server.app.inject({ method: 'DELETE', url, headers: server.admin })
    expect(response.statusCode).toBe(204)
    expect((await open(made.url)).statusCode).toBe(404)
  })

  it('opens nothing once it is revoked', async () => {
    const made = (await share(7)).json()
    const revoke = () =>
      server.app.inject({
        method: 'DELETE',
        url: `/api/share-links/${made.id}`,
        headers: server.admin,
      })
    expect((await revoke()).json()).toEqual({ revoked: true })
    const page = await open(made.url)
    expect(page.statusCode).toBe(404)
    expect(page.body).toContain('This link has ended')
    expect((await revoke()).statusCode).toBe(404)
  })

  it('opens nothing after its last day', async () => {
    const made = (await share(1)).json()
    expect((await open(made.url)).statusCode).toBe(200)
    server.setNow(new Date(Date.parse(made.expiresAt)))
    expect((await open(made.url)).statusCode).toBe(404)
    expect((await standing()).map((link: { id: number }) => link.id)).not.toContain(made.id)
  })

  it('is not guessed, and gives no other address away', async () => {
    expect((await server.app.inject({ url: '/shared/nothing' })).statusCode).toBe(404)
    const made = (await share(7)).json()
    const token = made.url.split('/').at(-1)
    const read = await server.app.inject({
      url: `/api/calls/${id}`,
      headers: { 'x-cekura-api-key': token },
    })
    expect(read.statusCode).toBe(401)
  })

  it('is made for 1 to 90 days, of a call that is there, by someone who may write', async () => {
    for (const days of [0, 91, 1.5, '7', null]) {
      const refused = await share(days)
      expect(refused.statusCode).toBe(400)
      expect(refused.json()).toHaveProperty('days')
    }
    expect((await share(7, server.admin, 999_999)).statusCode).toBe(404)
    expect((await share(7, await server.keyOf('read-only'))).statusCode).toBe(403)
  })

  it('is one of at most twenty', async () => {
    for (let left = 20 - (await standing()).length; left > 0; left--) await share(7)
    const refused = await share(7)
    expect(refused.statusCode).toBe(409)
    expect(refused.json().detail).toContain('Revoke one first')
  })
})
