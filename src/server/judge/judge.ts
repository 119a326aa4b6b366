import { setTimeout as sleep } from 'node:timers/promises'
import type { ModelMessage } from 'ai'
import { z } from 'zod'
import { backOffMs } from './back-off.ts'
import type { ChatEndpoint, ChatReply, ChatRequest, JsonSchema } from './chat-endpoint.ts'
import { type Dialect, plainerDialect, RICHEST_DIALECT } from './dialect.ts'
import type { FailedAnswer, JudgeAnswer, TokenUsage, UntimedAnswer } from './judge-answer.ts'
import { createQuote, type Quote } from './quote.ts'
import { readJson } from './read-json.ts'
import { createSlots } from './slots.ts'

const MAX_TRIES = 3
const TIMEOUT_MS = 60_000
const MAX_CONCURRENT = 4
const FIRST_WAIT_MS = 500
/** Of a wrong answer that the model is shown again. */
const LONGEST_REMINDER = 20_000
const MOST_ISSUES = 20

export type JudgeQuestion<T> = {
  system: string
  prompt: string
  /** What the answer must be. The model gets it as a JSON schema, so descriptions in it help. */
  schema: z.ZodType<T>
  /** At most 64 letters, digits, `_` and `-`. */
  schemaName: string
  signal?: AbortSignal
}

/** Any OpenAI-compatible chat endpoint, asked for answers of a given shape. */
export type Judge = {
  /** As configured; an answer names the one that gave it. */
  model: string
  /** Rejects with the signal's reason once that aborts; whatever else goes wrong is an answer. */
  ask: <T>(question: JudgeQuestion<T>) => Promise<JudgeAnswer<T>>
}

export type JudgeOptions = {
  /** What `/chat/completions` comes after. */
  url: string
  model: string
  apiKey: string | null
  /** For one answer with all its tries; waiting for a free slot does not count. */
  timeoutMs?: number
  maxConcurrent?: number
  /** Before the second try; doubles before the third. */
  firstWaitMs?: number
  fetch?: typeof globalThis.fetch
  /** Gets what only an operator may know: the endpoint's address, and where it redirects to. */
  log?: JudgeLog
}

export type JudgeLog = { warn: (details: object, message: string) => void }

export function createJudge(options: JudgeOptions): Judge {
  const { timeoutMs = TIMEOUT_MS, firstWaitMs = FIRST_WAIT_MS } = options
  const slots = createSlots(options.maxConcurrent ?? MAX_CONCURRENT)
  const quote = createQuote(options)
  /** What the endpoint took, by schema name: it may dislike one schema and take the next. */
  const dialects = new Map<string, Dialect>()
  let endpoint: Promise<ChatEndpoint> | undefined

  return {
    model: options.model,
    ask: async (question) => {
      const giveBack = await slots.take(question.signal)
      try {
        endpoint ??= openEndpoint(options, quote)
        const { log = SILENT } = options
        const tools = { endpoint: await endpoint, dialects, firstWaitMs, timeoutMs, quote, log }
        const start = performance.now()
        const answer = await askInTime(tools, question)
        return { ...answer, tookMs: performance.now() - start }
      } finally {
        giveBack()
      }
    },
  }
}

const SILENT: JudgeLog = { warn: () => undefined }

/** The SDK is loaded with the first question: it takes some 30 MB, and most servers have no judge. */
async function openEndpoint(options: JudgeOptions, quote: Quote): Promise<ChatEndpoint> {
  const { createChatEndpoint } = await import('./chat-endpoint.ts')
  return createChatEndpoint({ fetch: globalThis.fetch, ...options, quote })
}

type JudgeTools = {
  endpoint: ChatEndpoint
  dialects: Map<string, Dialect>
  firstWaitMs: number
  timeoutMs: number
  quote: Quote
  log: JudgeLog
}

async function askInTime<T>(
  tools: JudgeTools,
  question: JudgeQuestion<T>,
): Promise<UntimedAnswer<T>> {
  const { timeoutMs } = tools
  const limit = startTimeLimit({ timeoutMs, signal: question.signal })
  const replies: TextReply[] = []
  try {
    const answer = await askTwice({ ...tools, limit, replies }, question)
    return answer.kind === 'failed' ? { ...answer, ...paidFor(replies) } : answer
  } catch (error) {
    question.signal?.throwIfAborted()
    if (!limit.signal.aborted) throw error
    const message = `The judge did not answer within ${timeoutMs / 1000} s`
    return { kind: 'failed', reason: 'timeout', message, ...paidFor(replies) }
  }
}

function paidFor(replies: readonly TextReply[]): Pick<FailedAnswer, 'paid'> {
  const [first] = replies
  return first ? { paid: { usage: usageOf(replies), model: first.model } } : {}
}

type TimeLimit = { signal: AbortSignal; remainingMs: () => number }

type TimeLimitOptions = { timeoutMs: number; signal: AbortSignal | undefined }

function startTimeLimit({ timeoutMs, signal }: TimeLimitOptions): TimeLimit {
  const end = performance.now() + timeoutMs
  const timeout = AbortSignal.timeout(timeoutMs)
  return {
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    remainingMs: () => end - performance.now(),
  }
}

/** `replies`: every one that the model gave, as it came; all have to be paid. */
type AskTools = JudgeTools & { limit: TimeLimit; replies: TextReply[] }

type TextReply = Extract<ChatReply, { kind: 'text' }>

