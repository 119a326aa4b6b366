import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '#contract/metric-result.ts'
import type { RecordingSpeech } from '#contract/recording-speech.ts'
import type { Segment } from '#contract/transcript.ts'
import { hearRecording } from '#server/audio/analyse-recording.ts'
import {
  CLIP_RATE_HZ,
  composeChannel,
  loadSpeechClips,
  type PlacedClip,
} from '#server/audio/speech-clips.ts'
import { buildWav } from '#server/audio/wav-builder.ts'
import type { Configuration } from './configuration.ts'
import { aCall, agentSays, callerSays, measured } from './measured-call-builder.ts'

const CALL_SECONDS = 40
const AGENT_CHANNEL = 1
/** What the requirement allows a wait to be off by. */
const TOLERANCE_MS = 50

type Turn = { startSeconds: number; endSeconds: number; clip: Float32Array }
type Sound = { agent: Turn[]; caller: Turn[] }

let folder: string
let turns: Sound
let stereo: RecordingSpeech
let mono: RecordingSpeech

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'measures-of-sound-'))
  turns = await placeTurns()
  const caller = composeChannel(CALL_SECONDS, turns.caller)
  const agent = composeChannel(CALL_SECONDS, turns.agent, 2)
  const mixed = agent.map((sample, n) => sample + (caller[n] ?? 0))
  ;[stereo, mono] = await Promise.all([
    speechOf('stereo.wav', [caller, agent]),
    speechOf('mono.wav', [mixed]),
  ])
})
afterAll(() => rm(folder, { recursive: true }))

/** Every expected number below follows from these times. */
async function placeTurns(): Promise<Sound> {
  const { greeting, takeYourTime, areYouThere, caller } = await loadSpeechClips()
  return {
    agent: [
      turn(greeting, 0.5), // to 3.38
      turn(areYouThere, 9.37), // to 10.27, 0.8 s after the caller
      turn(takeYourTime, 15), // to 15.69, over the caller for 0.37 s
      turn(greeting, 17), // to 19.88
      turn(greeting, 25.07), // to 27.95, 1.5 s after the caller
      turn(areYouThere, 32.12), // to 33.02, 0.3 s after the caller; then 6.98 s of silence
    ],
    caller: [
      turn(caller, 4.2), // to 8.57
      turn(caller, 11), // to 15.37
      turn(caller, 19.2), // to 23.57, over the agent for 0.68 s
      turn(caller, 27.45), // to 31.82, over the agent for 0.5 s
    ],
  }
}

function turn(clip: Float32Array, startSeconds: number): Turn & PlacedClip {
  return { clip, startSeconds, endSeconds: startSeconds + clip.length / CLIP_RATE_HZ }
}

async function speechOf(name: string, channels: Float32Array[]): Promise<RecordingSpeech> {
  const data = Buffer.alloc(CALL_SECONDS * CLIP_RATE_HZ * channels.length * 2)
  for (const [channel, samples] of channels.entries()) {
    for (const [frame, sample] of samples.entries()) {
      const level = Math.max(-1, Math.min(sample, 1))
      data.writeInt16LE(Math.round(level * 32_767), (frame * channels.length + channel) * 2)
    }
  }
  const path = join(folder, name)
  await writeFile(
    path,
    buildWav({ channels: channels.length, sampleRateHz: CLIP_RATE_HZ, bits: 16, data }),
  )
  return hearRecording({ path })
}

/** The words with the times at which they are heard, but for a clock that is `lateSeconds` behind for the agent. */
function transcript({ lateSeconds }: { lateSeconds: number }): Segment[] {
  return [
    ...turns.agent.map(({ startSeconds, endSeconds }) =>
      agentSays([startSeconds + lateSeconds, endSeconds + lateSeconds]),
    ),
    ...turns.caller.map(({ startSeconds, endSeconds }) => callerSays([startSeconds, endSeconds])),
  ]
}

function inStereo(name: string, configuration: Configuration = {}, segments: Segment[] = []) {
  const heard = { speech: stereo, agentChannel: AGENT_CHANNEL } as const
  return measured(name, aCall({ heard, segments }), configuration)
}

