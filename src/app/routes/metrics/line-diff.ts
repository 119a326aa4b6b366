export type DiffLine = { kind: 'same' | 'added' | 'removed'; text: string }

/** Beyond this many pairs of lines the middle is shown as replaced: a table of them would stall the page. */
const MAX_PAIRS = 4_000_000

/** What turned one text into another, line by line, removed lines before those in their place. */
export function diffLines(before: string, after: string): DiffLine[] {
  const old = toLines(before)
  const next = toLines(after)
  const start = commonStart(old, next)
  const end = commonStart(old.slice(start).reverse(), next.slice(start).reverse())
  const middle = diffMiddle(
    old.slice(start, old.length - end),
    next.slice(start, next.length - end),
  )
  const same = (text: string): DiffLine => ({ kind: 'same', text })
  return [...next.slice(0, start).map(same), ...middle, ...next.slice(next.length - end).map(same)]
}

/** No text has no lines, rather than one that is empty. */
function toLines(text: string): string[] {
  return text === '' ? [] : text.split(/\r?\n/)
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length++
  return length
}

/** By the longest common run of lines. */
function diffMiddle(old: readonly string[], next: readonly string[]): DiffLine[] {
  const lengths = old.length * next.length > MAX_PAIRS ? null : commonLengths(old, next)
  const width = next.length + 1
  const lengthAt = (i: number, j: number) => lengths?.[i * width + j] ?? 0
  const lines: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < old.length || j < next.length) {
    const [removed, added] = [old[i], next[j]]
    if (lengths !== null && removed !== undefined && removed === added) {
      lines.push({ kind: 'same', text: removed })
      i++
      j++
    } else if (
      removed !== undefined &&
      (j >= next.length || lengthAt(i + 1, j) >= lengthAt(i, j + 1))
    ) {
      lines.push({ kind: 'removed', text: removed })
      i++
    } else {
      lines.push({ kind: 'added', text: added ?? '' })
      j++
    }
  }
  return lines
}

/** How many lines the rests from each place on have in common, row by row. */
function commonLengths(old: readonly string[], next: readonly string[]): Uint32Array {
  const width = next.length + 1
  const lengths = new Uint32Array((old.length + 1) * width)
  const at = (place: number) => lengths[place] ?? 0
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = next.length - 1; j >= 0; j--) {
      const place = i * width + j
      lengths[place] =
        old[i] === next[j] ? at(place + width + 1) + 1 : Math.max(at(place + width), at(place + 1))
    }
  }
  return lengths
}
