import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { APICallError, generateText, InvalidResponseDataError, type ModelMessage } from 'ai'
import { z } from 'zod'
import { readRetryAfter } from './back-off.ts'
import { AnswerNotTaken, ConnectionFailed, carefulFetch } from './careful-fetch.ts'
import type { Dialect } from './dialect.ts'
import type { FailureReason, TokenUsage } from './judge-answer.ts'
import type { Quote } from './quote.ts'

export type ChatEndpoint = {
  /** One request. Rejects with the signal's reason once that aborts. */
  send: (request: ChatRequest) => Promise<ChatReply>
}

export type JsonSchema = z.infer<ReturnType<typeof z.json>>

export type ChatRequest = {
  instructions: string
  messages: ModelMessage[]
  schemaName: string
  jsonSchema: JsonSchema
  dialect: Dialect
  signal: AbortSignal
}

export type ChatReply =
  | {
      kind: 'text'
      text: string
      /** The endpoint stopped the model before it was done. */
      isCutOff: boolean
      usage: TokenUsage
      model: string
    }
  | {
      kind: 'failed'
      reason: FailureReason
      /** For everyone: says nothing of where the judge is. */
      message: string
      /** For the operator: the same with addresses. Neither has the key. */
      detail: string
      /** What may help: the same request again, another dialect, or nothing. */
      remedy: 'later' | 'dialect' | 'none'
      retryAfterMs: number | null
    }

type FailedReply = Extract<ChatReply, { kind: 'failed' }>

export type ChatEndpointOptions = {
  url: string
  model: string
  apiKey: string | null
  fetch: typeof globalThis.fetch
  quote: Quote
}

/** The provider's name is also the key of the options it adds to a request. */
const PROVIDER = 'judge'

/** Characters of a model's name; names in use have some fifty. */
const LONGEST_MODEL = 200

/** Of one answer, far beyond what any model takes. */
const MOST_TOKENS = 1e9

export function createChatEndpoint(options: ChatEndpointOptions): ChatEndpoint {
  const { baseUrl, search } = splitUrl(options.url)
  const provider = createOpenAICompatible({
    name: PROVIDER,
    baseURL: baseUrl,
    fetch: carefulFetch(options.fetch),
    ...(options.apiKey !== null && { apiKey: options.apiKey }),
    ...(search.size > 0 && { queryParams: Object.fromEntries(search) }),
  })
  const model = provider(options.model)
  return {
    send: async (request) => {
      try {
        return toReply(await generate(model, request), options.quote)
      } catch (error) {
        request.signal.throwIfAborted()
        return toFailure(error, { baseUrl, quote: options.quote })
      }
    },
  }
}

type Generated = Awaited<ReturnType<typeof generate>>

function generate(model: Parameters<typeof generateText>[0]['model'], request: ChatRequest) {
  const { instructions, messages, dialect, signal } = request
  return generateText({
    model,
    instructions,
    messages,
    abortSignal: signal,
    // Retried in judge.ts, which also knows the deadline.
    maxRetries: 0,
    ...(dialect.hasTemperature && { temperature: 0 }),
    // Not by the SDK's `output`: that fails before a fenced or mislabelled answer can be read.
    providerOptions: { [PROVIDER]: responseFormat(request) },
  })
}

function responseFormat({ dialect, jsonSchema, schemaName }: ChatRequest) {
  switch (dialect.format) {
    case 'json-schema': {
      const json_schema = { name: schemaName, schema: jsonSchema, strict: true }
      return { response_format: { type: 'json_schema', json_schema } }
    }
    case 'json-object':
      return { response_format: { type: 'json_object' } }
    case 'text':
      return {}
    default:
      throw new Error(`No such format: ${dialect.format satisfies never}`)
  }
}

function toReply({ text, finishReason, usage, response }: Generated, quote: Quote): ChatReply {
  if (finishReason === 'content-filter') return refusal(quote(text))
  return {
    kind: 'text',
    text,
    isCutOff: finishReason === 'length',
    usage: { inputTokens: toCount(usage.inputTokens), outputTokens: toCount(usage.outputTokens) },
    // Kept with every verdict.
    model: response.modelId.slice(0, LONGEST_MODEL),
  }
}

/** Null for what can be no count of tokens: it would be charged. */
function toCount(tokens: number | undefined): number | null {
  const isCount = Number.isSafeInteger(tokens) && tokens !== undefined && tokens >= 0
  return isCount && tokens <= MOST_TOKENS ? tokens : null
}

