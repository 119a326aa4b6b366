import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { multipart } from '#testing/multipart.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { type Tone, wavWithTones } from '#testing/wav.ts'
import { findSpeechOfCall } from '../store/recording-speech.ts'
import { prepareRecording } from './prepare-recording.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.close())

const TURNS = [
  { role: 'Main Agent', content: 'Hello.', start_time: 0, end_time: 1 },
  { role: 'Testing Agent', content: 'Hi.', start_time: 1, end_time: 2 },
]
/** The agent on channel 1, the caller on channel 0. */
const AGENT_ON_1: Tone[] = [
  { channel: 1, startSeconds: 0, endSeconds: 1 },
  { channel: 0, startSeconds: 1, endSeconds: 2 },
]

async function send(callId: string, wav: Buffer, fields: Record<string, unknown> = {}) {
  const body = { call_id: callId, agent: 1, transcript_json: TURNS, ...fields }
  const form = multipart([
    ...Object.entries(body).map(([name, value]) => ({
      name,
      content: typeof value === 'string' ? value : JSON.stringify(value),
    })),
    { name: 'voice_recording', fileName: 'x', content: wav },
  ])
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    ...form,
    headers: { ...form.headers, ...server.admin },
  })
  expect(response.statusCode).toBe(201)
  return response.json().id as number
}

async function prepared(id: number) {
  await server.settle()
  const response = await server.app.inject({ url: `/api/calls/${id}`, headers: server.admin })
  return response.json()
}

const speakers = (call: { segments: { speaker: string }[] }) =>
  call.segments.map(({ speaker }) => speaker)

/** The numbers of voices that a mono transcriber told apart: that they are channels is a guess. */
const GUESSED = {
  transcript_type: 'deepgram',
  transcript_json: [
    { word: 'Hello.', start: 0, end: 1, speaker: 0 },
    { word: 'Hi.', start: 1, end: 2, speaker: 1 },
  ],
}

describe('prepareRecording', () => {
  it('measures the recording, finds the agent’s channel and has the call evaluated', async () => {
    const id = await send('heard', wavWithTones({ durationSeconds: 2, tones: AGENT_ON_1 }))
    expect(await prepared(id)).toMatchObject({
      recordingState: 'ready',
      status: 'success',
      durationSeconds: 2,
      recording: { agentChannel: 1, channels: 2, peakLevels: [1, 10, 50], durationSeconds: 2 },
    })
  })

  it('keeps who speaks when, and finds the agent’s channel by it', async () => {
    const wav = await readFile(new URL('../demo/audio/dental-silent-line.wav', import.meta.url))
    // By their voices alone: the demo has the caller on channel 0.
    const turns = [
      { role: 'Main Agent', content: 'Quillfern Dental.', start_time: 0.6, end_time: 3.48 },
      { role: 'Testing Agent', content: 'Yes, hello.', start_time: 3.95, end_time: 8.32 },
    ]
    const call = await prepared(await send('voices', wav, { transcript_json: turns }))
    expect(call.recording.agentChannel).toBe(1)
    const heard = await findSpeechOfCall(server.database.reader, call.id)
    expect(heard).toMatchObject({
      agentChannel: 1,
      speech: { engine: 'silero-v6', durationSeconds: 40.276, areChannelsSeparable: true },
    })
    const first = heard?.speech.channels.map(({ stretches }) => stretches[0])
    expect(first?.[0]?.startSeconds).toBeCloseTo(3.95, 1)
    expect(first?.[1]?.startSeconds).toBeCloseTo(0.6, 1)
  })

  it('believes the sender about the channel, and does not touch a transcript that is certain', async () => {
    const wav = wavWithTones({ durationSeconds: 2, tones: AGENT_ON_1 })
    const call = await prepared(await send('told', wav, { main_agent_channel_index: 0 }))
    expect(call.recording.agentChannel).toBe(0)
    expect(speakers(call)).toEqual(['agent', 'caller'])
  })

  it('exchanges guessed speakers where the sender’s channel and the sound contradict them', async () => {
    // By its number voice 0 is the agent; but on the agent's channel 0 the second voice is heard.
    const wav = wavWithTones({ durationSeconds: 2, tones: AGENT_ON_1 })
    const call = await prepared(
      await send('swap', wav, { ...GUESSED, main_agent_channel_index: 0 }),
    )
    expect(speakers(call)).toEqual(['caller', 'agent'])
    expect(call).toMatchObject({
      recording: { agentChannel: 0 },
      speakerRule: 'the channel of the stereo recording',
    })
    const detail = await server.app.inject({
      url: `/observability/v1/call-logs/${call.id}/`,
      headers: server.admin,
    })
    expect(detail.json().transcript).toContain('Testing Agent: Hello.')
  })

  it('knows no channel in a mono recording', async () => {
    const wav = wavWithTones({ durationSeconds: 1, channels: 1 })
    const call = await prepared(await send('mono', wav, { main_agent_channel_index: 1 }))
    expect(call.recording).toMatchObject({ channels: 1, agentChannel: null })
  })

  it('says so where a recording turns out to be broken, and has the call evaluated all the same', async () => {
    const header = wavWithTones({ durationSeconds: 1 }).subarray(0, 44)
    const call = await prepared(await send('broken', Buffer.concat([header, Buffer.alloc(3)])))
    expect(call).toMatchObject({ recordingState: 'failed', status: 'success', recording: null })
    expect(call.errorMessage).toMatch(/^This recording cannot be read: expected /)
  })

  it('does nothing for a recording or a call that is gone', async () => {
    const { database, files } = server
    const tools = { database, files, clock: Date.now }
    const payload = { callId: 999, recordingId: 999 }
    await prepareRecording(tools, payload, new AbortController().signal)
    const rows = database.reader.selectFrom('recording').select('id').where('id', '=', 999)
    expect(await rows.execute()).toEqual([])
  })

  it('can run twice: a crash repeats it', async () => {
    const id = await send('again', wavWithTones({ durationSeconds: 1 }))
    const before = await prepared(id)
    const { database, files } = server
    const payload = { callId: id, recordingId: before.recording.id }
    const tools = { database, files, clock: Date.now }
    await prepareRecording(tools, payload, new AbortController().signal)
    const after = await prepared(id)
    expect({ ...after, updatedAt: null }).toEqual({ ...before, updatedAt: null })
  })
})

