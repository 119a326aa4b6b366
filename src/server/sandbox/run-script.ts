import type { QuickJSContext, QuickJSHandle } from 'quickjs-emscripten-core'
import { type Deadline, startDeadline } from './deadline.ts'
import type { Engine, EngineContext } from './engine.ts'
import { PRELUDE, SCRIPT_FILE, wrapScript } from './guest-source.ts'

/** `dataText` is JSON; it takes `dataBytes` bytes in UTF-8. */
export type ScriptWork = { code: string; dataText: string; dataBytes: number }

/** `maxMemoryBytes` is what a script may use beside the call's data. */
export type ScriptLimits = { timeoutMs: number; maxMemoryBytes: number }

/** What came out of the sandbox. All texts are JSON of the script's making, for `toScriptAnswer` to check. */
export type RawAnswer = { outcome: Outcome; logText: string }

/** `errorText` is null where the script left no room to describe the error, or `text` if it is too long. */
export type Outcome =
  | { kind: 'answered'; text: string | null }
  | {
      kind: 'failed'
      stage: Stage
      isOverTime: boolean
      isMemoryFull: boolean
      errorText: string | null
    }

/** Reading the data, reading the script, running it. */
export type Stage = 'data' | 'syntax' | 'run'

/** In characters of JSON: 64 KB where they are ASCII. */
export const MAX_RESULT_LENGTH = 65_536
const MAX_LOG_LENGTH = 1_000_000
/** The text, its copies inside, and the parsed values; measured: 3 to 4 times the text. */
const MEMORY_PER_DATA_BYTE = 5
/** For saying in which line it was when the time was over. */
const EPILOGUE_MS = 50

type Guest = EngineContext & { prelude: QuickJSHandle; deadline: Deadline }
type GuestResult = ReturnType<QuickJSContext['evalCode']>

/**
 * Runs one script in a context of its own. Single handles are not disposed of: all of the context's memory goes
 * with it, see `Engine`.
 */
export async function runScript(
  engine: Engine,
  { work, limits }: { work: ScriptWork; limits: ScriptLimits },
): Promise<RawAnswer> {
  const deadline = startDeadline(limits.timeoutMs)
  const maxMemoryBytes = limits.maxMemoryBytes + MEMORY_PER_DATA_BYTE * work.dataBytes
  const own = await engine.newContext({ maxMemoryBytes, isOver: deadline.isOver })
  const prelude = own.context.unwrapResult(own.context.evalCode(PRELUDE, 'prelude.js'))
  const guest = { ...own, prelude, deadline }
  return { outcome: evaluate(guest, work), logText: readLog(guest) }
}

function evaluate(guest: Guest, { code, dataText }: ScriptWork): Outcome {
  const { context } = guest
  let stage: Stage = 'data'
  try {
    const json = context.newString(dataText)
    const data = callPrelude(guest, { name: 'read', values: [json] })
    json.dispose()
    if (data.error) return toFailed(guest, { stage, error: data.error })

    stage = 'syntax'
    const script = context.evalCode(wrapScript(code), SCRIPT_FILE)
    if (script.error) return toFailed(guest, { stage, error: script.error })

    stage = 'run'
    const answer = callPrelude(guest, { name: 'run', values: [script.value, data.value] })
    if (answer.error) return toFailed(guest, { stage, error: answer.error })
    return { kind: 'answered', text: readText(context, answer.value, MAX_RESULT_LENGTH) }
  } catch (error) {
    return { ...whatFailed(guest, stage), errorText: engineErrorText(error) }
  }
}

/** The engine itself gave up, for example because its calls nested deeper than the thread's stack. */
function engineErrorText(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return JSON.stringify({ name: 'InternalError', message, stack: '' })
}

function toFailed(guest: Guest, { stage, error }: { stage: Stage; error: QuickJSHandle }): Outcome {
  const failed = whatFailed(guest, stage)
  guest.deadline.extend(EPILOGUE_MS)
  const text = callPrelude(guest, { name: 'explain', values: [error] })
  const errorText = text.error ? null : readText(guest.context, text.value, MAX_RESULT_LENGTH)
  return { ...failed, errorText }
}

function whatFailed({ deadline, isMemoryFull }: Guest, stage: Stage) {
  return {
    kind: 'failed',
    stage,
    isOverTime: deadline.wasOver(),
    isMemoryFull: isMemoryFull(),
  } as const
}

function readLog(guest: Guest): string {
  guest.deadline.extend(EPILOGUE_MS)
  try {
    const text = callPrelude(guest, { name: 'log', values: [] })
    return (text.error ? null : readText(guest.context, text.value, MAX_LOG_LENGTH)) ?? '[]'
  } catch {
    return '[]' // The engine gave up before, and its log is lost with it.
  }
}

function callPrelude(
  { context, prelude }: Guest,
  { name, values }: { name: 'read' | 'run' | 'explain' | 'log'; values: QuickJSHandle[] },
): GuestResult {
  return context.callFunction(context.getProp(prelude, name), context.undefined, values)
}

/** Looks at the length first, so that nothing large is ever copied out. */
function readText(context: QuickJSContext, value: QuickJSHandle, maxLength: number): string | null {
  if (context.typeof(value) !== 'string') return null
  const length = context.getNumber(context.getProp(value, 'length'))
  return length > maxLength ? null : context.getString(value)
}
