/** RE2's longest repetition in a pattern of the longest text. Compiling so many steps takes up to 10 ms. */
export const LARGEST_PATTERN = 1200

const REPEAT = /\{(\d{1,9})(?:,(\d{0,9}))?\}/y
const GROUP_START = /\((?:\?(?:P?<\w*>|[a-zA-Z-]*[:)]))?/y
const LONG_ESCAPE = /\\(?:[pPx]\{[^}]*\}|[pP].)/y
const UNICODE_CLASS = /\\[pP]/g
/** Hundreds of ranges are put in order, however often the class is repeated: takes as long as so many steps. */
const UNICODE_CLASS_STEPS = 150
const CLASS_NAME = /\[:\^?\w+:\]/y

/**
 * About how many steps the program of an RE2 pattern has, without making it: a counted repetition repeats what it
 * counts, and within another one many times over. At least 1; for text that is no pattern some number. Never throws.
 * The program has at most three times as many: groups and choices within a repetition take steps of their own.
 * Source: RE2, syntax and its translation to a program.
 */
export function patternSize(pattern: string): number {
  const groups: Sizes[] = [{ before: 0, last: 0 }]
  let at = 0
  while (at < pattern.length) {
    const group = groups.at(-1) ?? { before: 0, last: 0 }
    const repeat = matchAt(REPEAT, { pattern, at })
    if (repeat !== null) {
      const [all, from = '', to = ''] = repeat
      group.last *= Math.max(1, Number(from), Number(to))
      at += all.length
      continue
    }
    switch (pattern[at]) {
      case '(': {
        const start = matchAt(GROUP_START, { pattern, at })?.[0] ?? '('
        // Flags alone open nothing.
        if (!start.endsWith(')')) groups.push({ before: 0, last: 0 })
        at += start.length
        break
      }
      case ')':
        if (groups.length > 1) addStep(groups, sumOf(groups.pop()) + 1)
        at += 1
        break
      case '[':
        addStep(groups, 1)
        at = endOfClass(pattern, at)
        break
      case '*':
      case '+':
      case '?':
        group.last += 1
        at += 1
        break
      case '\\':
        at = readEscape(groups, { pattern, at })
        break
      default:
        addStep(groups, 1)
        at += 1
    }
  }
  const steps = groups.reduce((sum, group) => sum + sumOf(group), 0)
  const unicodeClasses = pattern.match(UNICODE_CLASS)?.length ?? 0
  return Math.max(1, steps + unicodeClasses * UNICODE_CLASS_STEPS)
}

/** Steps in a group: of what a repetition would count, and of all before it. */
type Sizes = { before: number; last: number }

function sumOf(sizes: Sizes | undefined): number {
  return sizes === undefined ? 0 : sizes.before + sizes.last
}

function addStep(groups: readonly Sizes[], size: number): void {
  const group = groups.at(-1)
  if (group === undefined) return
  group.before += group.last
  group.last = size
}

function matchAt(regexp: RegExp, { pattern, at }: { pattern: string; at: number }) {
  regexp.lastIndex = at
  return regexp.exec(pattern)
}

/** Where the escape ends; between `\Q` and `\E` every character is one step. */
function readEscape(
  groups: readonly Sizes[],
  { pattern, at }: { pattern: string; at: number },
): number {
  if (pattern[at + 1] !== 'Q') {
    addStep(groups, 1)
    return at + (matchAt(LONG_ESCAPE, { pattern, at })?.[0].length ?? 2)
  }
  const end = pattern.indexOf('\\E', at + 2)
  const quoted = pattern.slice(at + 2, end < 0 ? pattern.length : end)
  for (const _ of quoted) addStep(groups, 1)
  return end < 0 ? pattern.length : end + 2
}

/** A bracket that closes nothing yet is one of the characters. */
function endOfClass(pattern: string, start: number): number {
  let at = start + 1
  if (pattern[at] === '^') at += 1
  if (pattern[at] === ']') at += 1
  while (at < pattern.length && pattern[at] !== ']') {
    const named = matchAt(CLASS_NAME, { pattern, at })
    if (named !== null) at += named[0].length
    else at += pattern[at] === '\\' ? (matchAt(LONG_ESCAPE, { pattern, at })?.[0].length ?? 2) : 1
  }
  return at + 1
}
