/** Something with a place on the recording; times in seconds, null where unknown. */
export type Timed = { startSeconds: number | null; endSeconds: number | null }

/** Spans in the order of their starts, ready for searching. Positions are those of the list it was built from. */
export type TimeIndex = {
  starts: Float64Array
  ends: Float64Array
  /** The latest end among this span and all before it: where a walk backwards may stop. */
  latestEnds: Float64Array
  positions: Int32Array
}

/** Spans without a start are left out; one without an end lasts until the next start. */
export function buildTimeIndex(spans: readonly Timed[]): TimeIndex {
  const timed = spans
    .flatMap(({ startSeconds, endSeconds }, position) =>
      startSeconds === null ? [] : [{ start: startSeconds, end: endSeconds, position }],
    )
    .sort((a, b) => a.start - b.start || a.position - b.position)
  const ends = Float64Array.from(
    timed,
    ({ end }, i) => end ?? timed[i + 1]?.start ?? Number.POSITIVE_INFINITY,
  )
  const latestEnds = new Float64Array(ends)
  for (let i = 1; i < latestEnds.length; i++) {
    latestEnds[i] = Math.max(latestEnds[i - 1] ?? 0, ends[i] ?? 0)
  }
  return {
    starts: Float64Array.from(timed, ({ start }) => start),
    ends,
    latestEnds,
    positions: Int32Array.from(timed, ({ position }) => position),
  }
}

/** Positions of all spans with start <= seconds < end, the one that started last first. */
export function findSpansAt(index: TimeIndex, seconds: number): number[] {
  const found: number[] = []
  for (let i = lastStarted(index, seconds); i >= 0; i--) {
    if ((index.latestEnds[i] ?? 0) <= seconds) break
    if ((index.ends[i] ?? 0) > seconds) found.push(index.positions[i] ?? 0)
  }
  return found
}

/**
 * The span to highlight: the last to start of those going on at `seconds`, else the last that started at all,
 * so that the highlight rests through a pause. Null before the first.
 */
export function findCurrent(index: TimeIndex, seconds: number): number | null {
  const last = lastStarted(index, seconds)
  for (let i = last; i >= 0; i--) {
    if ((index.latestEnds[i] ?? 0) <= seconds) break
    if ((index.ends[i] ?? 0) > seconds) return index.positions[i] ?? null
  }
  return index.positions[last] ?? null
}

/** Two starts nearer than this are one place to a person pressing a key. */
const SAME_PLACE_SECONDS = 0.05

/** The next start after `seconds` (1), or the start before the one that `seconds` lies in (-1); null at either end. */
export function stepStart(index: TimeIndex, seconds: number, direction: -1 | 1): number | null {
  const last = lastStarted(index, seconds + SAME_PLACE_SECONDS)
  if (direction === 1) return index.starts[last + 1] ?? null
  const here = index.starts[last]
  if (here === undefined) return null
  const before = lastStarted(index, here - SAME_PLACE_SECONDS)
  return index.starts[before] ?? null
}

function lastStarted({ starts }: TimeIndex, seconds: number): number {
  let low = 0
  let high = starts.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((starts[middle] ?? 0) <= seconds) low = middle + 1
    else high = middle
  }
  return low - 1
}
