const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 }

const UNIT_OF_WORD: Record<string, keyof typeof UNIT_MS> = {
  ...words('d', ['d', 'day', 'days']),
  ...words('h', ['h', 'hr', 'hrs', 'hour', 'hours']),
  ...words('m', ['m', 'min', 'mins', 'minute', 'minutes']),
  ...words('s', ['s', 'sec', 'secs', 'second', 'seconds']),
  ...words('ms', ['ms', 'millisecond', 'milliseconds']),
}

/** Past this, milliseconds are no longer exact in a number. */
const MOST_MS = Number.MAX_SAFE_INTEGER

/**
 * `1m 30s`, `1h`, `0.25s`: seconds as a person types them, to the millisecond. Zero is `0s`.
 * `parseDurationText` reads it back to the same number.
 */
export function formatDurationText(seconds: number): string {
  const totalMs = Math.round(Math.abs(seconds) * 1000)
  const hours = Math.floor(totalMs / UNIT_MS.h)
  const minutes = Math.floor((totalMs % UNIT_MS.h) / UNIT_MS.m)
  const restMs = totalMs % UNIT_MS.m
  const parts = [
    hours > 0 && `${hours}h`,
    minutes > 0 && `${minutes}m`,
    (restMs > 0 || totalMs === 0) && `${restMs / 1000}s`,
  ]
  const sign = seconds < 0 && totalMs > 0 ? '-' : ''
  return sign + parts.filter(Boolean).join(' ')
}

/**
 * Seconds, to the millisecond, from `90`, `1:30`, `1:02:03`, `1h 2m`, `1.5m`, `250ms`, each with an
 * optional minus. A bare number is seconds. Units go from large to small, each at most once. Null for
 * anything else, a comma included: `1,5` and `1,500` cannot be told apart.
 */
export function parseDurationText(text: string): number | null {
  const trimmed = text.trim().toLowerCase()
  const isNegative = /^[-−]/.test(trimmed)
  const size = isNegative ? trimmed.slice(1).trim() : trimmed
  const ms = parseBare(size) ?? parseClock(size) ?? parseUnits(size)
  if (ms === null || ms > MOST_MS) return null
  const seconds = Math.round(ms) / 1000
  return isNegative && seconds > 0 ? -seconds : seconds
}

const NUMBER = String.raw`(?:\d+\.?\d*|\.\d+)`

function parseBare(text: string): number | null {
  return new RegExp(`^${NUMBER}$`).test(text) ? Number(text) * UNIT_MS.s : null
}

const CLOCK = /^(?:(\d+):)?(\d+):(\d{2}(?:\.\d+)?)$/

function parseClock(text: string): number | null {
  const match = CLOCK.exec(text)
  if (!match) return null
  const [, hours, minutes, seconds] = match
  if (Number(seconds) >= 60) return null
  if (hours !== undefined && Number(minutes) >= 60) return null
  return Number(hours ?? 0) * UNIT_MS.h + Number(minutes) * UNIT_MS.m + Number(seconds) * UNIT_MS.s
}

const PART = new RegExp(String.raw`(${NUMBER})\s*([a-z]+)\s*`, 'y')

function parseUnits(text: string): number | null {
  if (text === '') return null
  let total = 0
  let lastUnitMs = Number.POSITIVE_INFINITY
  for (let position = 0; position < text.length; position = PART.lastIndex) {
    PART.lastIndex = position
    const match = PART.exec(text)
    const unit = UNIT_OF_WORD[match?.[2] ?? '']
    if (!match || !unit || UNIT_MS[unit] >= lastUnitMs) return null
    lastUnitMs = UNIT_MS[unit]
    total += Number(match[1]) * lastUnitMs
  }
  return total
}

function words(unit: keyof typeof UNIT_MS, spellings: string[]) {
  return Object.fromEntries(spellings.map((spelling) => [spelling, unit]))
}
