import { setImmediate } from 'node:timers'
import type { Transaction } from 'kysely'
import type { Tables } from './tables.ts'

/** Each takes 1 to 2 ms, in which nobody else gets a turn. */
const MOST_TOGETHER = 16

export type Work<T> = (trx: Transaction<Tables>) => Promise<T>
export type RunTransaction = <T>(work: Work<T>) => Promise<T>

type Waiting = {
  work: Work<unknown>
  resolve: (result: unknown) => void
  reject: (reason: unknown) => void
}

/**
 * As `transaction`, but what is asked for in the same turn of the event loop shares one: a disk takes as long to keep
 * one call as to keep ten. Each result is given once all of it is durable. Where one of them fails, all are taken
 * back and run again, each alone, so `work` must be able to run twice.
 */
export function createSharedTransaction(transaction: RunTransaction): RunTransaction {
  let waiting: Waiting[] = []

  const flush = () => {
    const together = waiting.slice(0, MOST_TOGETHER)
    waiting = waiting.slice(MOST_TOGETHER)
    if (waiting.length > 0) setImmediate(flush)
    void runTogether(transaction, together)
  }

  return <T>(work: Work<T>) =>
    new Promise<T>((resolve, reject) => {
      // What `work` gives is what its own `resolve` is called with.
      waiting.push({ work, resolve: resolve as Waiting['resolve'], reject })
      if (waiting.length === 1) setImmediate(flush)
    })
}

/** Never throws. */
async function runTogether(transaction: RunTransaction, together: Waiting[]): Promise<void> {
  try {
    const results = await transaction(async (trx) => {
      const all: unknown[] = []
      for (const { work } of together) all.push(await work(trx))
      return all
    })
    for (const [index, { resolve }] of together.entries()) resolve(results[index])
  } catch (error) {
    const [only] = together
    if (only && together.length === 1) only.reject(error)
    else for (const one of together) await runTogether(transaction, [one])
  }
}
