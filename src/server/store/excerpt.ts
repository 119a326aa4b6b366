/** UTF-16 offsets, end exclusive. */
export type Range = [start: number, end: number]

/** Without the ellipses. */
const LONGEST = 158
/** Of what room is left, this share goes before the found words: what follows says more. */
const SHARE_BEFORE = 1 / 3

/**
 * At most 160 characters of `text` around the stretch in which most of the phrases stand, the earliest of equals. Cut at
 * words, with an ellipsis where more follows. `places` has the ranges of each phrase; `ranges` those that are shown.
 */
export function excerpt(
  text: string,
  places: readonly (readonly Range[])[],
): { text: string; ranges: Range[] } {
  const all = merged(places.flat())
  const [from, to] = widened(text, bestStretch(places))
  const before = from > 0 ? '…' : ''
  const after = to < text.length ? '…' : ''
  const shift = before.length - from
  const ranges = all.flatMap(([start, end]): Range[] => {
    const [first, last] = [Math.max(start, from), Math.min(end, to)]
    return first < last ? [[first + shift, last + shift]] : []
  })
  return { text: before + text.slice(from, to).replace(/\s/gu, ' ') + after, ranges }
}

type Place = { phrase: number; start: number; end: number }

/** From the first to the last of the ranges that fit in one excerpt. */
function bestStretch(places: readonly (readonly Range[])[]): Range {
  const found = places
    .flatMap((ranges, phrase) => ranges.map(([start, end]) => ({ phrase, start, end })))
    .toSorted((a, b) => a.start - b.start || a.end - b.end)
  const start = bestStart(found)
  const first = found.find((place) => place.start === start)
  if (start === null || first === undefined) return [0, 0]
  const last = found
    .filter((place) => place.start >= start && place.end <= start + LONGEST)
    .reduce((latest, { end }) => Math.max(latest, end), first.end)
  return [start, Math.min(last, start + LONGEST)]
}

/**
 * Where the first of the excerpts with most phrases begins; null without a place. Takes one step for each place that
 * comes into the excerpt and one for each that leaves it: there can be a hundred thousand.
 */
function bestStart(found: readonly Place[]): number | null {
  const fitting = found.filter(({ start, end }) => end - start <= LONGEST)
  const byEnd = fitting.toSorted((a, b) => a.end - b.end)
  const counts = new Map<number, number>()
  let best: number | null = found[0]?.start ?? null
  let most = Math.min(1, found.length)
  let entered = 0
  for (const { phrase, start } of fitting) {
    for (let next = byEnd[entered]; next && next.end <= start + LONGEST; next = byEnd[++entered]) {
      counts.set(next.phrase, (counts.get(next.phrase) ?? 0) + 1)
    }
    if (counts.size > most) {
      most = counts.size
      best = start
    }
    const left = (counts.get(phrase) ?? 0) - 1
    if (left > 0) counts.set(phrase, left)
    else counts.delete(phrase)
  }
  return best
}

/** With as much around it as there is room, cut at words. */
function widened(text: string, [start, end]: Range): Range {
  const room = LONGEST - (end - start)
  const wantedBefore = Math.max(Math.floor(room * SHARE_BEFORE), room - (text.length - end))
  const from = Math.max(0, start - wantedBefore)
  const to = Math.min(text.length, end + room - (start - from))
  return [wordStart(text, { from, start }), wordEnd(text, { to, end })]
}

/** The first beginning of a word at or after `from`; where there is none before `start`, at least a whole character. */
function wordStart(text: string, { from, start }: { from: number; start: number }): number {
  if (from === 0) return 0
  for (let at = from; at <= start; at++) {
    if (isSpace(text[at - 1]) && !isSpace(text[at])) return at
  }
  return isHalf(text.charCodeAt(from)) ? from + 1 : from
}

function wordEnd(text: string, { to, end }: { to: number; end: number }): number {
  if (to === text.length) return to
  for (let at = to; at >= end; at--) {
    if (isSpace(text[at]) && !isSpace(text[at - 1])) return at
  }
  return isHalf(text.charCodeAt(to)) ? to - 1 : to
}

function isSpace(character: string | undefined): boolean {
  return character !== undefined && /\s/u.test(character)
}

/** The second half of a surrogate pair. */
function isHalf(code: number): boolean {
  return code >= 0xdc00 && code <= 0xdfff
}

function merged(ranges: readonly Range[]): Range[] {
  const result: Range[] = []
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1)
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end)
    else result.push([start, end])
  }
  return result
}
