import { PEAK_LEVELS, type PeakLevel } from '#contract/recording.ts'

export type PeakMeterOptions = { channels: number; sampleRateHz: number }
export type PeakSummary = { levels: PeakLevel[]; durationSeconds: number; channels: number }

const FINEST = Math.max(...PEAK_LEVELS)
const FIRST_CAPACITY_SECONDS = 60

/**
 * Running maxima of samples that arrive in chunks of any size. A frame at `n / sampleRateHz` seconds
 * counts in slice `floor(seconds * FINEST)`; the coarser levels are the maxima of its neighbours,
 * which is exact because each of them divides the finest.
 */
export class PeakMeter {
  readonly #sampleRateHz: number
  readonly #rows: Float32Array[]
  #frames = 0

  constructor({ channels, sampleRateHz }: PeakMeterOptions) {
    this.#sampleRateHz = sampleRateHz
    const capacity = FIRST_CAPACITY_SECONDS * FINEST
    this.#rows = Array.from({ length: channels }, () => new Float32Array(capacity))
  }

  /** One array per channel, equally long; channels past those of the meter are left out. */
  add(channelData: readonly Float32Array[]): void {
    const frames = channelData[0]?.length ?? 0
    this.#reserve(this.#pointCount(this.#frames + frames))
    for (const [channel, row] of this.#rows.entries()) {
      const samples = channelData[channel]
      if (samples) this.#addRow(row, samples)
    }
    this.#frames += frames
  }

  summary(): PeakSummary {
    const points = this.#pointCount(this.#frames)
    const rows = this.#rows.map((row) => toBytes(row.subarray(0, points)))
    return {
      levels: PEAK_LEVELS.map((pointsPerSecond) => toLevel(rows, pointsPerSecond)),
      durationSeconds: this.#frames / this.#sampleRateHz,
      channels: rows.length,
    }
  }

  #addRow(row: Float32Array, samples: Float32Array): void {
    let point = Math.floor((this.#frames * FINEST) / this.#sampleRateHz)
    for (let start = 0; start < samples.length; point++) {
      const sliceEnd = Math.ceil(((point + 1) * this.#sampleRateHz) / FINEST) - this.#frames
      const end = Math.min(sliceEnd, samples.length)
      row[point] = loudest({ samples, start, end, floor: row[point] ?? 0 })
      start = end
    }
  }

  #pointCount(frames: number): number {
    return Math.ceil((frames * FINEST) / this.#sampleRateHz)
  }

  #reserve(points: number): void {
    for (const [channel, row] of this.#rows.entries()) {
      if (row.length >= points) continue
      const longer = new Float32Array(Math.max(points, row.length * 2))
      longer.set(row)
      this.#rows[channel] = longer
    }
  }
}

type LoudestInput = { samples: Float32Array; start: number; end: number; floor: number }

/** NaN, which float files may hold, is never louder than anything. */
function loudest({ samples, start, end, floor }: LoudestInput): number {
  let peak = floor
  for (let index = start; index < end; index++) {
    const sample = samples[index] ?? 0
    const size = sample < 0 ? -sample : sample
    if (size > peak) peak = size
  }
  return peak
}

/** Samples past full scale, which float and lossy files have, count as full scale. */
function toBytes(peaks: Float32Array): Uint8Array {
  return Uint8Array.from(peaks, (peak) => Math.round(Math.min(peak, 1) * 255))
}

function toLevel(rows: readonly Uint8Array[], pointsPerSecond: number): PeakLevel {
  const group = FINEST / pointsPerSecond
  const points = Math.ceil((rows[0]?.length ?? 0) / group)
  const bytes = new Uint8Array(points * rows.length)
  for (const [channel, row] of rows.entries()) {
    for (let point = 0; point < points; point++) {
      bytes[channel * points + point] = Math.max(
        ...row.subarray(point * group, (point + 1) * group),
      )
    }
  }
  return { pointsPerSecond, channels: rows.length, bytes }
}