function refusal(words: string): FailedReply {
  const said = words === '' ? '' : `: ${words}`
  return failure({ reason: 'refused', message: `The model refused to answer${said}` })
}

function failure(
  known: Pick<FailedReply, 'reason' | 'message'> & Partial<FailedReply>,
): FailedReply {
  return { kind: 'failed', remedy: 'none', retryAfterMs: null, detail: known.message, ...known }
}

type Where = { baseUrl: string; quote: Quote }

/** Throws what is not the endpoint's doing. */
function toFailure(error: unknown, { baseUrl, quote }: Where): FailedReply {
  if (error instanceof ConnectionFailed) {
    const code = error.systemCode === null ? '' : ` (${error.systemCode})`
    const message = `Cannot reach the judge${code}`
    const detail = `Cannot reach ${baseUrl}: ${quote(error.message)}`
    return failure({ reason: 'unreachable', message, detail, remedy: 'later' })
  }
  if (error instanceof AnswerNotTaken) {
    const to = error.detail === null ? '' : `: ${quote(error.detail)}`
    const detail = `${baseUrl} ${error.message}${to}`
    return failure({ reason: 'server-error', message: `The judge ${error.message}`, detail })
  }
  if (InvalidResponseDataError.isInstance(error)) return notAChatAnswer('')
  if (APICallError.isInstance(error)) return toHttpFailure(error, quote)
  throw error
}

function toHttpFailure(error: APICallError, quote: Quote): FailedReply {
  const status = error.statusCode ?? 0
  const { code, words } = readErrorBody(error.responseBody ?? '')
  const said = quote(words)
  if (status < 400) return notAChatAnswer(said)
  // A provider's filter may stop the question before the model sees it.
  if (code === 'content_filter') return refusal(said)
  const hint = HINTS[status] ?? ''
  const message = `The judge answered ${status}${said && `: ${said}`}${hint && `. ${hint}`}`
  const retryAfterMs = readRetryAfter(error.responseHeaders ?? {}, Date.now())
  return failure({ ...classOf(status), message, retryAfterMs })
}

const HINTS: Readonly<Record<number, string>> = {
  401: 'Check JUDGE_API_KEY',
  403: 'Check JUDGE_API_KEY',
  404: 'Check JUDGE_MODEL, and that JUDGE_URL is what /chat/completions comes after',
}

function classOf(status: number): Pick<FailedReply, 'reason' | 'remedy'> {
  if (status === 429) return { reason: 'rate-limited', remedy: 'later' }
  if (status === 408) return { reason: 'timeout', remedy: 'later' }
  if (status >= 500) return { reason: 'server-error', remedy: 'later' }
  if (status === 400 || status === 422) return { reason: 'rejected', remedy: 'dialect' }
  return { reason: 'rejected', remedy: 'none' }
}

/** A page of a proxy, an error under 200, or an answer whose end is missing: the next may be whole. */
function notAChatAnswer(words: string): FailedReply {
  const message = `The judge sent something that is no chat completion${words && `: ${words}`}`
  return failure({ reason: 'server-error', message, remedy: 'later' })
}

/** OpenAI and vLLM nest it; Ollama sends a string, others put the message on top or call it detail. */
const ErrorBody = z.union([
  z
    .object({ error: z.object({ message: z.string(), code: z.unknown().optional() }) })
    .transform(({ error }) => ({ words: error.message, code: error.code })),
  z.object({ error: z.string() }).transform(({ error }) => ({ words: error, code: null })),
  z.object({ message: z.string() }).transform(({ message }) => ({ words: message, code: null })),
  z.object({ detail: z.string() }).transform(({ detail }) => ({ words: detail, code: null })),
])

function readErrorBody(body: string): { words: string; code: unknown } {
  try {
    const parsed = ErrorBody.safeParse(JSON.parse(body))
    if (parsed.success) return parsed.data
  } catch {
    // Not JSON: shown as it came.
  }
  return { words: body, code: null }
}

/** Takes the whole address of the endpoint too, as documentation often gives it. */
function splitUrl(url: string): { baseUrl: string; search: URLSearchParams } {
  const { origin, pathname, searchParams } = new URL(url)
  const path = pathname.replace(/\/+$/, '').replace(/\/chat\/completions$/, '')
  return { baseUrl: `${origin}${path}`, search: searchParams }
}
