import { readdir, readFile } from 'node:fs/promises'
import type { RequestListener, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LocalHost, startLocalHost } from '#testing/local-host.ts'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { until } from '#testing/until.ts'
import { wavWithTones } from '#testing/wav.ts'
import { PermanentFailure } from '../queue/permanent-failure.ts'
import { listDeadJobs } from '../store/jobs.ts'
import { openRecordingFiles, type RecordingFiles } from '../store/recording-files.ts'
import { createRecordingFetcher, type FetchOptions, fetchRecording } from './fetch-recording.ts'
import { addressRule } from './safe-address.ts'

const LOOPBACK = ['127.0.0.0/8', '::1']

describe('createRecordingFetcher', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  let files: RecordingFiles
  let host: LocalHost
  let other: LocalHost

  /** Every kind of host that a recording may lie on, by path. */
  const answers: Record<string, RequestListener> = {
    '/whole': (_, response) => response.end('0123456789'),
    '/moved': (_, response) => redirect(response, '/whole'),
    '/elsewhere': (_, response) => redirect(response, `${other.url}/there`),
    '/to-forbidden': (_, response) => redirect(response, `http://127.0.0.2:${host.port}/whole`),
    '/to-metadata': (_, response) => redirect(response, 'http://169.254.169.254/latest'),
    '/to-file': (_, response) => redirect(response, 'file:///etc/passwd'),
    '/to-ftp': (_, response) => redirect(response, 'ftp://127.0.0.1/x'),
    '/loop': (_, response) => redirect(response, '/loop'),
    '/nowhere': (_, response) => response.writeHead(302).end(),
    '/declared': (_, response) =>
      response.writeHead(200, { 'content-length': 11 }).end('01234567890'),
    '/undeclared': (_, response) => {
      response.write('012345')
      response.end('67890')
    },
    '/endless': (_, response) => drip(response),
    '/stalled': (_, response) => response.write('01'),
    '/silent': () => undefined,
    '/broken': (_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('01')
      setImmediate(() => response.destroy())
    },
  }

  beforeAll(async () => {
    folder = await temporaryFolder()
    files = await openRecordingFiles(folder.path)
    other = await startLocalHost((_, response) => response.end('0123456789'))
    host = await startLocalHost((request, response) => {
      const path = request.url ?? ''
      const status = /^\/status\/(\d+)$/.exec(path)?.[1]
      if (status) response.writeHead(Number(status)).end('no')
      else answers[path]?.(request, response)
    })
  })

  afterAll(async () => {
    await host[Symbol.asyncDispose]()
    await other[Symbol.asyncDispose]()
    await folder[Symbol.asyncDispose]()
  })

  function redirect(response: ServerResponse, location: string): void {
    response.writeHead(302, { location }).end()
  }

  function drip(response: ServerResponse): void {
    const timer = setInterval(() => response.write('0'), 20)
    response.on('close', () => clearInterval(timer))
  }

  async function fetch(
    url: string,
    { allowed = LOOPBACK, ...options }: Partial<FetchOptions> & { allowed?: string[] } = {},
  ) {
    const fetcher = createRecordingFetcher(files, {
      isAllowed: addressRule(allowed),
      maxBytes: 10,
      timeoutMs: 5_000,
      ...options,
    })
    try {
      return await fetcher.fetch(url, AbortSignal.timeout(10_000))
    } finally {
      await fetcher.close()
    }
  }

  const failure = (url: string, options: Parameters<typeof fetch>[1] = {}) =>
    fetch(url, options).then(
      () => expect.unreachable(`${url} was fetched`),
      (error: Error) => error,
    )

  it('stores what it gets, also behind redirects, to another host too', async () => {
    for (const path of ['/whole', '/moved', '/elsewhere']) {
      const { storageKey, sizeBytes } = await fetch(host.url + path)
      expect(sizeBytes).toBe(10)
      expect(await readFile(files.pathOf(storageKey), 'utf8')).toBe('0123456789')
    }
  })

  it('connects by name to addresses that the operator allows', async () => {
    const { sizeBytes } = await fetch(`http://localhost:${host.port}/whole`)
    expect(sizeBytes).toBe(10)
  })

  it.each([
    '127.0.0.1',
    'localhost', // a name, refused when it is resolved to connect
    'LOCALHOST',
    '10.0.0.1',
    '192.168.0.1',
    '169.254.169.254',
    '[::1]',
    '[::]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::127.0.0.1]',
    '0.0.0.0',
    '0',
    '127.1',
    '2130706433', // 127 × 2^24 + 1
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '017700000001',
    '１２７.０.０.１',
    'public.example@127.0.0.1',
    'public.example:80@127.0.0.1',
    'user:pass@localhost',
  ])('refuses http://%s unless the operator allows it', async (authority) => {
    const before = host.requests.length
    const error = await failure(`http://${authority}:${host.port}/whole`, { allowed: [] })
    expect(error).toBeInstanceOf(PermanentFailure)
    expect(error.message).toMatch(/^The recording's address .+ is not public\./)
    expect(host.requests.length).toBe(before)
  })

  it('refuses to be led from an allowed address to one that is not', async () => {
    const allowed = ['127.0.0.1']
    const messages = {
      '/to-metadata': '169.254.169.254 is not public',
      '/to-forbidden': '127.0.0.2 is not public',
      '/to-file': 'over http or https, not file:',
      '/to-ftp': 'over http or https, not ftp:',
      '/loop': 'redirects more than 5 times',
      '/nowhere': 'answered 302',
    }
    for (const [path, message] of Object.entries(messages)) {
      const error = await failure(host.url + path, { allowed })
      expect([path, error]).toEqual([path, expect.any(PermanentFailure)])
      expect(error.message).toContain(message)
    }
    // The first request and 5 redirects, and no more.
    expect(host.requests.filter((path) => path === '/loop')).toHaveLength(6)
  })

  it.each(['file:///etc/passwd', 'ftp://example.com/x.wav', 'data:audio/wav;base64,AA=='])(
    'refuses %s',
    async (url) => {
      expect(await failure(url)).toBeInstanceOf(PermanentFailure)
    },
  )

  it('refuses more bytes than a recording may have, declared or not, and keeps nothing', async () => {
    const { keys } = await files.survey()
    for (const path of ['/declared', '/undeclared', '/endless']) {
      const error = await failure(host.url + path)
      expect(error).toBeInstanceOf(PermanentFailure)
      expect(error.message).toContain('File size exceeds')
    }
    expect((await files.survey()).keys).toEqual(keys)
  })

  it('gives up a download that takes too long or stands still, and would try again', async () => {
    const slow = await failure(`${host.url}/endless`, { maxBytes: 1e6, timeoutMs: 300 })
    expect(slow.message).toBe('The recording did not arrive within 0.3 s.')
    const stalled = await failure(`${host.url}/stalled`, { stallTimeoutMs: 300 })
    expect(stalled.message).toContain('Body Timeout')
    const silent = await failure(`${host.url}/silent`, { stallTimeoutMs: 300 })
    expect(silent.message).toContain('Headers Timeout')
    const broken = await failure(`${host.url}/broken`)
    for (const error of [slow, stalled, silent, broken]) {
      expect(error).not.toBeInstanceOf(PermanentFailure)
    }
    expect(await readdir(join(folder.path, 'incoming'))).toEqual([])
  })

  it('would try again where a server says so, and not where it is certain', async () => {
    for (const status of [408, 425, 429, 500, 502, 503, 504]) {
      const error = await failure(`${host.url}/status/${status}`)
      expect([status, error]).toEqual([
        status,
        expect.not.objectContaining({ name: 'PermanentFailure' }),
      ])
      expect(error.message).toBe(`The recording's address answered ${status}.`)
    }
    for (const status of [400, 401, 403, 404, 410, 501]) {
      const error = await failure(`${host.url}/status/${status}`)
      expect([status, error]).toEqual([status, expect.any(PermanentFailure)])
    }
  })

  it('would try again where nobody listens or the name is unknown', async () => {
    const unused = await startLocalHost(() => undefined)
    await unused[Symbol.asyncDispose]()
    expect(await failure(`${unused.url}/x`)).not.toBeInstanceOf(PermanentFailure)
    expect(await failure('http://no-such-name.invalid/x')).not.toBeInstanceOf(PermanentFailure)
  })

  it('stops when it is told to', async () => {
    const fetcher = createRecordingFetcher(files, {
      isAllowed: addressRule(LOOPBACK),
      maxBytes: 1e6,
      timeoutMs: 60_000,
    })
    const stopping = new AbortController()
    const fetching = fetcher.fetch(`${host.url}/endless`, stopping.signal)
    await until(() => host.requests.at(-1) === '/endless')
    stopping.abort()
    await expect(fetching).rejects.toThrow()
    await fetcher.close()
  })
})

