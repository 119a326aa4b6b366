import { readdir, readFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProgram } from '#testing/child-program.ts'
import { CHILD_HEADERS, startChildServer } from '#testing/child-server.ts'
import { startLocalHost } from '#testing/local-host.ts'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { until } from '#testing/until.ts'
import { wavWithTones } from '#testing/wav.ts'
import { openDatabase } from './store/database.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>

beforeEach(async () => {
  folder = await temporaryFolder()
})

afterEach(() => folder[Symbol.asyncDispose]())

const LISTENS = /^Talktrack listens on (http:\/\/127\.0\.0\.1:[1-9]\d*)$/m
const SIGN_IN = /^Sign in \(once, within a day\): (\S+)$/m

function start(environment: Record<string, string> = {}) {
  return startProgram('src/server/main.ts', {
    environment: { DATA_DIR: folder.path, PORT: '0', DEMO: '0', LOG_LEVEL: 'warn', ...environment },
  })
}

const CALL = {
  call_id: 'c',
  agent: 1,
  transcript_json: [{ role: 'Main Agent', content: 'Hi.', start_time: 0, end_time: 1 }],
}

function observe(address: string, call: object) {
  return fetch(`${address}/observability/v1/observe/`, {
    method: 'POST',
    headers: { ...CHILD_HEADERS, 'content-type': 'application/json' },
    body: JSON.stringify(call),
  })
}

