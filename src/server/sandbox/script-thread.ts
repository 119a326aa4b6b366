import { Worker } from 'node:worker_threads'
import type { RawAnswer, ScriptLimits, ScriptWork } from './run-script.ts'
import type { ScriptWorkerMessage } from './script-worker.ts'

/** A thread that runs one script at a time. It keeps the process alive only while it owes an answer. */
export type ScriptThread = {
  /**
   * `null` when the script did not stop by itself in time: the thread is gone then, as it is after an abort,
   * which rejects with the signal's reason. Rejects too if the thread dies. Wait for the answer before asking
   * again.
   */
  readonly ask: (work: ScriptWork, signal: AbortSignal) => Promise<RawAnswer | null>
  readonly end: () => Promise<void>
  readonly isGone: () => boolean
}

/** How much later than by itself a script is stopped from outside: native code does not always look at the time. */
const GRACE_MS = 500
/** Deep nesting takes about 16 times as much of the thread's stack as of QuickJS's own. */
const STACK_MB = 32

export function startScriptThread(limits: ScriptLimits): ScriptThread {
  const worker = new Worker(new URL('./script-worker.ts', import.meta.url), {
    workerData: limits,
    name: 'scripts',
    // Neither the server's secrets nor its flags.
    env: {},
    execArgv: [],
    resourceLimits: { stackSizeMb: STACK_MB, maxOldGenerationSizeMb: 256 },
  })
  const ready = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<never>()
  let owed: ((answer: RawAnswer) => void) | null = null
  let cause: unknown
  let isGone = false

  worker.on('message', (message: ScriptWorkerMessage) => {
    if (message.kind === 'ready') ready.resolve()
    else owed?.(message.answer)
  })
  worker.on('error', (error) => {
    cause = error
  })
  worker.on('exit', (code) => {
    isGone = true
    gone.reject(new Error(`The thread that runs scripts ended with code ${code}.`, { cause }))
  })
  gone.promise.catch(() => undefined) // Whoever waits for an answer hears of it.
  worker.unref()

  async function answer(work: ScriptWork): Promise<RawAnswer | null> {
    await ready.promise
    const { promise, resolve } = Promise.withResolvers<RawAnswer | null>()
    owed = resolve
    worker.postMessage(work)
    // An answer that has already arrived is taken first, however late this thread comes to it.
    const timer = setTimeout(() => setImmediate(resolve, null), limits.timeoutMs + GRACE_MS).unref()
    try {
      return await promise
    } finally {
      clearTimeout(timer)
      owed = null
    }
  }

  async function end(): Promise<void> {
    await worker.terminate()
  }

  return {
    async ask(work, signal) {
      const abort = Promise.withResolvers<never>()
      const handleAbort = () => abort.reject(signal.reason)
      signal.addEventListener('abort', handleAbort)
      worker.ref()
      try {
        const raw = await Promise.race([answer(work), gone.promise, abort.promise])
        if (raw === null) await end()
        return raw
      } catch (error) {
        await end()
        throw error
      } finally {
        signal.removeEventListener('abort', handleAbort)
        worker.unref()
      }
    },
    end,
    isGone: () => isGone,
  }
}
