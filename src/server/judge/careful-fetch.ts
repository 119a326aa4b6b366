import { z } from 'zod'

const MAX_ANSWER_BYTES = 1024 * 1024
/** A `Response` of these must not have a body. */
const WITHOUT_BODY = new Set([204, 205, 304])

/** No whole answer came: nobody listens, no such host, the connection was cut. */
export class ConnectionFailed extends Error {
  override readonly name = 'ConnectionFailed'
  /** Such as `ECONNREFUSED`; null if there is none. By the name `code` the SDK would wrap this error in its own. */
  readonly systemCode: string | null

  /** `message` may have addresses in it. */
  constructor(message: string, systemCode: string | null) {
    super(message)
    this.systemCode = systemCode
  }
}

/** An answer came that is not taken: a redirect, or one without end. */
export class AnswerNotTaken extends Error {
  override readonly name = 'AnswerNotTaken'
  /** What the message leaves out, for the operator alone. */
  readonly detail: string | null

  constructor(message: string, detail: string | null = null) {
    super(message)
    this.detail = detail
  }
}

/**
 * `fetch` for an endpoint that gets a key and call transcripts. Follows no redirect, since the next host was
 * not the operator's choice, and reads at most 1 MB of an answer.
 * Throws `ConnectionFailed`, `AnswerNotTaken` or the reason of an aborted signal.
 */
export function carefulFetch(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  return async (input, init) => {
    const response = await connected(init?.signal, () =>
      fetch(input, { ...init, redirect: 'manual' }),
    )
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel()
      throw new AnswerNotTaken('answered with a redirect, which is not followed', whereTo(response))
    }
    // Node receives such a status, yet makes no `Response` of it.
    if (response.status > 599) throw new AnswerNotTaken(`answered ${response.status}`)
    const body = await connected(init?.signal, () => readLimited(response))
    return new Response(WITHOUT_BODY.has(response.status) ? null : body, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    })
  }
}

/** Without its query: that may hold what is nobody's business. */
function whereTo(response: Response): string {
  const location = response.headers.get('location') ?? ''
  return /^[^?#]+/.exec(location)?.[0] ?? 'nowhere'
}

async function readLimited(response: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let sizeBytes = 0
  // Leaving the loop early cancels the rest.
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength
    if (sizeBytes > MAX_ANSWER_BYTES) throw new AnswerNotTaken('answered more than 1 MB')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function connected<T>(
  signal: AbortSignal | null | undefined,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step()
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof AnswerNotTaken) throw error
    // No `cause`: the SDK looks for network errors there and would wrap this one in its own.
    throw reasonOf(error)
  }
}

const WithCause = z.object({ cause: z.instanceof(Error) })
const WithCode = z.object({ code: z.string() })

/** "fetch failed" says nothing; what failed is its cause. */
function reasonOf(error: unknown): ConnectionFailed {
  const parsed = WithCause.safeParse(error)
  const root = parsed.success ? parsed.data.cause : error
  const code = WithCode.safeParse(root).data?.code ?? null
  // A host that has several addresses fails once for each, with a code and no words.
  const words = root instanceof Error && root.message !== '' ? root.message : 'connection failed'
  const isNamed = code === null || words.includes(code)
  return new ConnectionFailed(isNamed ? words : `${words} (${code})`, code)
}
