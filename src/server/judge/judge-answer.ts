export type FailureReason =
  /** No answer in time. */
  | 'timeout'
  /** No connection, or it was cut. */
  | 'unreachable'
  /** The model, or a filter before it, declined. */
  | 'refused'
  | 'rate-limited'
  /** The model wrote no JSON, twice, or was cut off. */
  | 'not-json'
  /** The model wrote JSON that does not fit the schema, twice. */
  | 'wrong-shape'
  /** The endpoint failed, or sent what is no chat completion. */
  | 'server-error'
  /** The endpoint does not take the request: key, model, address, size. */
  | 'rejected'

/** Tokens of all questions it took; null where the endpoint does not say. */
export type TokenUsage = { inputTokens: number | null; outputTokens: number | null }

/** `tookMs`: from the first try to the last word, without the wait for a free slot. */
export type JudgeAnswer<T> = UntimedAnswer<T> & { tookMs: number }

export type UntimedAnswer<T> =
  /** `model` is the name the endpoint gave, else the configured one. */
  { kind: 'answered'; value: T; usage: TokenUsage; model: string } | FailedAnswer

/** `message` is a sentence for the reviewer; it never has the key in it, nor where the judge is. */
export type FailedAnswer = {
  kind: 'failed'
  reason: FailureReason
  message: string
  /** What the model's answers took although none fits; left out where it gave none. */
  paid?: { usage: TokenUsage; model: string }
}
