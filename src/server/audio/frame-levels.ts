import { FloatList } from './float-list.ts'

/** Short enough for edges of speech that are good to 50 ms, long enough for two periods of a low voice or nearly. */
export const FRAME_SECONDS = 0.01
/** What 16 bits can hold: below it there is nothing to measure. */
export const LOWEST_DBFS = -96

/** Above this, squared, two channels differ by volume and coding noise alone. */
const SAME_SOUND_CORRELATION = 0.9

/** The mean power of every 10 ms of one or two channels that arrive in chunks of any size, and how alike they are. */
export class FrameLevels {
  readonly #sampleRateHz: number
  readonly #rows: FloatList[]
  readonly #sums: number[]
  readonly #totals: number[]
  #crossSum = 0
  #crossTotal = 0
  #filled = 0
  #samples = 0
  #frames = 0

  constructor({ channels, sampleRateHz }: { channels: number; sampleRateHz: number }) {
    this.#sampleRateHz = sampleRateHz
    this.#rows = Array.from({ length: channels }, () => new FloatList())
    this.#sums = this.#rows.map(() => 0)
    this.#totals = this.#rows.map(() => 0)
  }

  /** One array per channel, equally long. */
  add(channelData: readonly Float32Array[]): void {
    const length = channelData[0]?.length ?? 0
    for (let start = 0; start < length; ) {
      const end = Math.min(start + this.#frameEnd() - this.#samples, length)
      for (const [channel, samples] of channelData.entries()) {
        this.#sums[channel] = (this.#sums[channel] ?? 0) + product(samples, samples, start, end)
      }
      const [first, second] = channelData
      if (first && second) this.#crossSum += product(first, second, start, end)
      this.#filled += end - start
      this.#samples += end - start
      if (this.#samples === this.#frameEnd()) this.#endFrame()
      start = end
    }
  }

  /** Closes the last frame, however short it is. */
  end(): void {
    if (this.#filled > 0) this.#endFrame()
  }

  /** The level of every frame of a channel, in dBFS. */
  levelsDbfs(channel: number): Float32Array {
    return (this.#rows[channel]?.values() ?? new Float32Array()).map(toDbfs)
  }

  /** Whether one channel is, but for its volume, the other; false for one channel and for silence. */
  areSameSound(): boolean {
    const [first = 0, second = 0] = this.#totals
    if (first === 0 || second === 0) return false
    return this.#crossTotal ** 2 / (first * second) >= SAME_SOUND_CORRELATION
  }

  /** Counted from the start of the recording: at 11,025 Hz a frame is no whole number of samples. */
  #frameEnd(): number {
    return Math.ceil((this.#frames + 1) * this.#sampleRateHz * FRAME_SECONDS)
  }

  #endFrame(): void {
    for (const [channel, row] of this.#rows.entries()) {
      const sum = finiteOr0(this.#sums[channel])
      row.push(sum / this.#filled)
      this.#totals[channel] = (this.#totals[channel] ?? 0) + sum
      this.#sums[channel] = 0
    }
    this.#crossTotal += finiteOr0(this.#crossSum)
    this.#crossSum = 0
    this.#filled = 0
    this.#frames += 1
  }
}

/** Of a mean power, where 1 is a square wave at full scale. */
export function toDbfs(power: number): number {
  return power > 0 ? Math.max(LOWEST_DBFS, 10 * Math.log10(power)) : LOWEST_DBFS
}

export function toPower(dbfs: number): number {
  return dbfs <= LOWEST_DBFS ? 0 : 10 ** (dbfs / 10)
}

/** Float files may hold what is no number at all: such a frame counts as silence. */
function finiteOr0(value: number | undefined): number {
  return value !== undefined && Number.isFinite(value) ? value : 0
}

function product(a: Float32Array, b: Float32Array, start: number, end: number): number {
  let sum = 0
  for (let index = start; index < end; index++) sum += (a[index] ?? 0) * (b[index] ?? 0)
  return sum
}
