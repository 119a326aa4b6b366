import { rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { multipart } from '#testing/multipart.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { addTheirProject } from '#testing/their-project.ts'
import { wavWithTones } from '#testing/wav.ts'
import { insertRecording } from '../../store/recordings.ts'

let server: TestServer
/** 44 bytes of header and 1 s × 8000 Hz × 2 channels × 2 bytes. */
const WAV = wavWithTones({
  durationSeconds: 1,
  tones: [{ channel: 0, startSeconds: 0, endSeconds: 1 }],
})
const SIZE = 32_044
let id: number
let etag: string

beforeAll(async () => {
  server = await startTestServer()
  const call = await upload('a call/1', 'music.mp3')
  id = call.recording.id
  etag = `"${call.recording.sha256}"`
})

afterAll(() => server.close())

async function upload(callId: string, fileName: string) {
  const form = multipart([
    { name: 'call_id', content: callId },
    { name: 'agent', content: '1' },
    { name: 'transcript_type', content: 'none-mono' },
    { name: 'voice_recording', fileName, content: WAV },
  ])
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    ...form,
    headers: { ...form.headers, ...server.admin },
  })
  await server.settle()
  const url = `/api/calls/${response.json().id}`
  return (await server.app.inject({ url, headers: server.admin })).json()
}

function ask(
  headers: Record<string, string> = {},
  {
    method = 'GET',
    query = '',
    recordingId = id,
  }: { method?: 'GET' | 'HEAD'; query?: string; recordingId?: number } = {},
) {
  return server.app.inject({
    method,
    url: `/api/recordings/${recordingId}/audio${query}`,
    headers: { ...server.admin, ...headers },
  })
}

