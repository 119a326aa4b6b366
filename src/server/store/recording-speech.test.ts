import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordingSpeech } from '#contract/recording-speech.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { findSpeech, findSpeechOfCall, saveSpeech } from './recording-speech.ts'
import { deleteRecordings, insertRecording, savePeaks } from './recordings.ts'

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

const addRecording = () =>
  insertRecording(server.database.writer, {
    callId,
    storageKey: 'aa/one',
    fileName: 'talk.wav',
    sizeBytes: 44,
    sha256: 'abc',
    sourceUrl: null,
    now: 5,
  })

const speechUntil = (endSeconds: number): RecordingSpeech => ({
  engine: 'silero-v6',
  durationSeconds: 4,
  channels: [
    {
      stretches: [{ startSeconds: 0.12, endSeconds }],
      meanPitchHz: 121.4,
      speechLevelDbfs: -23.1,
      noiseLevelDbfs: null,
      clippedShare: 0.00012,
    },
  ],
  areChannelsSeparable: false,
})

describe('the speech of a recording', () => {
  it('comes back as it was stored, and the second time replaces the first', async () => {
    const { writer, reader } = server.database
    const recordingId = await addRecording()
    expect(await findSpeech(reader, recordingId)).toBeNull()
    await saveSpeech(writer, { recordingId, speech: speechUntil(1), now: 6 })
    await saveSpeech(writer, { recordingId, speech: speechUntil(2), now: 7 })
    expect(await findSpeech(reader, recordingId)).toEqual(speechUntil(2))
  })

  it('is that of the newest recording of a call, or none', async () => {
    const { writer, reader } = server.database
    const older = await addRecording()
    await saveSpeech(writer, { recordingId: older, speech: speechUntil(1), now: 6 })
    const newer = await addRecording()
    expect(await findSpeechOfCall(reader, callId)).toBeNull()
    await saveSpeech(writer, { recordingId: newer, speech: speechUntil(3), now: 7 })
    await savePeaks(writer, { id: newer, levels: [], agentChannel: 1, now: 7 })
    expect(await findSpeechOfCall(reader, callId)).toEqual({
      speech: speechUntil(3),
      agentChannel: 1,
      sampleRateHz: null,
    })
    expect(await findSpeechOfCall(reader, 999)).toBeNull()
  })

  it('goes with its recording', async () => {
    const { writer, reader } = server.database
    const recordingId = await addRecording()
    await saveSpeech(writer, { recordingId, speech: speechUntil(1), now: 6 })
    await deleteRecordings(writer, callId)
    expect(await findSpeech(reader, recordingId)).toBeNull()
  })
})
