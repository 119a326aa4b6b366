import { performance } from 'node:perf_hooks'
import type { Stretch } from '#contract/conversation.ts'
import type { ChannelSpeech, RecordingSpeech } from '#contract/recording-speech.ts'
import { ClipMeter } from './clip-meter.ts'
import { type HeardChannel, withoutEchoes } from './echoes.ts'
import { gateByEnergy } from './energy-gate.ts'
import { FloatList } from './float-list.ts'
import { FRAME_SECONDS, FrameLevels, toDbfs, toPower } from './frame-levels.ts'
import { PITCH_SAMPLES, PitchMeter } from './pitch-meter.ts'
import { Resampler, type ResamplingKernel, resamplingKernel } from './resampler.ts'
import { findSpeech, framesOutside } from './speech-stretches.ts'
import {
  CONTEXT_SAMPLES,
  createVoiceLane,
  HEARD_RATE_HZ,
  loadVoiceModel,
  type VoiceLane,
  type VoiceModel,
  WINDOW_SAMPLES,
} from './voice-model.ts'

export type SpeechMeterOptions = {
  channels: number
  sampleRateHz: number
  codec: string
  /** Where the voice model comes from. */
  loadModel?: () => Promise<VoiceModel>
  /** How long the voice model may listen to one recording; past it, loudness has to do. */
  budgetMs?: number
}

const MODEL_NAME = 'silero-v6'
/** Nobody records speech outside of these, and the work grows with the ratio of the rates. */
const LOWEST_RATE_HZ = 4000
const HIGHEST_RATE_HZ = 384_000
/** Half of the time that an analysis may take: three hours of a call at 40 times real time. */
const DEFAULT_BUDGET_MS = 5 * 60_000

/** A window below -66 dBFS holds nothing that anyone could understand. */
const QUIETEST_POWER = 10 ** -6.6
/** A file of floats can hold anything; ten times full scale is no sound. */
const LOUDEST_POWER = 100
/** The model hears the beginning of a silence, which makes it forget the speech before, and not the rest. */
const LISTENING_WINDOWS = 8
/** The pitch of a voice is read eight times a second. */
const WINDOWS_PER_READING = 4
/** Below -45 dBFS no pitch is clear. */
const VOICED_POWER = 10 ** -4.5
const WINDOW_SECONDS = WINDOW_SAMPLES / HEARD_RATE_HZ

type Listener = {
  resampler: Resampler
  clips: ClipMeter
  pitch: PitchMeter
  lane: VoiceLane
  /** The last `PITCH_SAMPLES` samples. */
  recent: Float32Array
  probabilities: FloatList
  quietWindows: number
}

/**
 * Finds the speech in one or two channels that arrive in chunks of any size, in memory that grows by some hundred
 * bytes a second. The voice model is loaded when the first sound comes. Where it cannot be, or takes too long,
 * loudness alone decides and `engine` says so. Never throws for what the sound is.
 */
export class SpeechMeter {
  readonly #listeners: readonly Listener[]
  readonly #levels: FrameLevels
  readonly #loadModel: () => Promise<VoiceModel>
  readonly #isAudible: boolean
  #budgetMs: number
  #model: VoiceModel | 'not loaded' | 'failed' = 'not loaded'
  #filled = 0
  #windows = 0

  constructor({
    channels,
    sampleRateHz,
    codec,
    loadModel = loadVoiceModel,
    budgetMs = DEFAULT_BUDGET_MS,
  }: SpeechMeterOptions) {
    this.#isAudible = sampleRateHz >= LOWEST_RATE_HZ && sampleRateHz <= HIGHEST_RATE_HZ
    const kernel = resamplingKernel(this.#isAudible ? sampleRateHz : HEARD_RATE_HZ, HEARD_RATE_HZ)
    this.#listeners = Array.from({ length: channels }, () => createListener({ kernel, codec }))
    this.#levels = new FrameLevels({ channels, sampleRateHz })
    this.#loadModel = loadModel
    this.#budgetMs = budgetMs
  }

  /** One array per channel, equally long; channels past those of the meter are left out. */
  async add(channelData: readonly Float32Array[]): Promise<void> {
    for (const [channel, { clips }] of this.#listeners.entries()) {
      clips.add(channelData[channel] ?? new Float32Array())
    }
    if (!this.#isAudible) return
    this.#levels.add(channelData.slice(0, this.#listeners.length))
    await this.#hear(
      this.#listeners.map(({ resampler }, channel) =>
        resampler.add(channelData[channel] ?? new Float32Array()),
      ),
    )
  }

