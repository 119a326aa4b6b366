const FIRST_CAPACITY = 1024

/** Numbers that keep coming, four bytes each and outside the heap that V8 looks after. */
export class FloatList {
  #values = new Float32Array(FIRST_CAPACITY)
  #length = 0

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const longer = new Float32Array(this.#length * 2)
      longer.set(this.#values)
      this.#values = longer
    }
    this.#values[this.#length] = value
    this.#length += 1
  }

  /** A view of what is there; what comes later may not show in it. */
  values(): Float32Array {
    return this.#values.subarray(0, this.#length)
  }
}
