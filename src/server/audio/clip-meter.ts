const SHORTEST_RUN = 3
const NEARLY_FULL = 0.999

/** G.711 cannot write the samples next to 1. Source: ITU-T G.711, tables 1 and 2. */
const FULL_SCALES: Readonly<Record<string, number>> = { mulaw: 8031 / 8192, alaw: 4032 / 4096 }

/** Counts samples that stand at full scale in a row: one alone may be a loud moment, several are a cut-off wave. */
export class ClipMeter {
  readonly #limit: number
  #run = 0
  #clipped = 0
  #samples = 0

  constructor(codec: string) {
    this.#limit = NEARLY_FULL * (FULL_SCALES[codec] ?? 1)
  }

  add(samples: Float32Array): void {
    let run = this.#run
    for (let index = 0; index < samples.length; index++) {
      const sample = samples[index] ?? 0
      if (sample < this.#limit && sample > -this.#limit) {
        run = 0
        continue
      }
      run += 1
      if (run === SHORTEST_RUN) this.#clipped += SHORTEST_RUN
      else if (run > SHORTEST_RUN) this.#clipped += 1
    }
    this.#run = run
    this.#samples += samples.length
  }

  /** Part of all samples, 0 to 1; 0 of none. */
  clippedShare(): number {
    return this.#samples === 0 ? 0 : this.#clipped / this.#samples
  }
}
