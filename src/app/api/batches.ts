type BatchOptions<Input, Output> = {
  /** From the first input of a batch to its load. */
  waitMs: number
  /** Inputs per load at most. */
  limit: number
  /** Inputs of different keys are never loaded together. */
  keyOf: (input: Input) => string
  /** Answers in the order of the inputs. */
  load: (inputs: readonly Input[]) => Promise<readonly Output[]>
}

type Waiting<Input, Output> = {
  input: Input
  signal: AbortSignal
  resolve: (output: Output) => void
  reject: (cause: unknown) => void
}

/**
 * Gathers single wishes into few loads. A wish whose signal fires while it waits is rejected with the signal's reason
 * and never loaded; a load that fails rejects all of its wishes.
 */
export function createBatches<Input, Output>({
  waitMs,
  limit,
  keyOf,
  load,
}: BatchOptions<Input, Output>) {
  const batches = new Map<string, Waiting<Input, Output>[]>()

  const send = async (waiting: readonly Waiting<Input, Output>[]) => {
    try {
      const outputs = await load(waiting.map(({ input }) => input))
      for (const [index, { resolve, reject }] of waiting.entries()) {
        const output = outputs[index]
        if (output === undefined) reject(new Error('The load answered with too few outputs.'))
        else resolve(output)
      }
    } catch (cause) {
      for (const { reject } of waiting) reject(cause)
    }
  }

  const flush = (key: string) => {
    const all = batches.get(key) ?? []
    batches.delete(key)
    for (const { signal, reject } of all) if (signal.aborted) reject(signal.reason)
    const wanted = all.filter(({ signal }) => !signal.aborted)
    for (let start = 0; start < wanted.length; start += limit) {
      void send(wanted.slice(start, start + limit))
    }
  }

  return (input: Input, signal: AbortSignal): Promise<Output> =>
    new Promise((resolve, reject) => {
      const key = keyOf(input)
      const batch = batches.get(key) ?? []
      if (batch.length === 0) setTimeout(() => flush(key), waitMs)
      batches.set(key, [...batch, { input, signal, resolve, reject }])
    })
}
