import { PitchDetector } from 'pitchy'
import type { Stretch } from '#contract/conversation.ts'

const LOWEST_HZ = 60
const HIGHEST_HZ = 400
const LEAST_CLARITY = 0.9
/** Fewer say nothing about a voice. */
const FEWEST_READINGS = 3
/** The errors of pitch detectors are octaves: twice or half as high. */
const OUTLIER_FACTOR = 1.5

/** 64 ms at 8 kHz: three periods of the lowest voice. */
export const PITCH_SAMPLES = 512

type Reading = { atSeconds: number; pitchHz: number }

/** Readings of a channel's pitch at some moments; which of them are speech is known only afterwards. */
export class PitchMeter {
  readonly #detector = PitchDetector.forFloat32Array(PITCH_SAMPLES)
  readonly #sampleRateHz: number
  readonly #readings: Reading[] = []

  constructor(sampleRateHz: number) {
    this.#sampleRateHz = sampleRateHz
  }

  /** `PITCH_SAMPLES` samples in whose middle is the moment `atSeconds`. */
  read(samples: Float32Array, atSeconds: number): void {
    const [pitchHz, clarity] = this.#detector.findPitch(samples, this.#sampleRateHz)
    const isVoice = clarity >= LEAST_CLARITY && pitchHz >= LOWEST_HZ && pitchHz <= HIGHEST_HZ
    if (isVoice) this.#readings.push({ atSeconds, pitchHz })
  }

  /** Of the readings within `stretches` (by start, apart from each other); null where they are too few. */
  meanPitchHz(stretches: readonly Stretch[]): number | null {
    const pitches: number[] = []
    let next = 0
    for (const { atSeconds, pitchHz } of this.#readings) {
      while ((stretches[next]?.endSeconds ?? Number.POSITIVE_INFINITY) < atSeconds) next++
      if ((stretches[next]?.startSeconds ?? Number.POSITIVE_INFINITY) <= atSeconds) {
        pitches.push(pitchHz)
      }
    }
    return robustMean(pitches)
  }
}

/** The mean of what lies near the median; null for fewer than three numbers. */
export function robustMean(values: readonly number[]): number | null {
  if (values.length < FEWEST_READINGS) return null
  const sorted = values.toSorted((a, b) => a - b)
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0
  const near = sorted.filter(
    (value) => value < median * OUTLIER_FACTOR && value > median / OUTLIER_FACTOR,
  )
  return near.reduce((sum, value) => sum + value, 0) / near.length
}
