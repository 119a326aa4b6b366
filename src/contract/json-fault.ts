/** Where a text stops being JSON. Line and column count from 1, in UTF-16 units; `offset` from 0. */
export type JsonFault = { offset: number; line: number; column: number; message: string }

const BLANK = /[ \t\n\r]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const LITERAL = /true|false|null/y
const STRING = /"(?:[^"\\\p{Cc}]|[\x7f-\x9f]|\\["\\/bfnrt]|\\u[\da-fA-F]{4})*"/uy

/** What may come next. `end` closes the innermost list or object. */
type State = 'value' | 'first-element' | 'first-key' | 'key' | 'colon' | 'after'

/**
 * The first fault of a JSON text, null if it has none. `JSON.parse` knows whether, but each engine words its message
 * in its own way and some give no place. Never throws, however deep the text nests.
 */
export function findJsonFault(text: string): JsonFault | null {
  if (isJson(text)) return null
  const closers: string[] = []
  let state: State = 'value'
  let at = skip(BLANK, { text, at: 0 })
  while (at < text.length) {
    const step = next({ text, at, state, closers })
    if (step === null) return fault({ text, at, state, closers })
    state = step.state
    at = skip(BLANK, { text, at: step.at })
  }
  return fault({ text, at, state, closers })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

type Cursor = { text: string; at: number }
type Reading = Cursor & { state: State; closers: string[] }
type Step = { state: State; at: number }

/** The state after the token at `at`; null if that may not stand here. */
function next({ text, at, state, closers }: Reading): Step | null {
  const character = text[at] ?? ''
  const isEnd = character === closers.at(-1)
  switch (state) {
    case 'first-element':
      return isEnd ? close({ at, closers }) : value({ text, at, closers })
    case 'value':
      return value({ text, at, closers })
    case 'first-key':
      return isEnd ? close({ at, closers }) : key({ text, at })
    case 'key':
      return key({ text, at })
    case 'colon':
      return character === ':' ? { state: 'value', at: at + 1 } : null
    case 'after':
      if (isEnd) return close({ at, closers })
      if (character !== ',' || closers.length === 0) return null
      return { state: closers.at(-1) === '}' ? 'key' : 'value', at: at + 1 }
    default:
      return state satisfies never
  }
}

function value({ text, at, closers }: Cursor & { closers: string[] }): Step | null {
  if (text[at] === '{' || text[at] === '[') {
    closers.push(text[at] === '{' ? '}' : ']')
    return { state: text[at] === '{' ? 'first-key' : 'first-element', at: at + 1 }
  }
  const end = [STRING, NUMBER, LITERAL]
    .map((token) => skip(token, { text, at }))
    .find((to) => to > at)
  return end === undefined ? null : { state: 'after', at: end }
}

function key({ text, at }: Cursor): Step | null {
  const end = skip(STRING, { text, at })
  return end > at ? { state: 'colon', at: end } : null
}

function close({ at, closers }: { at: number; closers: string[] }): Step {
  closers.pop()
  return { state: 'after', at: at + 1 }
}

/** Where the token that begins at `at` ends; `at` if there is none. */
function skip(token: RegExp, { text, at }: Cursor): number {
  token.lastIndex = at
  return token.test(text) ? token.lastIndex : at
}

function fault({ text, at, state, closers }: Reading): JsonFault {
  const before = text.slice(0, at)
  const got = at < text.length ? `“${String.fromCodePoint(text.codePointAt(at) ?? 0)}”` : 'the end'
  return {
    offset: at,
    line: before.split('\n').length,
    column: at - before.lastIndexOf('\n'),
    message: `expected ${expectation(state, closers.at(-1))}, got ${got.toWellFormed()}`,
  }
}

function expectation(state: State, closer: string | undefined): string {
  switch (state) {
    case 'value':
      return 'a value'
    case 'first-element':
      return 'a value or “]”'
    case 'first-key':
      return 'a key in double quotes or “}”'
    case 'key':
      return 'a key in double quotes'
    case 'colon':
      return '“:”'
    case 'after':
      return closer === undefined ? 'the end of the text' : `“,” or “${closer}”`
    default:
      return state satisfies never
  }
}
