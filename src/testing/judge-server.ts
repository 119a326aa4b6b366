import type { IncomingMessage, ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { z } from 'zod'
import { startLocalHost } from './local-host.ts'

/** What the server does with one request. */
export type JudgeBehaviour =
  /** A chat completion; `usage` null leaves it out, as some local servers do. */
  | {
      kind: 'answer'
      content: string | null
      refusal?: string
      finishReason?: string
      model?: string
      usage?: { prompt_tokens: number; completion_tokens: number } | null
      delayMs?: number
    }
  /** Anything else over HTTP; `body` is JSON unless it is text. */
  | { kind: 'status'; status: number; body?: unknown; headers?: Record<string, string> }
  /** Takes the request and never answers. */
  | { kind: 'hang' }
  /** Half an answer, then the connection is destroyed. */
  | { kind: 'cut' }
  /** An answer of `sizeBytes`. */
  | { kind: 'flood'; sizeBytes: number }

const ChatBody = z.object({
  model: z.string(),
  temperature: z.number().optional(),
  response_format: z
    .object({
      type: z.string(),
      json_schema: z.object({ name: z.string(), schema: z.unknown() }).optional(),
    })
    .optional(),
  messages: z.array(z.object({ role: z.string(), content: z.string() })),
})

export type JudgeRequest = {
  path: string
  authorization: string | null
  body: z.infer<typeof ChatBody>
}

/** A scriptable chat endpoint on loopback that speaks the OpenAI protocol. */
export type JudgeServer = AsyncDisposable & {
  /** The base URL, as `JUDGE_URL` has it. */
  url: string
  /** What was asked, in order. */
  requests: JudgeRequest[]
  /** The most requests that were open at one time. */
  mostAtOnce: () => number
}

export type JudgeScript = {
  /** One for each request, in order. */
  behaviours?: readonly JudgeBehaviour[]
  /** For the requests after those; without it they are an error that no client repeats. */
  otherwise?: JudgeBehaviour | ((request: JudgeRequest) => JudgeBehaviour)
}

export async function startJudgeServer(script: JudgeScript = {}): Promise<JudgeServer> {
  const queue = [...(script.behaviours ?? [])]
  const requests: JudgeRequest[] = []
  let open = 0
  let most = 0
  const host = await startLocalHost((request, response) => {
    open += 1
    most = Math.max(most, open)
    response.on('close', () => {
      open -= 1
    })
    const behaviour = queue.shift() ?? script.otherwise ?? OVER
    void receive(request).then((received) => {
      requests.push(received)
      behave(typeof behaviour === 'function' ? behaviour(received) : behaviour, response)
    })
  })
  return {
    url: `${host.url}/v1`,
    requests,
    mostAtOnce: () => most,
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  }
}

/** A completion that holds `value` as JSON. */
export function answers(value: unknown): JudgeBehaviour {
  return { kind: 'answer', content: JSON.stringify(value) }
}

/**
 * A completion that fits whatever shape is asked for, with the keys of `wanted` where the shape has them: lists are
 * empty, texts say "ok", of labels the first, yes to every question. For `otherwise`.
 */
export function answersAnything(
  wanted: Readonly<Record<string, unknown>> = {},
): (request: JudgeRequest) => JudgeBehaviour {
  return ({ body }) => {
    const schema = body.response_format?.json_schema?.schema
    const parts = ObjectShape.safeParse(schema).data?.properties ?? {}
    const entries = Object.entries(parts).map(([key, part]) => [
      key,
      key in wanted ? wanted[key] : fittingValue(part),
    ])
    return answers(Object.fromEntries(entries))
  }
}

const ObjectShape = z.object({ properties: z.record(z.string(), z.unknown()) })
const PartShape = z.object({
  type: z.union([z.string(), z.array(z.string()).transform(([first]) => first)]).optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
})

function fittingValue(schema: unknown): unknown {
  const part = PartShape.parse(schema)
  if (part.anyOf) return fittingValue(part.anyOf[0])
  if (part.enum) return part.enum[0]
  switch (part.type) {
    case 'array':
      return []
    case 'boolean':
      return true
    case 'number':
    case 'integer':
      return part.minimum ?? 1
    default:
      return 'ok'
  }
}

const OVER: JudgeBehaviour = {
  kind: 'status',
  status: 418,
  body: { error: { message: 'More requests came than the test scripted' } },
}

async function receive(request: IncomingMessage): Promise<JudgeRequest> {
  const body = ChatBody.parse(JSON.parse(await text(request)))
  return { path: request.url ?? '', authorization: request.headers.authorization ?? null, body }
}

function behave(behaviour: JudgeBehaviour, response: ServerResponse): void {
  switch (behaviour.kind) {
    case 'answer':
      setTimeout(() => sendJson(response, completion(behaviour)), behaviour.delayMs ?? 0)
      return
    case 'status':
      response.writeHead(behaviour.status, behaviour.headers).end(bodyText(behaviour.body))
      return
    case 'hang':
      return
    case 'cut':
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
      response.write('{"choices":[{"message":{"con', () => response.destroy())
      return
    case 'flood':
      sendJson(response, completion({ kind: 'answer', content: 'x'.repeat(behaviour.sizeBytes) }))
      return
    default:
      behaviour satisfies never
  }
}

function sendJson(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function bodyText(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body ?? {})
}

const USAGE = { prompt_tokens: 20, completion_tokens: 5 }

function completion(answer: Extract<JudgeBehaviour, { kind: 'answer' }>) {
  const { content, refusal, finishReason = 'stop', model = 'test-model', usage = USAGE } = answer
  const message = { role: 'assistant', content, ...(refusal !== undefined && { refusal }) }
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_700_000_000,
    model,
    choices: [{ index: 0, message, finish_reason: finishReason }],
    ...(usage && { usage }),
  }
}
