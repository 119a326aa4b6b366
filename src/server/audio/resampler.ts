/** Zero crossings of the kernel on each side: a voice keeps its band, and the work stays a tenth of the model's. */
const ZERO_CROSSINGS = 5
/** Where the band ends, as part of what the lower rate can hold: the filter needs room to fall. */
const CUT_OFF = 0.9

/** The weights of one rate to another, to share between channels. */
export type ResamplingKernel = {
  /** Output rate over input rate is `up / down`, in lowest terms. */
  up: number
  down: number
  reach: number
  /** One row of `2 * reach` weights for every position of an output sample between two input samples. */
  weights: Float32Array
}

/**
 * A windowed sinc for changing the sample rate. Source: J. O. Smith, Digital Audio Resampling, section
 * "Windowed sinc interpolation". The table has as many rows as the rates have phases: at most `toHz`.
 */
export function resamplingKernel(fromHz: number, toHz: number): ResamplingKernel {
  const divisor = greatestCommonDivisor(fromHz, toHz)
  const up = toHz / divisor
  const down = fromHz / divisor
  const scale = CUT_OFF * Math.min(1, toHz / fromHz)
  const reach = Math.ceil(ZERO_CROSSINGS / scale)
  const weights = new Float32Array(up * 2 * reach)
  for (let phase = 0; phase < up; phase++) fillRow({ weights, phase, up, scale, reach })
  return { up, down, reach, weights }
}

type RowInput = { weights: Float32Array; phase: number; up: number; scale: number; reach: number }

/** A row adds up to 1, so that a constant stays what it is. */
function fillRow({ weights, phase, up, scale, reach }: RowInput): void {
  const row = weights.subarray(phase * 2 * reach, (phase + 1) * 2 * reach)
  let sum = 0
  for (let tap = 0; tap < row.length; tap++) {
    const distance = tap - (reach - 1) - phase / up
    const hann = 0.5 + 0.5 * Math.cos((Math.PI * distance) / (reach + 1))
    const weight = sinc(distance * scale) * hann
    row[tap] = weight
    sum += weight
  }
  for (let tap = 0; tap < row.length; tap++) row[tap] = (row[tap] ?? 0) / sum
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x)
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/**
 * Changes the sample rate of one channel that arrives in chunks of any size. Output sample `n` is the sound at
 * `n / toHz` seconds: there is no delay, and silence lies before the first sample and after the last.
 */
export class Resampler {
  readonly #kernel: ResamplingKernel
  /** The last input samples, which the next output samples still reach. */
  #kept: Float32Array
  /** Where the next output sample lies, in input samples from the first of `#kept`. */
  #base: number
  #phase = 0

  constructor(kernel: ResamplingKernel) {
    this.#kernel = kernel
    this.#kept = new Float32Array(kernel.reach - 1)
    this.#base = kernel.reach - 1
  }

  add(samples: Float32Array): Float32Array {
    const { up, down, reach, weights } = this.#kernel
    if (up === down) return samples
    const input = new Float32Array(this.#kept.length + samples.length)
    input.set(this.#kept)
    input.set(samples, this.#kept.length)

    const lastBase = input.length - reach - 1
    const output = new Float32Array(this.#countUpTo(lastBase))
    for (let index = 0; index < output.length; index++) {
      const from = this.#base - reach + 1
      const row = this.#phase * 2 * reach
      let sum = 0
      for (let tap = 0; tap < 2 * reach; tap++) {
        sum += (input[from + tap] ?? 0) * (weights[row + tap] ?? 0)
      }
      output[index] = sum
      this.#phase += down
      const steps = Math.floor(this.#phase / up)
      this.#phase -= steps * up
      this.#base += steps
    }
    const firstNeeded = Math.min(this.#base - reach + 1, input.length)
    this.#kept = input.slice(firstNeeded)
    this.#base -= firstNeeded
    return output
  }

  /** What the last samples still sound like; nothing may be added afterwards. */
  end(): Float32Array {
    const { reach, up, down } = this.#kernel
    return up === down ? new Float32Array() : this.add(new Float32Array(reach))
  }

  /** How many output samples lie at or before the input sample `lastBase`. */
  #countUpTo(lastBase: number): number {
    const { up, down } = this.#kernel
    const room = (lastBase - this.#base + 1) * up - this.#phase
    return room <= 0 ? 0 : Math.ceil(room / down)
  }
}
