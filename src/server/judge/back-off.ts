const LONGEST_WAIT_MS = 20_000

export type BackOff = {
  /** Tries that failed so far, from 1. */
  failures: number
  /** The wait after the first failure before jitter; it doubles with each further one. */
  firstWaitMs: number
  /** What the endpoint asked for, if it did. */
  retryAfterMs: number | null
  /** In 0..1, for the jitter. */
  random: number
}

/**
 * How long to wait before the next try, in milliseconds; never over 20 s, also where the endpoint asks for more.
 * Below that never earlier than it asked for: jitter takes up to half of our own wait, but adds to theirs.
 */
export function backOffMs({ failures, firstWaitMs, retryAfterMs, random }: BackOff): number {
  const own = firstWaitMs * 2 ** (failures - 1) * (0.5 + random / 2)
  const wait = retryAfterMs === null ? own : retryAfterMs + firstWaitMs * random * 0.5
  return Math.min(wait, LONGEST_WAIT_MS)
}

/**
 * Milliseconds from `now` that the headers ask to wait; null if they do not say it, or not readably.
 * Source: RFC 9110, 10.2.3 (seconds or a date); `retry-after-ms` is what OpenAI sends beside it.
 */
export function readRetryAfter(
  headers: Readonly<Record<string, string>>,
  now: number,
): number | null {
  const milliseconds = headers['retry-after-ms']
  if (milliseconds !== undefined && isDecimal(milliseconds)) return Number(milliseconds)
  const value = headers['retry-after']
  if (value === undefined) return null
  if (isDecimal(value)) return Number(value) * 1000
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

function isDecimal(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text.trim())
}