/** An answer that does not fit is asked again once, with what is wrong with it. */
async function askTwice<T>(
  tools: AskTools,
  { system, prompt, schema, schemaName }: JudgeQuestion<T>,
): Promise<UntimedAnswer<T>> {
  const jsonSchema = jsonSchemaOf(schema)
  const content = `${prompt}\n\n${shapeInWords(jsonSchema)}`
  const messages: ModelMessage[] = [{ role: 'user', content }]
  const question = { instructions: system, schemaName, jsonSchema }

  const first = await send(tools, { ...question, messages })
  if (first.kind === 'failed') return first
  const reading = await readAnswer(first, schema)
  if (reading.ok) return answered(reading.value, { model: first.model, replies: tools.replies })
  if (first.isCutOff) return cutOff()

  const again = [...messages, ...correction(first.text, reading.problem)]
  const second = await send(tools, { ...question, messages: again })
  if (second.kind === 'failed') return second
  const secondReading = await readAnswer(second, schema)
  if (secondReading.ok)
    return answered(secondReading.value, { model: first.model, replies: tools.replies })
  if (second.isCutOff) return cutOff()
  const { reason, problem } = secondReading
  const message = `The model's answer does not fit, asked twice: ${tools.quote(problem)}`
  return { kind: 'failed', reason, message }
}

type Given = { model: string; replies: readonly TextReply[] }

function answered<T>(value: T, { model, replies }: Given): UntimedAnswer<T> {
  return { kind: 'answered', value, usage: usageOf(replies), model }
}

function usageOf(replies: readonly TextReply[]): TokenUsage {
  return {
    inputTokens: total(replies.map((reply) => reply.usage.inputTokens)),
    outputTokens: total(replies.map((reply) => reply.usage.outputTokens)),
  }
}

/** A sum with an unknown part is unknown. */
function total(counts: readonly (number | null)[]): number | null {
  return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0)
}

function cutOff(): FailedAnswer {
  const message =
    'The endpoint cut the answer off at its limit of tokens; give the model a larger limit or context'
  return { kind: 'failed', reason: 'not-json', message }
}

/** One question to the endpoint, put as plainly as it needs it and repeated while that may help. */
async function send(
  { endpoint, dialects, firstWaitMs, limit, log, replies }: AskTools,
  question: Omit<ChatRequest, 'dialect' | 'signal'>,
): Promise<TextReply | FailedAnswer> {
  let dialect = dialects.get(question.schemaName) ?? RICHEST_DIALECT
  let failures = 0
  for (;;) {
    const reply = await endpoint.send({ ...question, dialect, signal: limit.signal })
    if (reply.kind === 'text') {
      dialects.set(question.schemaName, dialect)
      replies.push(reply)
      return reply
    }
    const { reason, message, detail, remedy, retryAfterMs } = reply
    const plainer = remedy === 'dialect' ? plainerDialect(dialect, message) : null
    if (plainer) {
      dialect = plainer
      continue
    }
    failures += 1
    const waitMs = backOffMs({ failures, firstWaitMs, retryAfterMs, random: Math.random() })
    // A wait beyond the limit would hide what failed behind a time-out.
    const isLast = remedy !== 'later' || failures === MAX_TRIES || waitMs >= limit.remainingMs()
    if (isLast) {
      log.warn({ reason, detail }, 'The judge failed')
      return { kind: 'failed', reason, message }
    }
    await sleep(waitMs, undefined, { signal: limit.signal })
  }
}

type AnswerReading<T> =
  | { ok: true; value: T }
  | { ok: false; reason: 'not-json' | 'wrong-shape'; problem: string }

async function readAnswer<T>({ text }: TextReply, schema: z.ZodType<T>): Promise<AnswerReading<T>> {
  const json = readJson(text)
  if (!json.ok) return { ok: false, reason: 'not-json', problem: 'it is not JSON' }
  const parsed = await schema.safeParseAsync(json.value)
  if (parsed.success) return { ok: true, value: parsed.data }
  return { ok: false, reason: 'wrong-shape', problem: describeIssues(parsed.error) }
}

function describeIssues({ issues }: z.ZodError): string {
  return issues
    .slice(0, MOST_ISSUES)
    .map(({ path, message }) => `${path.length === 0 ? 'the answer' : path.join('.')}: ${message}`)
    .join('; ')
}

/** Most questions are asked in one of a few shapes, many thousand times. */
const JSON_SCHEMAS = new WeakMap<z.ZodType, JsonSchema>()

function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  const jsonSchema = JSON_SCHEMAS.get(schema) ?? toJsonSchema(schema)
  JSON_SCHEMAS.set(schema, jsonSchema)
  return jsonSchema
}

/**
 * What the model has to write, which is the schema's input. Objects are closed, as OpenAI demands of a strict
 * schema; one it still does not take is given in words alone.
 */
function toJsonSchema(schema: z.ZodType): JsonSchema {
  const jsonSchema = z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema: part }) => {
      if (part.type === 'object') part.additionalProperties ??= false
    },
  })
  return z.json().parse(JSON.parse(JSON.stringify(jsonSchema)))
}

/**
 * The schema is in words too: some endpoints ignore `response_format`, others never show it to the model. It comes
 * last, so that questions about the same call begin alike: endpoints keep what they read of a beginning.
 */
function shapeInWords(jsonSchema: JsonSchema): string {
  return `Answer with JSON alone, no other words, that fits this JSON schema:\n${JSON.stringify(jsonSchema)}`
}

function correction(text: string, problem: string): ModelMessage[] {
  // Some endpoints take no empty message.
  const said = text.slice(0, LONGEST_REMINDER) || '(nothing)'
  return [
    { role: 'assistant', content: said },
    {
      role: 'user',
      content: `That answer does not fit: ${problem}. Answer again, with JSON alone that fits the schema.`,
    },
  ]
}
