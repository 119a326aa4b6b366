import { z } from 'zod'
import { SCRIPT_FILE } from './guest-source.ts'
import type { Outcome, RawAnswer, ScriptLimits } from './run-script.ts'
import type { ScriptAnswer, ScriptFailure } from './sandbox.ts'

type Failed = Extract<Outcome, { kind: 'failed' }>
type Place = { code: string; limits: ScriptLimits }

const Explanation = z.union([z.string(), z.array(z.union([z.string(), z.number(), z.boolean()]))])
const Confidence = z.number().min(0).max(100)

/** `kind` is the type of the result inside, which JSON alone does not tell. */
const Sealed = z.object({
  kind: z.string(),
  result: z.unknown().optional(),
  explanation: z.unknown().optional(),
  extra: z.unknown().optional(),
  confidence: z.unknown().optional(),
})
const ScriptError = z.object({ name: z.string(), message: z.string(), stack: z.string() })
type ScriptError = z.infer<typeof ScriptError>
const Log = z.array(z.string())
const Result = z.union([z.string(), z.number(), z.boolean(), z.null()])
/** Not copied: a copy would lose or obey a key such as `__proto__`. */
const Extra = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
)

const WHY_NO_RESULT = new Map(
  Object.entries({
    undefined: 'The script ended without a result: set _result, or return it.',
    promise:
      'The result is a promise. There is nothing to wait for here: leave out async and await.',
    list: 'The result is a list; it must be true, false, a number, a text or null.',
    object: 'The result is an object; it must be true, false, a number, a text or null.',
    unwritable:
      'The answer cannot be written as JSON: it holds something circular, a BigInt, or a toJSON that fails.',
  }),
)

/** Believes nothing of what came out: a script may have replaced every function that made it. */
export function toScriptAnswer({ outcome, logText }: RawAnswer, place: Place): ScriptAnswer {
  const log = Log.safeParse(parseText(logText)).data ?? []
  if (outcome.kind === 'failed') return { ...toFailure(outcome, place), log }
  if (outcome.text === null) {
    return failure(
      'too-large',
      'The result, explanation and extra take more than 64 KB of JSON.',
      log,
    )
  }
  return toAnswered(outcome.text, log)
}

/** For a script that had to be stopped from outside, where not even its log can be read any more. */
export function toStopped({ timeoutMs }: ScriptLimits): ScriptAnswer {
  return failure('timeout', `${tooLong(timeoutMs)}.`, [])
}

function toAnswered(text: string, log: string[]): ScriptAnswer {
  const wrong = (message: string) => failure('wrong-result', message, log)
  const sealed = Sealed.safeParse(parseText(text)).data
  if (sealed === undefined) return wrong('The script answered something unreadable.')

  const result = Result.safeParse(sealed.result)
  if (!result.success || !isOfKind(result.data, sealed.kind)) return wrong(whyNoResult(sealed.kind))

  const explanation = Explanation.safeParse(sealed.explanation ?? [])
  if (!explanation.success) return wrong('The explanation must be a text or a list of texts.')

  const extra = Extra.safeParse(sealed.extra ?? {})
  if (!extra.success) return wrong('The extra must be an object.')

  const confidence = Confidence.nullable().safeParse(sealed.confidence ?? null)
  if (!confidence.success) return wrong('The confidence must be a number from 0 to 100.')

  return {
    kind: 'answered',
    result: result.data,
    explanation: [explanation.data].flat().map(String),
    extra: extra.data,
    confidence: confidence.data,
    log,
  }
}

/** JSON turns what is not finite into null. */
function isOfKind(result: z.infer<typeof Result>, kind: string): boolean {
  return kind === (result === null ? 'null' : typeof result)
}

function whyNoResult(kind: string): string {
  return (
    WHY_NO_RESULT.get(kind) ??
    `The result is ${kind.slice(0, 20)}; it must be true, false, a number, a text or null.`
  )
}

function toFailure(
  { stage, isOverTime, isMemoryFull, errorText }: Failed,
  { code, limits }: Place,
): ScriptFailure {
  const error = errorText === null ? null : readError(errorText)
  const line = error === null ? null : lineOf(error.stack, code)
  const where = line === null ? '' : ` (line ${line})`
  if (isOverTime) {
    // The engine notes a line only where something may throw: an empty loop has none of its own.
    const since = line === null ? '' : ` (in line ${line} or after it)`
    return { kind: 'failed', reason: 'timeout', message: `${tooLong(limits.timeoutMs)}${since}.` }
  }
  if (error === null || isOutOfMemory(error) || (isMemoryFull && isNothing(error))) {
    const message = `The script needed more than ${limits.maxMemoryBytes / 2 ** 20} MB of memory${where}.`
    return { kind: 'failed', reason: 'memory', message }
  }
  switch (stage) {
    case 'data':
      return {
        kind: 'failed',
        reason: 'too-large',
        message: "The call's data is nested too deeply for a script.",
      }
    case 'syntax':
      return { kind: 'failed', reason: 'syntax', message: syntaxMessage({ error, line, code }) }
    case 'run':
      return { kind: 'failed', reason: 'threw', message: `${errorMessage(error)}${where}` }
    default:
      return stage satisfies never
  }
}

function readError(text: string): ScriptError {
  const unreadable = { name: '', message: 'something unreadable', stack: '' }
  return ScriptError.safeParse(parseText(text)).data ?? unreadable
}

function isOutOfMemory({ name, message }: ScriptError): boolean {
  return name === 'InternalError' && ['out of memory', 'string too long'].includes(message)
}

/** QuickJS throws null where there is no room for the error that says so. */
function isNothing({ name, message }: ScriptError): boolean {
  return name === '' && message === 'null'
}

function errorMessage({ name, message }: ScriptError): string {
  if (isStackOverflow(message)) return 'The script nests or calls itself too deeply'
  return name === '' ? `The script threw ${message}` : `${name}: ${message}`
}

/** QuickJS's own words, and those of the engine around it when it is hit first. */
function isStackOverflow(message: string): boolean {
  return message === 'stack overflow' || message === 'Maximum call stack size exceeded'
}

function syntaxMessage({
  error,
  line,
  code,
}: {
  error: ScriptError
  line: number | null
  code: string
}): string {
  const source = line === null ? '' : (code.split('\n')[line - 1] ?? '')
  const hint = HINTS.find(([word]) => word.test(source))?.[1] ?? ''
  return `Syntax error${line === null ? '' : ` in line ${line}`}: ${error.message}.${hint}`
}

const HINTS = [
  [/\bawait\b/, ' Scripts cannot wait: leave out await.'],
  [/\b(import|export)\b/, ' Scripts are no modules: there is nothing to import or export.'],
] as const

/** The innermost line of the user's own; an error at the end of what we add is one of the last line. */
function lineOf(stack: string, code: string): number | null {
  const found = LINE.exec(stack)?.[1]
  return found === undefined ? null : Math.min(Number(found), code.split('\n').length)
}

const LINE = new RegExp(`\\b${SCRIPT_FILE.replace('.', '\\.')}:(\\d+)`)

function tooLong(timeoutMs: number): string {
  return `The script ran longer than ${timeoutMs / 1000} s`
}

function failure(reason: ScriptFailure['reason'], message: string, log: string[]): ScriptAnswer {
  return { kind: 'failed', reason, message, log }
}

function parseText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // Not JSON is what a script made of it; the schemas say the rest.
  }
}
