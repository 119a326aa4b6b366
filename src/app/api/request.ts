import type { z } from 'zod'
import type { Endpoint } from '#contract/endpoint.ts'
import { Problem, problemMessages } from '#contract/problem.ts'

/** The server answered with an error. `problem` is its body where it had the API's error shape. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly problem: Problem | null

  constructor({ status, problem }: { status: number; problem: Problem | null }) {
    super(problem ? problemMessages(problem).join('\n') : `The server answered ${status}.`)
    this.status = status
    this.problem = problem
  }
}

/** The server could not be reached at all. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError'

  constructor(cause: unknown) {
    super('The server cannot be reached. Is it running?', { cause })
  }
}

type InputOf<Shape> = Shape extends z.ZodType ? z.input<Shape> : undefined

type Given<Key extends string, Shape> = Shape extends z.ZodType
  ? { [K in Key]: z.input<Shape> }
  : { [K in Key]?: undefined }

type RequestInput<E extends Endpoint> = Given<'params', E['params']> &
  Partial<Given<'query', E['query']>> &
  Given<'body', E['body']> & { signal?: AbortSignal }

/**
 * Calls one endpoint and returns its checked output.
 * Throws `ApiError` for any answer that is not 2xx, `NetworkError` if there was no answer, and the
 * abort reason when `signal` fires.
 */
export async function request<E extends Endpoint>(
  endpoint: E,
  input: RequestInput<E>,
): Promise<z.output<E['output']>> {
  const url = fillPath(endpoint.path, input.params) + toSearch(input.query)
  const response = await send(url, {
    method: endpoint.method,
    signal: input.signal ?? null,
    headers: input.body === undefined ? {} : { 'content-type': 'application/json' },
    body: input.body === undefined ? null : JSON.stringify(input.body),
  })
  return endpoint.output.parse(await response.json()) as z.output<E['output']>
}

/** `fetch` with the errors of this client. The session cookie travels by itself: same origin. */
export async function send(url: string, init: RequestInit): Promise<Response> {
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (cause) {
    if (init.signal?.aborted) throw cause
    throw new NetworkError(cause)
  }
  if (!response.ok) throw await toApiError(response)
  return response
}

async function toApiError(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null)
  const problem = Problem.safeParse(body)
  return new ApiError({ status: response.status, problem: problem.success ? problem.data : null })
}

function fillPath(path: string, params: InputOf<Endpoint['params']>): string {
  const values = (params ?? {}) as Record<string, unknown>
  return path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(values[name])))
}

function toSearch(query: unknown): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries((query ?? {}) as Record<string, unknown>)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text && `?${text}`
}