const TURNS = [
  { role: 'Testing Agent', content: 'Hello.', start_time: 0, end_time: 0.5 },
  { role: 'Main Agent', content: 'Hi.', start_time: 0.5, end_time: 1 },
]

describe('a call whose recording lies elsewhere', () => {
  let server: TestServer
  let host: LocalHost
  let status = 200
  let body: Buffer = wavWithTones({ durationSeconds: 1 })

  beforeAll(async () => {
    host = await startLocalHost((request, response) => {
      const isHeld = request.url?.startsWith('/held')
      if (!isHeld) return response.writeHead(status).end(body)
      held.push(() => response.writeHead(status).end(body))
    })
    server = await startTestServer({ environment: { FETCH_ALLOW: '127.0.0.0/8' } })
  })

  afterAll(async () => {
    await server.close()
    await host[Symbol.asyncDispose]()
  })

  const held: (() => void)[] = []

  async function observe(call: Record<string, unknown>): Promise<number> {
    const response = await server.app.inject({
      method: 'POST',
      url: '/observability/v1/observe/',
      headers: server.admin,
      payload: { agent: 1, transcript_json: TURNS, ...call },
    })
    expect(response.statusCode).toBeLessThan(300)
    return response.json().id
  }

  const retry = (id: number) =>
    server.app.inject({
      method: 'POST',
      url: `/api/calls/${id}/retry-recording`,
      headers: server.admin,
    })

  async function callOf(id: number) {
    const response = await server.app.inject({ url: `/api/calls/${id}`, headers: server.admin })
    return response.json()
  }

  const jobsOf = (id: number) =>
    server.database.reader
      .selectFrom('job')
      .select(['kind', 'attempts', 'run_at', 'last_error'])
      .where('subject', '=', `call:${id}`)
      .orderBy('kind')
      .execute()

  it('is fetched, analysed and evaluated', async () => {
    const id = await observe({ call_id: 'fetched', voice_recording_url: `${host.url}/a%20b.wav` })
    expect(await callOf(id)).toMatchObject({ recordingState: 'waiting', status: 'evaluating' })
    await server.settle()
    expect(await callOf(id)).toMatchObject({
      recordingState: 'ready',
      status: 'success',
      durationSeconds: 1,
      recording: { format: 'wav', channels: 2 },
    })
  })

  it('is given up at once on 404, with the reason on the call, which is evaluated all the same', async () => {
    status = 404
    const id = await observe({ call_id: 'gone', voice_recording_url: `${host.url}/gone.wav` })
    const before = host.requests.length
    await server.settle()
    expect(host.requests.length - before).toBe(1)
    expect(await callOf(id)).toMatchObject({
      recordingState: 'failed',
      errorMessage: "The recording's address answered 404.",
      status: 'success',
    })
  })

  it('fails for good where there is no transcript either', async () => {
    status = 404
    const id = await observe({
      call_id: 'nothing-left',
      transcript_json: undefined,
      transcript_type: 'none-mono',
      voice_recording_url: `${host.url}/gone.wav`,
    })
    await server.settle()
    expect(await callOf(id)).toMatchObject({ recordingState: 'failed', status: 'failure' })
  })

  it('is tried six times on 503, ever later, then given up, and comes back when the person asks', async () => {
    status = 503
    const id = await observe({ call_id: 'overloaded', voice_recording_url: `${host.url}/busy.wav` })
    const before = host.requests.length
    let now = Date.now()
    for (let attempt = 1; attempt <= 5; attempt++) {
      server.setNow(new Date(now))
      server.worker.wake()
      await server.settle()
      const [job] = await jobsOf(id)
      expect(job).toMatchObject({ kind: 'fetch-recording', attempts: attempt })
      expect(job?.last_error).toBe("The recording's address answered 503.")
      // 5 s, doubled for each try before this one, ± 25 %; and the time that the try itself took.
      const pauseMs = (job?.run_at ?? 0) - now
      expect(pauseMs).toBeGreaterThanOrEqual(5_000 * 2 ** (attempt - 1) * 0.75)
      expect(pauseMs).toBeLessThan(5_000 * 2 ** (attempt - 1) * 1.25 + 3_000)
      expect(await callOf(id)).toMatchObject({ recordingState: 'waiting', status: 'evaluating' })
      now = (job?.run_at ?? 0) + 1
    }
    server.setNow(new Date(now))
    server.worker.wake()
    await server.settle()
    expect(host.requests.length - before).toBe(6)
    expect(await callOf(id)).toMatchObject({
      recordingState: 'failed',
      errorMessage: "The recording's address answered 503.",
      status: 'success',
    })
    const [letter] = await listDeadJobs(server.database.reader)
    expect(letter).toMatchObject({ kind: 'fetch-recording', subject: `call:${id}`, attempts: 6 })

    status = 200
    expect((await retry(id)).statusCode).toBe(200)
    await server.settle()
    expect(await callOf(id)).toMatchObject({ recordingState: 'ready', errorMessage: null })
    expect((await retry(id)).statusCode).toBe(409)
    server.setNow(new Date())
  })

  it('is also fetched when its dead letter is put back in line', async () => {
    status = 404
    const id = await observe({ call_id: 'requeued', voice_recording_url: `${host.url}/late.wav` })
    await server.settle()
    status = 200
    const [letter] = await listDeadJobs(server.database.reader)
    const url = `/api/dead-jobs/${letter?.id}/requeue`
    const response = await server.app.inject({ method: 'POST', url, headers: server.admin })
    expect(response.statusCode).toBe(200)
    await server.settle()
    expect(await callOf(id)).toMatchObject({ recordingState: 'ready', errorMessage: null })
  })

  it('says so where the address leads to a page instead of a recording', async () => {
    const wav = body
    body = Buffer.from('<!doctype html><title>Sign in</title>')
    const id = await observe({ call_id: 'a-page', voice_recording_url: `${host.url}/page.wav` })
    await server.settle()
    body = wav
    const { recordingState, errorMessage, status: outcome } = await callOf(id)
    expect({ recordingState, outcome }).toEqual({ recordingState: 'failed', outcome: 'success' })
    expect(errorMessage).toContain('expected a wav, mp3')
    expect(errorMessage).not.toMatch(/Error:|\n|undefined/)
    // Fetched anew, not analysed anew: what lies there now is a recording.
    expect((await retry(id)).statusCode).toBe(200)
    await server.settle()
    expect(await callOf(id)).toMatchObject({ recordingState: 'ready' })
  })

  it('takes the newer address where one arrives during the download of the older', async () => {
    const id = await observe({ call_id: 'moved', voice_recording_url: `${host.url}/held-1.wav` })
    server.worker.start()
    server.worker.wake()
    await until(() => held.length > 0)
    body = wavWithTones({ durationSeconds: 2 })
    await observe({ call_id: 'moved', voice_recording_url: `${host.url}/new.wav` })
    held.pop()?.()
    await server.settle()
    expect(await callOf(id)).toMatchObject({ recordingState: 'ready', durationSeconds: 2 })
    expect(host.requests).toContain('/new.wav')
  })

  it('takes the newer address also where the older one turns out to be wrong meanwhile', async () => {
    const id = await observe({
      call_id: 'corrected',
      voice_recording_url: `${host.url}/held-2.wav`,
    })
    server.worker.wake()
    await until(() => held.length > 0)
    await observe({ call_id: 'corrected', voice_recording_url: `${host.url}/right.wav` })
    status = 404
    held.pop()?.()
    status = 200
    await server.settle()
    expect(await callOf(id)).toMatchObject({ recordingState: 'ready', errorMessage: null })
  })

  it('goes on waiting for the newer recording while the older one is analysed', async () => {
    body = wavWithTones({ durationSeconds: 1 })
    const id = await observe({ call_id: 'twice', voice_recording_url: `${host.url}/one.wav` })
    server.worker.wake()
    await until(async () => (await jobsOf(id)).some(({ kind }) => kind === 'prepare-recording'))
    await observe({ call_id: 'twice', voice_recording_url: `${host.url}/held-3.wav` })
    server.worker.wake()
    await until(() => held.length > 0)
    await until(async () => (await jobsOf(id)).length === 1)
    expect(await callOf(id)).toMatchObject({ recordingState: 'waiting' })
    body = wavWithTones({ durationSeconds: 3 })
    held.pop()?.()
    await server.settle()
    expect(await callOf(id)).toMatchObject({ recordingState: 'ready', durationSeconds: 3 })
  })
})

describe('fetchRecording', () => {
  it('leaves no file behind where the call is deleted during the download', async () => {
    const held: (() => void)[] = []
    await using host = await startLocalHost((_, response) => {
      held.push(() => response.end('0123456789'))
    })
    const server = await startTestServer()
    const { database, files, app, admin } = server
    try {
      const url = `${host.url}/held.wav`
      const call = { call_id: 'c', agent: 1, transcript_json: TURNS, voice_recording_url: url }
      const stored = await app.inject({
        method: 'POST',
        url: '/observability/v1/observe/',
        headers: admin,
        payload: call,
      })
      const callId = stored.json().id
      const isAllowed = addressRule(LOOPBACK)
      const fetcher = createRecordingFetcher(files, { isAllowed, maxBytes: 10, timeoutMs: 5_000 })
      const tools = { database, files, fetcher, clock: Date.now }
      const fetching = fetchRecording(tools, { callId, url }, new AbortController().signal)
      await until(() => held.length > 0)
      await app.inject({ method: 'DELETE', url: `/api/calls/${callId}`, headers: admin })
      held.pop()?.()
      await fetching
      await fetcher.close()
      expect((await files.survey()).keys).toEqual([])
    } finally {
      await server.close()
    }
  })
})
