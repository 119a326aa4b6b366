import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { multipart } from '#testing/multipart.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'

const MP3 = join(import.meta.dirname, '../../audio/samples/vbr.mp3')

let server: TestServer
let original: Buffer
let callId: number
let audioUrl: string

beforeAll(async () => {
  server = await startTestServer()
  original = await readFile(MP3)
  const form = multipart([
    { name: 'call_id', content: 'mp3' },
    { name: 'agent', content: '1' },
    { name: 'transcript_type', content: 'none-mono' },
    { name: 'voice_recording', fileName: 'call.mp3', content: original },
  ])
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    payload: form.payload,
    headers: { ...form.headers, ...server.admin },
  })
  callId = response.json<{ id: number }>().id
  await server.settle()
  const call = await get(`/api/calls/${callId}`)
  audioUrl = `/api/recordings/${call.json<{ recording: { id: number } }>().recording.id}/audio`
})

afterAll(() => server.close())

function get(url: string, headers: Record<string, string> = {}) {
  return server.app.inject({ url, headers: { ...server.admin, ...headers } })
}

describe('an mp3, which browsers seek inexactly', () => {
  it('is played from a copy in a container with exact times', async () => {
    const response = await get(audioUrl)
    expect(response.headers['content-type']).toBe('audio/mp4')
    expect(response.rawPayload.subarray(4, 8).toString()).toBe('ftyp')
  })

  it('is downloaded as it came', async () => {
    const response = await get(`${audioUrl}?download=1`)
    expect(response.headers['content-type']).toBe('audio/mpeg')
    expect(response.rawPayload.equals(original)).toBe(true)
  })

  it('has a tag of its own for each of the two, so that no cache mixes their bytes', async () => {
    const [copy, download] = [await get(audioUrl), await get(`${audioUrl}?download=1`)]
    expect(copy.headers.etag).not.toBe(download.headers.etag)
    const tag = String(download.headers.etag)
    const ranged = await get(audioUrl, { range: 'bytes=0-3', 'if-range': tag })
    expect(ranged.statusCode).toBe(200)
  })

  it('is shown as what the sender sent', async () => {
    const call = await get(`/api/calls/${callId}`)
    expect(call.json()).toMatchObject({
      recording: { format: 'mp3', sizeBytes: original.length },
    })
  })

  it('is measured again without leaving the first copy behind', async () => {
    const before = await server.files.survey()
    await server.database.writer
      .updateTable('call')
      .set({ recording_state: 'failed' })
      .where('id', '=', callId)
      .execute()
    const url = `/api/calls/${callId}/retry-recording`
    await server.app.inject({ method: 'POST', url, headers: server.admin })
    await server.settle()
    const after = await server.files.survey()
    // The original and one copy, now and then.
    expect([before.keys.length, after.keys.length]).toEqual([2, 2])
  })

  it('is played from the original where the copy is lost, and goes with its call', async () => {
    const { playback_key: key } = await server.database.reader
      .selectFrom('recording')
      .select('playback_key')
      .executeTakeFirstOrThrow()
    await rm(server.files.pathOf(String(key)))
    expect((await get(audioUrl)).headers['content-type']).toBe('audio/mpeg')
    await server.app.inject({
      method: 'DELETE',
      url: `/observability/v1/call-logs/${callId}/`,
      headers: server.admin,
    })
    expect((await server.files.survey()).keys).toEqual([])
  })
})
