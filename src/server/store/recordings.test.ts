import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import {
  deleteRecordings,
  findCurrentRecording,
  findNewestFile,
  findPeaks,
  findStoredRecording,
  insertRecording,
  listStorageKeys,
  listStoredKeys,
  savePeaks,
  savePlayback,
  saveProbe,
} from './recordings.ts'

let server: TestServer
let callId: number

beforeAll(async () => {
  server = await startTestServer()
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    headers: server.admin,
    payload: {
      call_id: 'c/1',
      agent: 1,
      transcript_json: [{ role: 'Main Agent', content: 'Hi.', start_time: 0, end_time: 1 }],
    },
  })
  callId = response.json().id
})

afterAll(() => server.close())

const add = (storageKey: string) =>
  insertRecording(server.database.writer, {
    callId,
    storageKey,
    fileName: 'talk.wav',
    sizeBytes: 44,
    sha256: 'abc',
    sourceUrl: null,
    now: 5,
  })

describe('recordings of a call', () => {
  it('play once they are understood, the newest one first; the older ones stay', async () => {
    const { writer, reader } = server.database
    const first = await add('bb/one')
    expect(await findCurrentRecording(reader, callId)).toBeNull()
    const probe = {
      format: 'wav',
      codec: 'mulaw',
      mimeType: 'audio/wav',
      channels: 2,
      sampleRateHz: 8000,
      durationSeconds: 1.2344,
    } as const
    await saveProbe(writer, { id: first, probe })
    const level = (pointsPerSecond: number, ...bytes: number[]) => ({
      pointsPerSecond,
      channels: 2,
      bytes: Uint8Array.from(bytes),
    })
    const levels = [level(10, 1, 2, 3, 4), level(1, 4, 2)]
    await savePeaks(writer, { id: first, levels, agentChannel: 1, now: 6 })
    const shown = { id: first, sizeBytes: 44, sha256: 'abc', agentChannel: 1, peakLevels: [1, 10] }
    expect(await findCurrentRecording(reader, callId)).toEqual({
      ...shown,
      ...probe,
      durationSeconds: 1.234, // to the millisecond
    })

    const second = await add('aa/two')
    expect(await findCurrentRecording(reader, callId)).toBeNull()
    expect(await findNewestFile(reader, callId)).toMatchObject({
      id: second,
      mimeType: 'application/octet-stream',
    })
    expect(await listStorageKeys(reader, callId)).toEqual(['bb/one', 'aa/two'])
    const playback = { storageKey: 'bb/copy', mimeType: 'audio/mp4', sizeBytes: 9, sha256: 'def' }
    await savePlayback(writer, { id: first, playback })
    expect(await findStoredRecording(reader, { id: first, projectId: 1 })).toMatchObject({
      storageKey: 'bb/one',
      playback,
    })
    expect(await listStorageKeys(reader, callId)).toEqual(['bb/one', 'bb/copy', 'aa/two'])
    expect(await listStoredKeys(reader, 0)).toEqual({
      keys: ['bb/one', 'bb/copy', 'aa/two'],
      last: second,
    })
    expect(await listStoredKeys(reader, second)).toEqual({ keys: [], last: null })

    const peaks = await findPeaks(reader, { recordingId: first, pointsPerSecond: 10 })
    expect([...(peaks?.bytes ?? [])]).toEqual([1, 2, 3, 4])
    expect(await findPeaks(reader, { recordingId: first, pointsPerSecond: 50 })).toBeNull()
    await savePeaks(writer, { id: first, levels: [level(1, 9, 9)], agentChannel: null, now: 7 })
    expect(await findPeaks(reader, { recordingId: first, pointsPerSecond: 10 })).toBeNull()
  })

  it('belong to the project of their call', async () => {
    const { reader } = server.database
    const id = await add('cc/three')
    const own = await findStoredRecording(reader, { id, projectId: 1 })
    expect(own).toMatchObject({ callId, senderCallId: 'c/1', projectId: 1, storageKey: 'cc/three' })
    expect(await findStoredRecording(reader, { id, projectId: null })).toEqual(own)
    expect(await findStoredRecording(reader, { id, projectId: 2 })).toBeNull()
  })

  it('go with their peaks', async () => {
    const { reader, writer } = server.database
    await deleteRecordings(writer, callId)
    expect(await listStorageKeys(reader, callId)).toEqual([])
    expect(await reader.selectFrom('recording_peaks').select('recording_id').execute()).toEqual([])
  })
})