describe('a recording', () => {
  it('is sent whole, as what it is, whatever its name said', async () => {
    const response = await ask()
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({
      'content-type': 'audio/wav',
      'content-length': String(SIZE),
      'accept-ranges': 'bytes',
      etag,
      'cache-control': 'private, no-cache',
      'x-content-type-options': 'nosniff',
    })
    expect(response.headers).not.toHaveProperty('content-disposition')
    expect(response.rawPayload.equals(WAV)).toBe(true)
  })

  it.each([
    ['the first byte', 'bytes=0-0', 0, 0],
    ['the first bytes', 'bytes=0-99', 0, 99],
    ['the middle', 'bytes=1000-1999', 1000, 1999],
    ['an open end', 'bytes=32000-', 32_000, SIZE - 1],
    ['the last bytes', 'bytes=-44', SIZE - 44, SIZE - 1],
    ['more last bytes than there are', 'bytes=-999999', 0, SIZE - 1],
    ['an end beyond the end', 'bytes=32043-99999', SIZE - 1, SIZE - 1],
    ['everything', 'bytes=0-', 0, SIZE - 1],
  ])('is sent in part: %s', async (_name, range, first, last) => {
    const response = await ask({ range })
    expect(response.statusCode).toBe(206)
    expect(response.headers).toMatchObject({
      'content-range': `bytes ${first}-${last}/${SIZE}`,
      'content-length': String(last - first + 1),
      etag,
    })
    expect(response.rawPayload.equals(WAV.subarray(first, last + 1))).toBe(true)
  })

  it.each(['bytes=32044-', 'bytes=99999-100000', 'bytes=-0', 'bytes=9-5'])(
    'has nothing at %s',
    async (range) => {
      const response = await ask({ range })
      expect(response.statusCode).toBe(416)
      expect(response.headers['content-range']).toBe(`bytes */${SIZE}`)
    },
  )

  it('is sent whole for several ranges, and for units that no one knows', async () => {
    for (const range of ['bytes=0-1,5-6', 'seconds=0-1', 'items=99999-']) {
      const response = await ask({ range })
      expect([range, response.statusCode]).toEqual([range, 200])
      expect(response.rawPayload.length).toBe(SIZE)
    }
  })

  it('is refused for a range that cannot be read', async () => {
    for (const range of ['bytes', 'bytes=', 'bytes=-', 'bytes=a-b', 'bytes=5', 'nonsense', '0-5']) {
      const response = await ask({ range })
      expect([range, response.statusCode]).toEqual([range, 400])
      expect(response.json().range[0]).toContain(range)
    }
  })

  it('is sent in part only while it is the version that the client has', async () => {
    const range = 'bytes=0-9'
    const same = await ask({ range, 'if-range': etag })
    expect([same.statusCode, same.rawPayload.length]).toEqual([206, 10])
    for (const other of ['"other"', `W/${etag}`, 'Wed, 21 Oct 2026 07:28:00 GMT']) {
      const response = await ask({ range, 'if-range': other })
      expect([other, response.statusCode, response.rawPayload.length]).toEqual([other, 200, SIZE])
    }
  })

  it('is not sent again to who has it', async () => {
    for (const known of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
      const response = await ask({ 'if-none-match': known, range: 'bytes=0-9' })
      expect([known, response.statusCode, response.rawPayload.length]).toEqual([known, 304, 0])
      expect(response.headers).toMatchObject({ etag, 'cache-control': 'private, no-cache' })
    }
    expect((await ask({ 'if-none-match': '"x"' })).statusCode).toBe(200)
  })

  it('tells its size without being sent', async () => {
    const whole = await ask({}, { method: 'HEAD' })
    expect(whole.statusCode).toBe(200)
    expect(whole.headers).toMatchObject({
      'content-length': String(SIZE),
      'content-type': 'audio/wav',
    })
    const part = await ask({ range: 'bytes=-5' }, { method: 'HEAD' })
    expect(part.statusCode).toBe(206)
    expect(part.headers['content-length']).toBe('5')
    expect(whole.rawPayload.length + part.rawPayload.length).toBe(0)
  })

  it('is never compressed, also while no one knows what it is: its bytes are counted', async () => {
    const unknown = await insertRecording(server.database.writer, {
      callId: 1,
      ...(await server.files.receive(Readable.from([WAV]), { maxBytes: SIZE })),
      fileName: '',
      sourceUrl: null,
      now: 0,
    })
    for (const recordingId of [id, unknown]) {
      const response = await ask({ 'accept-encoding': 'gzip, br' }, { recordingId })
      expect(response.headers).not.toHaveProperty('content-encoding')
      expect(response.rawPayload.equals(WAV)).toBe(true)
    }
  })

  it('downloads under the sender’s id, with the ending of what it is', async () => {
    const response = await ask({}, { query: '?download' })
    expect(response.headers['content-disposition']).toBe('attachment; filename="a_call_1.wav"')
  })

  it('is reported missing, not half sent, where its file is gone', async () => {
    const { recording } = await upload('lost', 'lost.wav')
    const [row] = await server.database.reader
      .selectFrom('recording')
      .select('storage_key')
      .where('id', '=', recording.id)
      .execute()
    await rm(server.files.pathOf(row?.storage_key ?? ''))
    const response = await ask({ range: 'bytes=0-9' }, { recordingId: recording.id })
    expect(response.statusCode).toBe(404)
    expect(response.headers).not.toHaveProperty('content-range')
    expect(response.json()).toEqual({ detail: 'The file of this recording is missing.' })
  })

  it('may be empty', async () => {
    const nothing = await server.files.receive(Readable.from([]), { maxBytes: 1 })
    const recordingId = await insertRecording(server.database.writer, {
      callId: 1,
      ...nothing,
      fileName: '',
      sourceUrl: null,
      now: 0,
    })
    const response = await ask({}, { recordingId })
    expect([response.statusCode, response.rawPayload.length]).toEqual([200, 0])
    expect((await ask({ range: 'bytes=0-' }, { recordingId })).statusCode).toBe(416)
  })

  it('is not there without a key, for another project, or under another id', async () => {
    const url = `/api/recordings/${id}/audio`
    const peaks = `/api/recordings/${id}/peaks/10`
    const stranger = await addTheirProject(server.database)
    for (const address of [url, peaks]) {
      expect((await server.app.inject({ url: address })).statusCode).toBe(401)
      const response = await server.app.inject({ url: address, headers: stranger })
      expect(response.statusCode).toBe(404)
      expect(response.rawPayload.length).toBeLessThan(100)
    }
    expect((await ask({}, { recordingId: 999 })).statusCode).toBe(404)
    const readOnly = await server.app.inject({ url, headers: await server.keyOf('read-only') })
    expect(readOnly.statusCode).toBe(200)
  })

  it('does not hold the file open when the listener goes away', async () => {
    await server.app.listen({ host: '127.0.0.1', port: 0 })
    const { port } = server.app.server.address() as AddressInfo
    for (let times = 0; times < 5; times++) {
      const leaving = new AbortController()
      const response = await fetch(`http://127.0.0.1:${port}/api/recordings/${id}/audio`, {
        headers: server.admin,
        signal: leaving.signal,
      })
      leaving.abort()
      await expect(response.arrayBuffer()).rejects.toThrow()
    }
    // The server is still well.
    expect((await ask()).statusCode).toBe(200)
  })
})

describe('peaks', () => {
  it('are bytes, channel after channel', async () => {
    const url = `/api/recordings/${id}/peaks/10`
    const response = await server.app.inject({ url, headers: server.admin })
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({
      'content-type': 'application/octet-stream',
      etag: `${etag.slice(0, -1)}-10"`,
    })
    // 1 s at 10 points a second: a tone of half scale (0.5 × 255) on channel 0, silence on channel 1.
    const bytes = [...response.rawPayload]
    expect(bytes).toHaveLength(20)
    for (const byte of bytes.slice(0, 10)) expect(byte).toBeGreaterThanOrEqual(126)
    expect(bytes.slice(10)).toEqual(Array(10).fill(0))
  })

  it('are not there at other levels', async () => {
    for (const [level, status] of [
      ['7', 404],
      ['0', 400],
      ['x', 400],
    ] as const) {
      const url = `/api/recordings/${id}/peaks/${level}`
      const response = await server.app.inject({ url, headers: server.admin })
      expect([level, response.statusCode]).toEqual([level, status])
    }
  })
})