function inMono(name: string, configuration: Configuration = {}, segments: Segment[] = []) {
  const heard = { speech: mono, agentChannel: null }
  return measured(name, aCall({ heard, segments }), configuration)
}

function expectMs(found: number | null | undefined, expectedMs: number) {
  expect(Math.abs((found ?? Number.NaN) - expectedMs)).toBeLessThanOrEqual(TOLERANCE_MS)
}

/** Of 0.8, 0 (it cuts in at 15.0, before 15.37), 1.5 and 0.3 s, the mean is 0.65 s. */
const WAITS_MS = [800, 0, 1500, 300]

function expectTrueLatency({ state, basis, score, extra }: Finding) {
  expect({ state, basis }).toEqual({ state: 'scored', basis: 'audio' })
  expectMs(score, 650)
  const waits = extra?.turns ?? []
  expect(waits).toHaveLength(WAITS_MS.length)
  for (const [index, waitMs] of WAITS_MS.entries()) expectMs(waits[index]?.valueMs, waitMs)
}

describe('measures of a stereo recording', () => {
  it('find every wait of the caller to 50 ms, and so their mean', () => {
    expectTrueLatency(inStereo('get_latency'))
  })

  it('count who cuts in, and how long the agent goes on', () => {
    expect(inStereo('get_ai_interrupting_user')).toMatchObject({ score: 1, basis: 'audio' })
    expect(inStereo('get_user_interrupting_ai')).toMatchObject({ score: 2, basis: 'audio' })
    // (0.68 + 0.5) / 2 s
    const stop = inStereo('get_stop_time_after_user_interruption')
    expect(stop.basis).toBe('audio')
    expectMs(stop.score, 590)
  })

  it('find the agent’s part of the call to 0.02', () => {
    // 3 · 2.88 + 2 · 0.9 + 0.69 = 11.13 s of 40 s
    const { score, basis } = inStereo('get_talk_ratio')
    expect(basis).toBe('audio')
    expect(Math.abs((score ?? Number.NaN) - 11.13 / 40)).toBeLessThanOrEqual(0.02)
  })

  it('tell a silence that is allowed from one that is 0.1 s longer', () => {
    // From 33.02 to 40: 6.98 s.
    expect(inStereo('check_silence', { silence_duration: 7.03 })).toMatchObject({ passed: true })
    expect(inStereo('check_silence', { silence_duration: 6.93 })).toMatchObject({
      passed: false,
      basis: 'audio',
    })
  })

  it('go by the sound where the transcript’s times are 2 s wrong', () => {
    const segments = transcript({ lateSeconds: 2 })
    const byTranscript = measured('get_latency', aCall({ segments }))
    expect(byTranscript.basis).toBe('transcript')
    expect(Math.abs((byTranscript.score ?? 0) - 650)).toBeGreaterThan(500)

    expectTrueLatency(inStereo('get_latency', {}, segments))
    expect(inStereo('get_ai_interrupting_user', {}, segments).score).toBe(1)
    expect(inStereo('get_user_interrupting_ai', {}, segments).score).toBe(2)
  })
})

describe('measures of a mono recording', () => {
  it('go by the times of the transcript, and say so', () => {
    const segments = transcript({ lateSeconds: 0 })
    const latency = inMono('get_latency', {}, segments)
    expect(latency.basis).toBe('transcript')
    expect(latency.score).toBe(650)
    expect(inMono('get_ai_interrupting_user', {}, segments)).toMatchObject({
      score: 1,
      basis: 'transcript',
    })
  })

  it('cannot be had without those, and say why', () => {
    for (const name of ['get_latency', 'get_user_interrupting_ai', 'get_talk_ratio']) {
      expect(inMono(name)).toMatchObject({
        state: 'skipped',
        score: null,
        explanation: expect.stringContaining('one channel for both speakers'),
      })
    }
  })

  it('hear silence all the same', () => {
    expect(inMono('check_silence', { silence_duration: 7.03 })).toMatchObject({ passed: true })
    expect(inMono('check_silence', { silence_duration: 6.93 })).toMatchObject({
      passed: false,
      basis: 'audio',
    })
  })
})