async function withDatabase<T>(work: (db: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>) {
  const database = await openDatabase({ dataDir: folder.path })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

describe('the server', () => {
  it('prints a sign-in link on the first start and on no other, and the link works once', async () => {
    await using first = start()
    const address = await first.printed(LISTENS)
    const link = new URL(await first.printed(SIGN_IN))
    expect(link.origin).toBe(address)
    const signIn = () =>
      fetch(`${address}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ token: link.hash.replace('#token=', '') }),
      })
    expect((await signIn()).status).toBe(200)
    expect((await signIn()).status).toBe(400)
    expect(await first.stop('SIGTERM')).toEqual({ code: 0, signal: null })

    await using second = start()
    await second.printed(LISTENS)
    expect(await second.stop('SIGINT')).toEqual({ code: 0, signal: null })
    expect(second.output()).not.toMatch(SIGN_IN)
    expect(
      await withDatabase(({ reader }) => reader.selectFrom('call').select('id').execute()),
    ).toEqual([])
  })

  it('keeps the link for the start that succeeds where the first one finds its port taken', async () => {
    await using taken = await startLocalHost(() => undefined)
    await using failing = start({ PORT: String(taken.port) })
    expect(await failing.ended).toMatchObject({ code: 1 })
    expect(failing.output()).toContain('EADDRINUSE')
    await using second = start()
    await second.printed(SIGN_IN)
    await second.stop('SIGTERM')
  })

  it('takes the key of its environment from the first start on, and stores no more than its hash', async () => {
    await using server = await startChildServer(folder.path)
    const calls = (headers: Record<string, string>) =>
      fetch(`${server.address}/api/calls`, { headers })
    expect((await calls(CHILD_HEADERS)).status).toBe(200)
    expect((await calls({ 'x-cekura-api-key': 'another key of 16' })).status).toBe(401)
    await server.stop('SIGTERM')
    const files = ['talktrack.db', 'talktrack.db-wal'].map((name) => join(folder.path, name))
    for (const file of files) {
      const bytes = await readFile(file).catch(() => Buffer.alloc(0))
      expect(bytes.includes(CHILD_HEADERS['x-cekura-api-key'])).toBe(false)
    }
  })

  it('loads the demo calls once, unless told not to', async () => {
    const count = () =>
      withDatabase(async ({ reader }) => {
        const rows = await reader.selectFrom('call').select('is_demo').execute()
        expect(rows.every(({ is_demo }) => is_demo === 1)).toBe(true)
        return rows.length
      })
    const environment = { DEMO: '1', WORKERS: '0' }
    await using first = start(environment)
    await first.printed(LISTENS)
    await first.stop('SIGTERM')
    const loaded = await count()
    expect(loaded).toBeGreaterThan(5)
    await using second = start(environment)
    await second.printed(LISTENS)
    await second.stop('SIGTERM')
    expect(await count()).toBe(loaded)
  })

  it.each([
    ['', {}],
    [' and has a key in its environment', { TALKTRACK_API_KEY: 'a key of sixteen letters' }],
  ])('loads the rest of the demo where the first start was cut off%s', async (_name, more) => {
    const environment = { DEMO: '1', WORKERS: '0', ...more }
    const run = (statement: string) =>
      withDatabase(({ writer }) => sql.raw(statement).execute(writer))
    const count = () =>
      withDatabase(async ({ reader }) => {
        const rows = await reader.selectFrom('call').select('id').execute()
        return rows.length
      })
    // A crash at the fourth call, always at the same place.
    await run(`create trigger crash before insert on call when (select count(*) from call) = 3
      begin select raise(abort, 'no room'); end`)
    await using cutOff = start(environment)
    expect((await cutOff.ended).code).not.toBe(0)
    expect(await count()).toBe(3)
    await run('drop trigger crash')
    await using next = start(environment)
    await next.printed(LISTENS)
    await next.stop('SIGTERM')
    const stories = await readdir(join(import.meta.dirname, 'demo/stories'))
    expect(await count()).toBe(stories.length)
  })

  it('only stores where it has no workers; the next server does the work', async () => {
    await using storing = await startChildServer(folder.path, { WORKERS: '0' })
    expect((await observe(storing.address, CALL)).status).toBe(201)
    const jobs = () =>
      withDatabase(({ reader }) => reader.selectFrom('job').select(['kind', 'attempts']).execute())
    // Longer than a worker's poll, and a request that would wake one.
    await observe(storing.address, { ...CALL, call_id: 'd' })
    await storing.stop('SIGTERM')
    const evaluation = { kind: 'evaluate-call', attempts: 0 }
    expect(await jobs()).toEqual([evaluation, evaluation])
    await using working = await startChildServer(folder.path)
    await until(async () => (await jobs()).length === 0)
    await working.stop('SIGTERM')
  })

  it('stops within 10 s, exit code 0, with an open page and a job that runs; the job goes back', async () => {
    await using host = await startLocalHost((_, response) => void response.write('RIFF'))
    await using server = await startChildServer(folder.path, { FETCH_ALLOW: '127.0.0.0/8' })
    const page = await fetch(`${server.address}/api/events`, { headers: CHILD_HEADERS })
    const url = `${host.url}/endless.wav`
    await observe(server.address, { ...CALL, voice_recording_url: url })
    await until(() => host.requests.length > 0)
    const startedAt = Date.now()
    expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null })
    expect(Date.now() - startedAt).toBeLessThan(10_000)
    expect(await page.text()).toContain('retry: 2000')
    const jobs = await withDatabase(({ reader }) => reader.selectFrom('job').selectAll().execute())
    expect(jobs).toMatchObject([{ kind: 'fetch-recording', attempts: 0, lease_owner: null }])
  })

  it('answers a request that is under way when it is told to stop', async () => {
    await using server = await startChildServer(folder.path)
    const body = JSON.stringify(CALL)
    const sending = request(`${server.address}/observability/v1/observe/`, {
      method: 'POST',
      headers: {
        ...CHILD_HEADERS,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
      },
    })
    const answered = new Promise<number>((resolve, reject) => {
      sending.once('response', (response) => resolve(response.statusCode ?? 0))
      sending.once('error', reject)
    })
    sending.write(body.slice(0, 10))
    // The request has arrived once a later one on another connection is answered.
    await fetch(`${server.address}/healthz`)
    const stopped = server.stop('SIGTERM')
    await until(() =>
      fetch(`${server.address}/healthz`).then(
        (r) => r.status !== 200,
        () => true,
      ),
    )
    sending.end(body.slice(10))
    expect(await answered).toBe(201)
    expect(await stopped).toEqual({ code: 0, signal: null })
  })

  it.each([
    ['PORT', 'http'],
    ['TALKTRACK_API_KEY', 'short'],
    ['FETCH_ALLOW', '10.0.0.0/99'],
    ['DATABASE_URL', 'postgres://db/talktrack'],
    ['DATA_DIR', '/dev/null/x'],
  ])('does not start with %s=%s, and names it', async (name, value) => {
    await using server = start({ [name]: value })
    expect(await server.ended).toEqual({ code: 1, signal: null })
    expect(server.output()).toContain(name)
    expect(server.output()).not.toMatch(/^\s+at /m)
  })
})

describe('a recording inside of an event', () => {
  it.skipIf(process.platform !== 'linux')('passes through in bounded memory', async () => {
    await using server = await startChildServer(folder.path, { WORKERS: '0', LOG_LEVEL: 'error' })
    const send = (callId: string, megabytes: number) =>
      sendAudioEvent(server.address, { callId, megabytes })
    // Buffers that are no longer used pile up to some 64 MB before the runtime frees the first of them.
    expect(await send('warm-up', 45)).toBe(200)
    const before = await peakMemoryOf(server.pid)
    // 150 MB of sound are 200 MB of base64.
    expect(await send('large', 150)).toBe(200)
    expect((await peakMemoryOf(server.pid)) - before).toBeLessThan(60e6)
    const sizes = await withDatabase(({ reader }) =>
      reader.selectFrom('recording').select('size_bytes').orderBy('id').execute(),
    )
    expect(sizes.map(({ size_bytes }) => size_bytes)).toEqual([45, 150].map(audioBytes))
    await server.stop('SIGTERM')
  })
})

const CHUNK = Buffer.alloc(3 * 2 ** 18)
const HEADER = wavWithTones({ durationSeconds: 0 }).subarray(0, 42)

const chunksOf = (megabytes: number) => Math.round((megabytes * 1e6) / CHUNK.length)
const audioBytes = (megabytes: number) => HEADER.length + chunksOf(megabytes) * CHUNK.length

function* audioEvent({ callId, megabytes }: { callId: string; megabytes: number }) {
  yield `{"type":"post_call_audio","data":{"conversation_id":"${callId}","full_audio":"`
  // Lengths that three divides leave no padding inside of the text.
  yield HEADER.toString('base64')
  const text = CHUNK.toString('base64')
  for (let chunk = 0; chunk < chunksOf(megabytes); chunk++) yield text
  yield '"}}'
}

async function sendAudioEvent(
  address: string,
  event: { callId: string; megabytes: number },
): Promise<number> {
  const sending = request(`${address}/observability/v1/elevenlabs/observe/?agent_id=1`, {
    method: 'POST',
    headers: { ...CHILD_HEADERS, 'content-type': 'application/json' },
  })
  const answered = new Promise<number>((resolve, reject) => {
    sending.once('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    sending.once('error', reject)
  })
  await pipeline(Readable.from(audioEvent(event)), sending)
  return answered
}

/** The highest resident memory of a process so far, in bytes. */
async function peakMemoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]
  return Number(kilobytes) * 1024
}
