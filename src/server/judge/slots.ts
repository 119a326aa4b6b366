export type Slots = {
  /**
   * Resolves, first come first served, with what gives the slot back; call that exactly once.
   * Rejects with the signal's reason if it aborts before there was a free one.
   */
  take: (signal: AbortSignal | undefined) => Promise<() => void>
}

/** At most `max` slots are taken at a time. */
export function createSlots(max: number): Slots {
  const waiting = new Set<() => void>()
  let free = max

  const giveBack = () => {
    const [next] = waiting
    if (next === undefined) {
      free += 1
      return
    }
    waiting.delete(next)
    next()
  }

  const untilFree = (signal: AbortSignal | undefined) =>
    new Promise<void>((resolve, reject) => {
      const leave = () => {
        waiting.delete(enter)
        reject(signal?.reason)
      }
      const enter = () => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      waiting.add(enter)
      signal?.addEventListener('abort', leave, { once: true })
    })

  return {
    take: async (signal) => {
      signal?.throwIfAborted()
      if (free > 0) free -= 1
      else await untilFree(signal)
      return giveBack
    },
  }
}
