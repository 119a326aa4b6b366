import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

let server: TestServer
let pages: Awaited<ReturnType<typeof temporaryFolder>>

beforeAll(async () => {
  pages = await temporaryFolder()
  await writeFile(join(pages.path, 'index.html'), '<title>Talktrack</title>')
  server = await startTestServer({ pagesFolder: pages.path })
})

afterAll(async () => {
  await server.close()
  await pages[Symbol.asyncDispose]()
})

const get = (url: string, headers: Record<string, string> = {}) =>
  server.app.inject({ url, headers })

describe('/healthz', () => {
  it('says that the process is up, to anyone', async () => {
    const response = await get('/healthz')
    expect([response.statusCode, response.json()]).toEqual([200, { status: 'ok' }])
  })
})

describe('/readyz', () => {
  it('says that the server can work, to anyone', async () => {
    const response = await get('/readyz')
    expect([response.statusCode, response.json()]).toEqual([200, { status: 'ready' }])
  })

  it('is 503 while recordings cannot be written, and recovers', async () => {
    const folder = join(server.config.dataDir, 'recordings')
    await rename(folder, `${folder}-away`)
    const gone = await get('/readyz')
    expect([gone.statusCode, gone.json()]).toEqual([
      503,
      { status: 'not ready', failed: ['recordings'] },
    ])
    expect((await get('/healthz')).statusCode).toBe(200)
    await mkdir(folder)
    await writeFile(join(folder, 'incoming'), 'in the way')
    expect((await get('/readyz')).statusCode).toBe(503)
    await rename(folder, `${folder}-wrong`)
    await rename(`${folder}-away`, folder)
    expect((await get('/readyz')).statusCode).toBe(200)
  })

  it('is 503 while a migration has not run or the database does not answer', async () => {
    const { writer } = server.database
    const row = await writer.introspection.getTables({ withInternalKyselyTables: true })
    expect(row.map(({ name }) => name)).toContain('kysely_migration')
    await writer.schema.alterTable('kysely_migration').renameTo('away').execute()
    const unmigrated = await get('/readyz')
    expect(unmigrated.json()).toEqual({ status: 'not ready', failed: ['migrations'] })
    await writer.schema.alterTable('away').renameTo('kysely_migration').execute()
    await writer.schema.alterTable('project').renameTo('away').execute()
    expect((await get('/readyz')).json()).toEqual({ status: 'not ready', failed: ['database'] })
    await writer.schema.alterTable('away').renameTo('project').execute()
    expect((await get('/readyz')).statusCode).toBe(200)
  })
})

describe('/metrics', () => {
  it('counts requests and waiting jobs for a program with a key', async () => {
    await server.app.inject({
      method: 'POST',
      url: '/observability/v1/observe/',
      headers: server.admin,
      payload: {
        call_id: 'c',
        agent: 1,
        transcript_json: [{ role: 'Main Agent', content: 'Hi.', start_time: 0, end_time: 1 }],
      },
    })
    const response = await get('/metrics', server.admin)
    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toContain('text/plain; version=0.0.4')
    const lines = response.body.split('\n')
    expect(lines).toContain('talktrack_jobs_waiting{kind="evaluate-call"} 1')
    expect(lines).toContainEqual(
      expect.stringMatching(
        /^talktrack_http_request_seconds_count\{method="POST",route="\/observability\/v1\/observe",status="201"\} 1$/,
      ),
    )
    expect(response.body).toContain('process_resident_memory_bytes')
    await server.settle()
    // A kind that has no work any more is not shown as it was.
    expect((await get('/metrics', server.admin)).body).not.toContain('talktrack_jobs_waiting{')
  })

  it('is closed to programs without a key, and a page to browsers', async () => {
    expect((await get('/metrics')).statusCode).toBe(401)
    const page = await get('/metrics', { accept: 'text/html,*/*;q=0.8' })
    expect([page.statusCode, page.body]).toEqual([200, '<title>Talktrack</title>'])
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  })
})
