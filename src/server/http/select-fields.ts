/** Deeper than any answer of ours; a parser by recursion must stop somewhere. */
const MAX_DEPTH = 20

/** The `ql` text is not a selection. The message says where. */
export class InvalidSelection extends Error {
  override readonly name = 'InvalidSelection'
}

/** Which fields of an object to keep; `all` with what is left out, or only those named. */
export type Selection = {
  all: boolean
  left: ReadonlySet<string>
  kept: ReadonlyMap<string, Selection | null>
}

/**
 * Parses `{id,call_id}`, `{*}`, `{-transcript}` and nested forms such as `{id,evaluation{metrics{name}}}`.
 * Throws `InvalidSelection`. Source: Cekura API, sparse fields; the grammar is that of django-restql.
 */
export function parseSelection(text: string): Selection {
  const tokens = text.match(/[A-Za-z_][\w]*|\S/g) ?? []
  const reader = { tokens, position: 0 }
  const selection = readBlock(reader, 1)
  if (reader.position < tokens.length) throw unexpected(reader, 'the end')
  return selection
}

/** The selected part of a value. Lists are selected element by element. Throws `InvalidSelection` for unknown names. */
export function selectFields(value: unknown, selection: Selection): unknown {
  if (Array.isArray(value)) return value.map((element) => selectFields(element, selection))
  if (typeof value !== 'object' || value === null) return value
  const source = value as Record<string, unknown>
  assertKnown(selection, Object.keys(source))
  const names = selection.all
    ? Object.keys(source).filter((name) => !selection.left.has(name))
    : [...selection.kept.keys()]
  return Object.fromEntries(
    names.map((name) => {
      const inner = selection.kept.get(name)
      return [name, inner ? selectFields(source[name], inner) : source[name]]
    }),
  )
}

/** Throws `InvalidSelection` if the top level of a selection names something else than `fields`. */
export function assertKnown(selection: Selection, fields: readonly string[]): void {
  const named = [...selection.left, ...selection.kept.keys()]
  const unknown = named.find((name) => !fields.includes(name))
  if (unknown === undefined) return
  throw new InvalidSelection(`"${unknown}" is not a field here. Fields: ${fields.join(', ')}.`)
}

/** True if the selection leaves a field of the top level out: it need not be loaded at all. */
export function leavesOut(selection: Selection, name: string): boolean {
  return selection.all ? selection.left.has(name) : !selection.kept.has(name)
}

type Reader = { tokens: string[]; position: number }

function readBlock(reader: Reader, depth: number): Selection {
  if (depth > MAX_DEPTH) throw new InvalidSelection(`Expected at most ${MAX_DEPTH} levels.`)
  expect(reader, '{')
  const left = new Set<string>()
  const kept = new Map<string, Selection | null>()
  let all = false
  while (peek(reader) !== '}') {
    if (peek(reader) === '*') {
      reader.position++
      all = true
    } else if (peek(reader) === '-') {
      reader.position++
      all = true
      left.add(readName(reader))
    } else {
      const name = readName(reader)
      kept.set(name, peek(reader) === '{' ? readBlock(reader, depth + 1) : null)
    }
    if (peek(reader) === ',') reader.position++
    else if (peek(reader) !== '}') throw unexpected(reader, '"," or "}"')
  }
  expect(reader, '}')
  return { all, left, kept }
}

function readName(reader: Reader): string {
  const token = peek(reader)
  if (token === undefined || !/^[A-Za-z_]/.test(token)) throw unexpected(reader, 'a field name')
  reader.position++
  return token
}

function expect(reader: Reader, token: string): void {
  if (peek(reader) !== token) throw unexpected(reader, `"${token}"`)
  reader.position++
}

function peek({ tokens, position }: Reader): string | undefined {
  return tokens[position]
}

function unexpected(reader: Reader, wanted: string): InvalidSelection {
  const token = peek(reader)
  const found = token === undefined ? 'the end' : `"${token}"`
  return new InvalidSelection(`Expected ${wanted} at item ${reader.position + 1}, got ${found}.`)
}
