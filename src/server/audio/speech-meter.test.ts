import { beforeAll, describe, expect, it } from 'vitest'
import { overlaps, responseGaps, type Stretch } from '#contract/conversation.ts'
import type { RecordingSpeech } from '#contract/recording-speech.ts'
import type { Segment, Speaker } from '#contract/transcript.ts'
import { Resampler, resamplingKernel } from './resampler.ts'
import {
  composeChannel as compose,
  loadSpeechClips,
  CLIP_RATE_HZ as RATE_HZ,
  type SpeechClips,
} from './speech-clips.ts'
import { SpeechMeter, type SpeechMeterOptions } from './speech-meter.ts'
import { loadVoiceModel, type VoiceModel } from './voice-model.ts'

/** What the requirement allows a boundary to be off by. */
const TOLERANCE_SECONDS = 0.05

type Channels = [caller: Float32Array, agent: Float32Array]
let clips: SpeechClips
let model: VoiceModel

beforeAll(async () => {
  clips = await loadSpeechClips()
  model = await loadVoiceModel()
})

/** Heard in chunks of 0.3 s, as decoders give them. */
async function hear(
  channels: readonly Float32Array[],
  options: Partial<SpeechMeterOptions> = {},
): Promise<RecordingSpeech> {
  const sampleRateHz = options.sampleRateHz ?? RATE_HZ
  const loadModel = () => Promise.resolve(model)
  const meter = new SpeechMeter({
    channels: channels.length,
    sampleRateHz,
    codec: 'pcm',
    loadModel,
    ...options,
  })
  const length = channels[0]?.length ?? 0
  const step = Math.round(sampleRateHz * 0.3)
  for (let from = 0; from < length; from += step) {
    await meter.add(channels.map((samples) => samples.slice(from, from + step)))
  }
  return meter.finish(length / sampleRateHz)
}

function expectStretches(found: readonly Stretch[] | undefined, expected: readonly Stretch[]) {
  expect(found).toHaveLength(expected.length)
  for (const [index, { startSeconds, endSeconds }] of expected.entries()) {
    const off = [
      Math.abs((found?.[index]?.startSeconds ?? Number.NaN) - startSeconds),
      Math.abs((found?.[index]?.endSeconds ?? Number.NaN) - endSeconds),
    ]
    for (const seconds of off) expect(seconds).toBeLessThanOrEqual(TOLERANCE_SECONDS)
  }
}

function toSegments({ channels }: RecordingSpeech): Segment[] {
  const speakers: readonly Speaker[] = ['caller', 'agent']
  return channels.flatMap(({ stretches }, channel) =>
    stretches.map((stretch) => ({
      kind: 'speech' as const,
      speaker: speakers[channel] ?? 'agent',
      text: 'x',
      timing: 'given' as const,
      ...stretch,
    })),
  )
}

/** Sixteen seconds with two overlaps and two waits of the caller; every time follows from where a clip is put. */
function composeCall(): Channels {
  const caller = compose(16, [
    { clip: clips.caller, startSeconds: 1.8 }, // to 6.17
    { clip: clips.caller, startSeconds: 9.5 }, // to 13.87
  ])
  const agent = compose(
    16,
    [
      { clip: clips.areYouThere, startSeconds: 0.5 }, // to 1.4
      { clip: clips.takeYourTime, startSeconds: 5.5 }, // to 6.19, over the caller until 6.17
      { clip: clips.greeting, startSeconds: 7 }, // to 9.88, the caller joins in at 9.5
      { clip: clips.areYouThere, startSeconds: 14.12 }, // to 15.02
    ],
    2,
  )
  return [caller, agent]
}

const CALLER_STRETCHES = [
  { startSeconds: 1.8, endSeconds: 6.17 },
  { startSeconds: 9.5, endSeconds: 13.87 },
]
const AGENT_STRETCHES = [
  { startSeconds: 0.5, endSeconds: 1.4 },
  { startSeconds: 5.5, endSeconds: 6.19 },
  { startSeconds: 7, endSeconds: 9.88 },
  { startSeconds: 14.12, endSeconds: 15.02 },
]

