import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  CALL_FIELDS,
  FIELD_ALIASES,
  type FieldKind,
  type FilterField,
  findField,
  opsOf,
  RESULT_FIELDS,
  RESULT_METRIC_FIELDS,
} from './filter.ts'

const DOCS = readFileSync(new URL('../../docs/filters.md', import.meta.url), 'utf8')

/** The rows of the tables under a heading, without those that head a table. */
function rowsUnder(heading: string): string[] {
  const [, section = ''] = DOCS.split(`\n## ${heading}\n`)
  const [text = ''] = section.split('\n## ')
  return text.split('\n').filter((line) => /^\| (?!kind|field|---)/.test(line))
}

const KINDS: readonly FieldKind[] = ['text', 'words', 'number', 'boolean', 'time', 'choice', 'any']

const kindRow = (kind: FieldKind) => `| ${kind} | ${opsOf({ kind }).map(code).join(' ')} |`

function fieldRow(name: string): string {
  const field = findField(name)
  if (field === null) throw new Error(`No such field: ${name}`)
  const { label, help } = field
  return `| ${code(name)} | ${valuesOf(field)} | ${[label, help].filter(Boolean).join('. ')} |`
}

function valuesOf({ kind, unit, choices }: FilterField): string {
  if (choices !== undefined) return choices.map(({ value }) => code(value)).join(' ')
  return unit === undefined ? kind : `${kind}, ${unit.replaceAll('-', ' ')}`
}

const code = (text: string) => `\`${text}\``

describe('docs/filters.md', () => {
  it('lists every field with its values, in the order of the builder', () => {
    const results = Object.keys({ ...RESULT_FIELDS, ...RESULT_METRIC_FIELDS })
    const names = [
      ...Object.keys(CALL_FIELDS),
      ...results.map((name) => `metric_evaluations.${name}`),
    ]
    expect(rowsUnder('Fields')).toEqual([...KINDS.map(kindRow), ...names.map(fieldRow)])
  })

  it('names every other spelling of a field', () => {
    const named = Object.entries(FIELD_ALIASES).map(
      ([alias, name]) => `\`${alias}\` for \`${name}\``,
    )
    expect(named.filter((text) => !DOCS.replaceAll('\n', ' ').includes(text))).toEqual([])
  })
})
