/**
 * Runs at most `limit` pieces of work at a time, in the order in which they came. Work whose signal fires before its
 * turn never starts, and fails with the signal's reason.
 */
export function createTurns(limit: number) {
  let running = 0
  const waiting: (() => void)[] = []

  const begin = (signal: AbortSignal): Promise<void> => {
    if (running < limit) {
      running += 1
      return Promise.resolve()
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        waiting.splice(waiting.indexOf(start), 1)
        reject(signal.reason)
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.push(start)
    })
  }

  const end = () => {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }

  return async function takeTurn<Result>(
    work: () => Promise<Result>,
    signal: AbortSignal,
  ): Promise<Result> {
    signal.throwIfAborted()
    await begin(signal)
    try {
      return await work()
    } finally {
      end()
    }
  }
}
