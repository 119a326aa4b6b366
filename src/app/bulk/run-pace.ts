import type { BulkAction } from '#contract/bulk-action.ts'
import { formatRoughDuration } from '../format/rough-duration.ts'

/** How far something was, and when, on any clock that only goes forward. */
export type Sample = { atMs: number; doneCount: number }

/** The pace is that of the last minute: a judge that slows down is noticed. */
const WINDOW_MS = 60_000
/** Below this a pace says nothing yet. */
const LEAST_MS = 2000

/** The samples with one more, without those that the window has left behind; the last one from before it stays, as where it begins. */
export function withSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const from = sample.atMs - WINDOW_MS
  const begin = samples.findLastIndex(({ atMs }) => atMs <= from)
  return [...samples.slice(Math.max(begin, 0)), sample]
}

/** Seconds until `totalCount` is reached at the pace of the samples; null while there is no pace to go by. */
export function secondsLeft(samples: readonly Sample[], totalCount: number): number | null {
  const [first, last] = [samples.at(0), samples.at(-1)]
  if (!first || !last) return null
  const tookMs = last.atMs - first.atMs
  const doneCount = last.doneCount - first.doneCount
  if (tookMs < LEAST_MS || doneCount <= 0) return null
  return ((totalCount - last.doneCount) * tookMs) / doneCount / 1000
}

/** `less than a minute left`, `about 12 min left`, `about 2 h 5 min left`. */
export function tellTimeLeft(seconds: number): string {
  return `${formatRoughDuration(seconds)} left`
}

/** By action, for as long as the page lives. */
const paces = new Map<number, readonly Sample[]>()

/** Remembers how far the running ones are. */
export function notePaces(actions: readonly BulkAction[], atMs: number) {
  for (const { id, state, doneCount } of actions) {
    if (state !== 'running') paces.delete(id)
    else paces.set(id, withSample(paces.get(id) ?? [], { atMs, doneCount }))
  }
}

export function paceOf(id: number): readonly Sample[] {
  return paces.get(id) ?? []
}