describe('retryRecording', () => {
  const retry = (id: number) =>
    server.app.inject({
      method: 'POST',
      url: `/api/calls/${id}/retry-recording`,
      headers: server.admin,
    })

  it('analyses an uploaded file anew', async () => {
    const header = wavWithTones({ durationSeconds: 1 }).subarray(0, 44)
    const id = await send('retry', Buffer.concat([header, Buffer.alloc(3)]))
    expect(await prepared(id)).toMatchObject({ recordingState: 'failed' })
    expect((await retry(id)).json()).toEqual({ queued: true })
    expect(
      await server.app
        .inject({ url: `/api/calls/${id}`, headers: server.admin })
        .then((r) => r.json()),
    ).toMatchObject({ recordingState: 'analysing', errorMessage: null })
    expect(await prepared(id)).toMatchObject({ recordingState: 'failed' })
  })

  it('refuses what has not failed, and what there is not', async () => {
    const id = await send('fine', wavWithTones({ durationSeconds: 1 }))
    await prepared(id)
    expect((await retry(id)).statusCode).toBe(409)
    expect((await retry(9999)).statusCode).toBe(409)
  })
})

describe('swapSpeakers', () => {
  const swap = async (id: number) => {
    const url = `/api/calls/${id}/swap-speakers`
    const response = await server.app.inject({ method: 'POST', url, headers: server.admin })
    return response.json()
  }

  it('exchanges who says what, in the text and in the search too, and back again', async () => {
    const id = await send('to-swap', wavWithTones({ durationSeconds: 2, tones: AGENT_ON_1 }))
    await prepared(id)
    const swapped = await swap(id)
    expect(speakers(swapped)).toEqual(['caller', 'agent'])
    expect(swapped.speakerRule).toBe('swapped by admin')
    const audit = await server.database.reader
      .selectFrom('audit_log')
      .select(['actor', 'action'])
      .where('subject', '=', `call:${id}`)
      .execute()
    expect(audit).toEqual([{ actor: 'admin', action: 'swap speakers' }])
    const detail = await server.app.inject({
      url: `/observability/v1/call-logs/${id}/`,
      headers: server.admin,
    })
    expect(detail.json().transcript).toContain('Testing Agent: Hello.')
    expect(speakers(await swap(id))).toEqual(['agent', 'caller'])
  })

  it('takes along the channel that was heard by who speaks, not one that the sender told', async () => {
    const wav = wavWithTones({ durationSeconds: 2, tones: AGENT_ON_1 })
    const heard = await send('heard-swap', wav)
    const told = await send('told-swap', wav, { main_agent_channel_index: 1 })
    for (const id of [heard, told]) expect((await prepared(id)).recording.agentChannel).toBe(1)
    expect((await swap(heard)).recording.agentChannel).toBe(0)
    expect((await swap(told)).recording.agentChannel).toBe(1)
  })
})