  /** What was heard in all; nothing may be added afterwards. */
  async finish(durationSeconds: number): Promise<RecordingSpeech> {
    if (this.#isAudible) await this.#hearTheRest()
    const heard = this.#listeners.map(({ probabilities }, channel) => {
      const levelsDbfs = this.#levels.levelsDbfs(channel)
      return {
        levelsDbfs,
        stretches: findSpeech({
          probabilities:
            this.#model === 'failed'
              ? gateByEnergy(levelsDbfs, WINDOW_SECONDS)
              : probabilities.values(),
          windowSeconds: WINDOW_SECONDS,
          levelsDbfs,
          durationSeconds,
        }),
      }
    })
    const isSameSound = this.#levels.areSameSound()
    const channels = this.#listeners.flatMap((listener, channel) => {
      const own = heard[channel]
      // Two copies of one sound are no echoes of each other.
      const other = isSameSound ? undefined : heard[1 - channel]
      return own ? [summarise(listener, { own, other })] : []
    })
    const isSpokenOnEach = channels.every(({ stretches }) => stretches.length > 0)
    return {
      engine: this.#engine(),
      durationSeconds: rounded(durationSeconds, 1000),
      channels,
      areChannelsSeparable: channels.length === 2 && isSpokenOnEach && !isSameSound,
    }
  }

  #engine(): string {
    if (!this.#isAudible) return 'none'
    return this.#model === 'failed' ? 'energy' : MODEL_NAME
  }

  async #hearTheRest(): Promise<void> {
    await this.#hear(this.#listeners.map(({ resampler }) => resampler.end()))
    this.#levels.end()
    if (this.#filled === 0) return
    for (const { lane } of this.#listeners) lane.window.fill(0, CONTEXT_SAMPLES + this.#filled)
    await this.#endWindow()
  }

  async #hear(channelData: readonly Float32Array[]): Promise<void> {
    const length = channelData[0]?.length ?? 0
    for (let start = 0; start < length; ) {
      const end = Math.min(start + WINDOW_SAMPLES - this.#filled, length)
      for (const [channel, { lane }] of this.#listeners.entries()) {
        const part = channelData[channel]?.subarray(start, end)
        if (part) lane.window.set(part, CONTEXT_SAMPLES + this.#filled)
      }
      this.#filled += end - start
      start = end
      if (this.#filled === WINDOW_SAMPLES) await this.#endWindow()
    }
  }

  async #endWindow(): Promise<void> {
    for (const listener of this.#listeners) this.#take(listener)
    const listening = this.#listeners.filter((it) => it.quietWindows <= LISTENING_WINDOWS)
    const probabilities = listening.length === 0 ? [] : await this.#ask(listening)
    for (const listener of this.#listeners) {
      listener.probabilities.push(probabilities[listening.indexOf(listener)] ?? 0)
      listener.lane.window.copyWithin(0, WINDOW_SAMPLES)
    }
    this.#windows += 1
    this.#filled = 0
  }

  #take(listener: Listener): void {
    const samples = listener.lane.window.subarray(CONTEXT_SAMPLES)
    const power = meanPower(samples)
    // Written so that what is no number counts as too loud.
    if (!(power < LOUDEST_POWER)) samples.fill(0)
    listener.recent.copyWithin(0, WINDOW_SAMPLES)
    listener.recent.set(samples, PITCH_SAMPLES - WINDOW_SAMPLES)
    if (power >= VOICED_POWER && this.#windows % WINDOWS_PER_READING === 0) {
      listener.pitch.read(listener.recent, this.#windows * WINDOW_SECONDS)
    }
    const isQuiet = !(power >= QUIETEST_POWER && power < LOUDEST_POWER)
    listener.quietWindows = isQuiet ? listener.quietWindows + 1 : 0
  }

  async #ask(listening: readonly Listener[]): Promise<readonly number[]> {
    if (this.#model === 'failed') return []
    const startMs = performance.now()
    try {
      if (this.#model === 'not loaded') this.#model = await this.#loadModel()
      const probabilities = await this.#model.hear(listening.map(({ lane }) => lane))
      this.#budgetMs -= performance.now() - startMs
      if (this.#budgetMs < 0) this.#model = 'failed'
      return probabilities
    } catch {
      // The recording still has its loudness, and `engine` tells that nothing else was used.
      this.#model = 'failed'
      return []
    }
  }
}

function summarise(
  { pitch, clips }: Listener,
  { own, other }: { own: HeardChannel; other: HeardChannel | undefined },
): ChannelSpeech {
  const stretches = other ? withoutEchoes(own, other) : [...own.stretches]
  const pitchHz = pitch.meanPitchHz(stretches)
  return {
    stretches,
    meanPitchHz: pitchHz === null ? null : rounded(pitchHz, 10),
    ...levelsOf(stretches, own.levelsDbfs),
    clippedShare: rounded(clips.clippedShare(), 1e6),
  }
}

function createListener({ kernel, codec }: { kernel: ResamplingKernel; codec: string }): Listener {
  return {
    resampler: new Resampler(kernel),
    clips: new ClipMeter(codec),
    pitch: new PitchMeter(HEARD_RATE_HZ),
    lane: createVoiceLane(),
    recent: new Float32Array(PITCH_SAMPLES),
    probabilities: new FloatList(),
    quietWindows: LISTENING_WINDOWS,
  }
}

function levelsOf(
  stretches: readonly Stretch[],
  levelsDbfs: Float32Array,
): Pick<ChannelSpeech, 'speechLevelDbfs' | 'noiseLevelDbfs'> {
  const runs = stretches.map(({ startSeconds, endSeconds }) => ({
    first: Math.round(startSeconds / FRAME_SECONDS),
    end: Math.round(endSeconds / FRAME_SECONDS),
  }))
  const outside = framesOutside(runs, levelsDbfs)
  const speechFrames = levelsDbfs.length - outside.length
  const outsidePower = totalPower(outside)
  const speechPower = Math.max(0, totalPower(levelsDbfs) - outsidePower)
  return {
    speechLevelDbfs: speechFrames === 0 ? null : rounded(toDbfs(speechPower / speechFrames), 10),
    noiseLevelDbfs:
      outside.length === 0 ? null : rounded(toDbfs(outsidePower / outside.length), 10),
  }
}

function totalPower(levelsDbfs: Float32Array): number {
  return levelsDbfs.reduce((sum, level) => sum + toPower(level), 0)
}

function meanPower(samples: Float32Array): number {
  let sum = 0
  for (let index = 0; index < samples.length; index++) sum += (samples[index] ?? 0) ** 2
  return sum / samples.length
}

function rounded(value: number, partsPerOne: number): number {
  return Math.round(value * partsPerOne) / partsPerOne
}
