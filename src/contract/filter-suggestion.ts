import { CALL_FIELDS, FIELD_ALIASES, RESULT_FIELDS, RESULT_METRIC_FIELDS } from './filter.ts'

const RESULT_PREFIX = 'metric_evaluations.'

/** Every name that can be listed; metadata paths and the metrics' numbers depend on the data. */
const FIELD_NAMES: readonly string[] = [
  ...Object.keys(CALL_FIELDS),
  ...Object.keys({ ...RESULT_FIELDS, ...RESULT_METRIC_FIELDS }).map((name) => RESULT_PREFIX + name),
]

const PATTERNS = [
  'metric_evaluations.<number>.value',
  'metadata.<path>',
  'dynamic_variables.<path>',
]

/** What to say of a name that no field has; with `withList` all that there are. */
export function unknownFieldMessage(
  name: string,
  { shown, withList }: { shown: string; withList: boolean },
): string {
  const nearest = nearestNames(name, [...FIELD_NAMES, ...Object.keys(FIELD_ALIASES)])
  const hint = nearest.length === 0 ? '' : `; did you mean ${nearest.map(quoted).join(' or ')}?`
  if (!withList) return `unknown field ${shown}${hint}`
  const list = [...FIELD_NAMES, ...PATTERNS].join(', ')
  return `unknown field ${shown}${hint || ';'} Valid fields are ${list} (see docs/filters.md)`
}

function quoted(name: string): string {
  return `“${name}”`
}

const MOST_NAMES = 3
const LONGEST_COMPARED = 60

/** At most three of `names` that somebody may have meant by `name`, the likeliest first. */
export function nearestNames(name: string, names: readonly string[]): string[] {
  const wanted = name.slice(0, LONGEST_COMPARED).toLowerCase()
  if (wanted === '') return []
  const most = Math.max(1, Math.floor(wanted.length / 3))
  return names
    .map((one) => ({ one, distance: unlikeness(wanted, one) }))
    .filter(({ distance }) => distance <= most)
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, MOST_NAMES)
    .map(({ one }) => one)
}

/** Edits between two names, or between the wanted one and the last part of a name with dots. */
function unlikeness(wanted: string, name: string): number {
  const lastPart = name.slice(name.lastIndexOf('.') + 1)
  const whole = editDistance(wanted, name)
  return lastPart === name ? whole : Math.min(whole, editDistance(wanted, lastPart) + 0.5)
}

/** How many letters must be put in, taken out or exchanged to make one text of the other (Levenshtein). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const exchanged = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
