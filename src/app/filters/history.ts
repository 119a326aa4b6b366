/** What was, what is, and what was taken back. */
export type History<State> = {
  past: readonly State[]
  present: State
  future: readonly State[]
  /** The last step, while more of the same may join it. */
  last: { mergeKey: string; atMs: number } | null
}

const LONGEST = 200

/** Steps with one key join while they come faster than this: a word typed is one step. */
const JOIN_MS = 1200

export function startHistory<State>(present: State): History<State> {
  return { past: [], present, future: [], last: null }
}

export type StepOptions = {
  nowMs: number
  /** Steps in a row with the same key become one. */
  mergeKey?: string | undefined
}

/** The same history if nothing changed. */
export function record<State>(
  history: History<State>,
  next: State,
  { nowMs, mergeKey }: StepOptions,
): History<State> {
  if (Object.is(history.present, next)) return history
  const last = mergeKey === undefined ? null : { mergeKey, atMs: nowMs }
  const joins =
    history.last !== null &&
    history.last.mergeKey === mergeKey &&
    nowMs - history.last.atMs <= JOIN_MS
  const past = joins ? history.past : [...history.past, history.present].slice(-LONGEST)
  return { past, present: next, future: [], last }
}

export function undo<State>(history: History<State>): History<State> {
  const before = history.past.at(-1)
  if (before === undefined) return history
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    last: null,
  }
}

export function redo<State>(history: History<State>): History<State> {
  const [next, ...future] = history.future
  if (next === undefined) return history
  return { past: [...history.past, history.present], present: next, future, last: null }
}

/** Goes back, else forth, to the nearest state that fits; null if there is none. */
export function travel<State>(
  history: History<State>,
  fits: (state: State) => boolean,
): History<State> | null {
  return travelBy(history, undo, fits) ?? travelBy(history, redo, fits)
}

function travelBy<State>(
  from: History<State>,
  step: (history: History<State>) => History<State>,
  fits: (state: State) => boolean,
): History<State> | null {
  let history = from
  for (;;) {
    const next = step(history)
    if (next === history) return null
    if (fits(next.present)) return next
    history = next
  }
}