describe('SpeechMeter', () => {
  it('finds every turn of a stereo call to 50 ms, and so its waits and its overlaps', async () => {
    const speech = await hear(composeCall())
    expect(speech).toMatchObject({
      engine: 'silero-v6',
      durationSeconds: 16,
      areChannelsSeparable: true,
    })
    expectStretches(speech.channels[0]?.stretches, CALLER_STRETCHES)
    expectStretches(speech.channels[1]?.stretches, AGENT_STRETCHES)

    const segments = toSegments(speech)
    expect(overlaps(segments).map(({ startedBy }) => startedBy)).toEqual(['agent', 'caller'])
    // 5.5 is inside the caller's turn: a wait of 0. Then 14.12 - 13.87 = 0.25 s.
    const waits = responseGaps(segments).map((gap) => gap.endSeconds - gap.startSeconds)
    expect(waits).toHaveLength(2)
    expect(waits[0]).toBe(0)
    expect(Math.abs((waits[1] ?? 0) - 0.25)).toBeLessThanOrEqual(TOLERANCE_SECONDS)
  })

  it('finds the same at another sample rate', async () => {
    const kernel = resamplingKernel(RATE_HZ, 44_100)
    const channels = composeCall().map((samples) => {
      const resampler = new Resampler(kernel)
      return Float32Array.from([...resampler.add(samples), ...resampler.end()])
    })
    const speech = await hear(channels, { sampleRateHz: 44_100 })
    expectStretches(speech.channels[0]?.stretches, CALLER_STRETCHES)
    expectStretches(speech.channels[1]?.stretches, AGENT_STRETCHES)
  })

  it('measures voice, loudness and noise of each channel', async () => {
    const loud = compose(4, [{ clip: clips.greeting, startSeconds: 0.5 }])
    const quiet = compose(4, [{ clip: clips.greeting, startSeconds: 0.5, gain: 0.1 }])
    const [first, second] = await Promise.all([hear([loud]), hear([quiet])])
    const [a, b] = [first.channels[0], second.channels[0]]
    // A tenth of the amplitude is 20 dB less, of the same voice.
    expect((a?.speechLevelDbfs ?? 0) - (b?.speechLevelDbfs ?? 0)).toBeCloseTo(20, 0)
    expect(Math.abs((a?.meanPitchHz ?? 0) - (b?.meanPitchHz ?? 0))).toBeLessThan(10)
    // A woman's voice. Source: Baken and Orlikoff, Clinical Measurement of Speech and Voice: 140 to 255 Hz.
    expect(a?.meanPitchHz).toBeGreaterThan(140)
    expect(a?.meanPitchHz).toBeLessThan(255)
    // Evenly spread over 0.0017: power 0.0017² / 12, which is -66.2 dB.
    expect(a?.noiseLevelDbfs).toBeCloseTo(-66.2, 0)
  })

  it('hears one party on each channel of a line with an echo', async () => {
    const [caller, agent] = composeCall()
    // What the agent says comes back 0.1 s later at a fifteenth (-23.5 dB).
    const delay = 0.1 * RATE_HZ
    const withEcho = caller.map((sample, n) => sample + (agent[n - delay] ?? 0) / 15)
    const speech = await hear([withEcho, agent])
    const callerStarts = speech.channels[0]?.stretches.map(({ startSeconds }) => startSeconds)
    expect(callerStarts).toHaveLength(2)
    expect(speech.areChannelsSeparable).toBe(true)
  })

  it('cannot tell speakers apart by two copies of one sound, or where one side is silent', async () => {
    const both = compose(7, [
      { clip: clips.areYouThere, startSeconds: 0.5 },
      { clip: clips.caller, startSeconds: 1.65 },
    ])
    const hiss = compose(7, [], 3)
    const copy = both.map((sample, n) => sample * 0.8 + (hiss[n] ?? 0))
    const copies = await hear([both, copy])
    expect(copies.areChannelsSeparable).toBe(false)
    expect(copies.channels.map(({ stretches }) => stretches.length)).toEqual([2, 2])
    expect((await hear([both, hiss])).areChannelsSeparable).toBe(false)
  })

  it('hears both parties of a mono call as one', async () => {
    const mono = compose(7, [
      { clip: clips.areYouThere, startSeconds: 0.5 },
      { clip: clips.caller, startSeconds: 1.65 },
    ])
    const speech = await hear([mono])
    expect(speech.areChannelsSeparable).toBe(false)
    expect(speech.channels).toHaveLength(1)
    expectStretches(speech.channels[0]?.stretches, [
      { startSeconds: 0.5, endSeconds: 1.4 },
      { startSeconds: 1.65, endSeconds: 6.02 },
    ])
  })

  it('hears nothing in silence, in a tone and in hiss, and loads no model for silence', async () => {
    const refuse = () => Promise.reject(new Error('not wanted'))
    const silence = new Float32Array(2 * RATE_HZ)
    expect(await hear([silence, silence], { loadModel: refuse })).toEqual({
      engine: 'silero-v6',
      durationSeconds: 2,
      areChannelsSeparable: false,
      channels: Array(2).fill({
        stretches: [],
        meanPitchHz: null,
        speechLevelDbfs: null,
        noiseLevelDbfs: -96,
        clippedShare: 0,
      }),
    })
    const tone = silence.map((_, n) => 0.5 * Math.sin((2 * Math.PI * 440 * n) / RATE_HZ))
    const hiss = compose(2, []).map((sample) => sample * 100)
    for (const { stretches } of (await hear([tone, hiss])).channels) expect(stretches).toEqual([])
  })

  it('goes by loudness where the model does not load, fails or takes too long, and says so', async () => {
    const failing = async () => ({ hear: () => Promise.reject(new Error('out of memory')) })
    const ways: Partial<SpeechMeterOptions>[] = [
      { loadModel: () => Promise.reject(new Error('no WebAssembly')) },
      { loadModel: failing },
      { budgetMs: 0 },
    ]
    for (const way of ways) {
      const speech = await hear(composeCall(), way)
      expect(speech.engine).toBe('energy')
      const [first, last] = [speech.channels[1]?.stretches[0], speech.channels[1]?.stretches.at(-1)]
      expectStretches(first && last ? [first, last] : [], [
        { startSeconds: 0.5, endSeconds: 1.4 },
        { startSeconds: 14.12, endSeconds: 15.02 },
      ])
    }
  })

  it('survives samples that are no sound', async () => {
    const dirty = compose(6, [{ clip: clips.caller, startSeconds: 1 }])
    dirty.set([Number.NaN, Number.POSITIVE_INFINITY, 1e30], 100)
    const speech = await hear([dirty])
    expectStretches(speech.channels[0]?.stretches, [{ startSeconds: 1, endSeconds: 5.37 }])
  })

  it('does not listen at a rate at which nobody records', async () => {
    const samples = compose(1, [])
    const speech = await hear([samples], { sampleRateHz: 100 })
    expect(speech).toMatchObject({ engine: 'none', channels: [{ stretches: [] }] })
  })
})
