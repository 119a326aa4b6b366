import { Worker } from 'node:worker_threads'
import type { SlowRead, SlowReadAnswer, SlowReadWorkerData } from './slow-read-worker.ts'

/** A thread that reads the database. It keeps the process alive only while it owes an answer. */
export type SlowReadThread = {
  /** Rejects with what the database says, or because the thread died. Wait for the answer before asking again. */
  readonly ask: (read: Exclude<SlowRead, { kind: 'end' }>) => Promise<unknown[]>
  /** Makes the read that runs fail at its next check. */
  readonly stop: () => void
  /** Settles once the thread has ended; a read that runs is waited for. */
  readonly end: () => Promise<void>
  /** Resolves when the thread is gone, for whatever reason. */
  readonly gone: Promise<void>
}

export function startSlowReadThread(file: string): SlowReadThread {
  const isUnwanted = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const worker = new Worker(new URL('./slow-read-worker.ts', import.meta.url), {
    workerData: { file, isUnwanted } satisfies SlowReadWorkerData,
    name: 'slow reads',
  })
  const gone = Promise.withResolvers<void>()
  let owed: PromiseWithResolvers<unknown[]> | null = null
  let cause: unknown
  let death: Error | null = null

  const settle = (answer: SlowReadAnswer) => {
    const settled = owed
    owed = null
    worker.unref()
    if (answer.ok) settled?.resolve(answer.rows)
    else settled?.reject(answer.error)
  }
  worker.on('message', settle)
  worker.on('messageerror', (error) => settle({ ok: false, error }))
  worker.on('error', (error) => {
    cause = error
  })
  worker.on('exit', (code) => {
    death = toDeath(code, cause)
    gone.resolve()
    settle({ ok: false, error: death })
  })
  worker.unref()

  return {
    async ask(read) {
      if (death !== null) throw death
      const answer = Promise.withResolvers<unknown[]>()
      Atomics.store(isUnwanted, 0, 0)
      // Throws for parameters that cannot be sent.
      worker.postMessage(read)
      owed = answer
      worker.ref()
      return answer.promise
    },
    stop: () => void Atomics.store(isUnwanted, 0, 1),
    async end() {
      worker.ref()
      worker.postMessage({ kind: 'end' } satisfies SlowRead)
      await gone.promise
    },
    gone: gone.promise,
  }
}

function toDeath(code: number, cause: unknown): Error {
  return new Error(`The thread that was reading the database ended with code ${code}.`, { cause })
}
