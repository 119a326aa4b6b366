import { MAX_CODE_LENGTH } from '#contract/metric.ts'
import { toScriptAnswer, toStopped } from './read-answer.ts'
import type { ScriptWork } from './run-script.ts'
import { type ScriptThread, startScriptThread } from './script-thread.ts'

/** `data` is what can be written as JSON; it is what `data` is in the script, copied. */
export type ScriptInput = { code: string; data: unknown; signal?: AbortSignal | undefined }

/** `log` holds what the script printed: at most 101 lines of at most 1,000 characters. */
export type ScriptAnswer = { log: string[] } & (ScriptResult | ScriptFailure)

/** `confidence` is 0 to 100. */
export type ScriptResult = {
  kind: 'answered'
  result: string | number | boolean | null
  explanation: string[]
  extra: Record<string, unknown>
  confidence: number | null
}

/** `message` is for people and names the line where it is known. */
export type ScriptFailure = {
  kind: 'failed'
  reason: 'timeout' | 'memory' | 'syntax' | 'threw' | 'wrong-result' | 'too-large'
  message: string
}

export type Sandbox = {
  /**
   * Whatever is wrong with the script is an answer. Rejects with the signal's reason, once the sandbox is
   * closed, if its thread cannot be started, or with a `TypeError` for data that cannot be written as JSON.
   */
  run: (input: ScriptInput) => Promise<ScriptAnswer>
  /** Ends the threads; what runs and waits is rejected. */
  close: () => Promise<void>
}

export type SandboxOptions = {
  /** For one script, reading the data included; 1 s if nothing is said. */
  timeoutMs?: number | undefined
  /** Beside the call's data; 32 MB if nothing is said, and never less than 16 MB. */
  maxMemoryBytes?: number | undefined
  /** How many scripts run at a time, each in a thread of its own; one if nothing is said. */
  concurrency?: number | undefined
  /** How long a thread with nothing to do stays; a minute if nothing is said. */
  idleMs?: number | undefined
}

type Lane = { thread: ScriptThread | null; idleTimer: NodeJS.Timeout | undefined }

const MEGABYTE = 2 ** 20
const MAX_DATA_BYTES = 10 * MEGABYTE

/** Runs scripts written by users, first come first served. Starts nothing before the first script. */
export function createSandbox({
  timeoutMs = 1000,
  maxMemoryBytes = 32 * MEGABYTE,
  concurrency = 1,
  idleMs = 60_000,
}: SandboxOptions = {}): Sandbox {
  const limits = { timeoutMs, maxMemoryBytes }
  const closing = new AbortController()
  const lanes: Lane[] = Array.from({ length: concurrency }, () => ({
    thread: null,
    idleTimer: undefined,
  }))
  const free = [...lanes]
  const waiting = new Set<(lane: Lane) => void>()

  async function takeLane(signal: AbortSignal): Promise<Lane> {
    const lane = free.pop()
    if (lane !== undefined) return lane
    const { promise, resolve, reject } = Promise.withResolvers<Lane>()
    const leave = () => {
      waiting.delete(resolve)
      reject(signal.reason)
    }
    waiting.add(resolve)
    signal.addEventListener('abort', leave)
    return promise.finally(() => signal.removeEventListener('abort', leave))
  }

  function giveBack(lane: Lane): void {
    const [next] = waiting
    if (next === undefined) {
      free.push(lane)
      return
    }
    waiting.delete(next)
    next(lane)
  }

  async function ask(lane: Lane, { work, signal }: { work: ScriptWork; signal: AbortSignal }) {
    clearTimeout(lane.idleTimer)
    // One whose thread died meanwhile is started anew.
    if (lane.thread === null || lane.thread.isGone()) lane.thread = startScriptThread(limits)
    try {
      return await lane.thread.ask(work, signal)
    } finally {
      lane.idleTimer = setTimeout(() => endThread(lane), idleMs).unref()
    }
  }

  async function endThread(lane: Lane): Promise<void> {
    clearTimeout(lane.idleTimer)
    const { thread } = lane
    lane.thread = null
    await thread?.end()
  }

  return {
    async run({ code, data, signal: given }) {
      const signal = given ? AbortSignal.any([given, closing.signal]) : closing.signal
      signal.throwIfAborted()
      const dataText = toJson(data)
      if (dataText === null) return tooLarge("The call's data is nested too deeply for a script.")
      const work = { code, dataText, dataBytes: Buffer.byteLength(dataText) }
      const refusal = whyTooLarge(work)
      if (refusal !== null) return refusal

      const lane = await takeLane(signal)
      try {
        signal.throwIfAborted()
        const raw = await ask(lane, { work, signal })
        return raw === null ? toStopped(limits) : toScriptAnswer(raw, { code, limits })
      } finally {
        giveBack(lane)
      }
    },
    async close() {
      closing.abort(new Error('The sandbox is closed.'))
      await Promise.all(lanes.map(endThread))
    },
  }
}

/** Null if it is nested too deeply or too long to be a text at all. */
function toJson(data: unknown): string | null {
  try {
    return JSON.stringify(data) ?? 'null'
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function whyTooLarge({ code, dataBytes }: ScriptWork): ScriptAnswer | null {
  if (code.length > MAX_CODE_LENGTH)
    return tooLarge('The script is longer than 100,000 characters.')
  if (dataBytes > MAX_DATA_BYTES) return tooLarge("The call's data is larger than 10 MB of JSON.")
  return null
}

function tooLarge(message: string): ScriptAnswer {
  return { kind: 'failed', reason: 'too-large', message, log: [] }
}
