import type { Completion, CompletionContext, CompletionSource } from '@codemirror/autocomplete'
import { syntaxTree } from '@codemirror/language'
import { FILTER_OPS, GROUP_OPERATORS, opsOf } from '#contract/filter.ts'
import { formatCount } from '../format/count.ts'
import type { FieldCatalog } from './field-catalog.ts'

export type CompletionData = {
  catalog: FieldCatalog
  /** The values that calls have, most frequent first; empty where they cannot be had. */
  loadValues: (field: string) => Promise<readonly { text: string; count: number }[]>
}

type SyntaxNode = ReturnType<ReturnType<typeof syntaxTree>['resolveInner']>

/** Keys, fields, operators and values, each where it belongs. `data` is asked anew each time. */
export function filterCompletions(data: () => CompletionData): CompletionSource {
  return async (context) => {
    const node = syntaxTree(context.state).resolveInner(context.pos, -1)
    const place = placeIn(node, context)
    if (!place) return null
    const options = await optionsFor(place, data())
    return options.length === 0 ? null : { from: place.from, to: place.to, options }
  }
}

type Place = {
  from: number
  to: number
  kind: 'key' | 'field' | 'op' | 'operator' | 'value'
  /** Of the rule that the place is in. */
  field: string
  keys: readonly string[]
}

const KINDS: Record<string, Place['kind']> = {
  field: 'field',
  op: 'op',
  operator: 'operator',
  value: 'value',
}

function placeIn(node: SyntaxNode, context: CompletionContext): Place | null {
  const object = ancestor(node, 'Object')
  if (!object) return null
  const isText = node.name === 'String' || node.name === 'PropertyName'
  if (!isText && !context.explicit) return null
  const range = isText
    ? { from: node.from, to: Math.max(context.pos, node.to) }
    : { from: context.pos, to: context.pos }
  const inObject = {
    ...range,
    field: textOf(object, 'field', context),
    keys: keysOf(object, context),
  }
  const property = ancestor(node, 'Property')
  const isInProperty = property !== null && property.from > object.from
  if (node.name === 'PropertyName' || !isInProperty) return { ...inObject, kind: 'key' }
  const name = property.getChild('PropertyName')
  const kind = KINDS[name ? unquoted(name, context) : '']
  return kind ? { ...inObject, kind } : null
}

async function optionsFor(place: Place, { catalog, loadValues }: CompletionData) {
  switch (place.kind) {
    case 'key':
      return keyOptions(place.keys)
    case 'operator':
      return GROUP_OPERATORS.map((operator) => textOption(operator))
    case 'op': {
      const field = catalog.find(place.field)
      return (field ? opsOf(field) : FILTER_OPS).map((op) => textOption(op))
    }
    case 'field':
      return catalog.groups.flatMap(({ label, options }) =>
        options.map((option) => ({
          ...textOption(option.value),
          detail: option.label,
          section: label,
        })),
      )
    case 'value':
      return valueOptions(place.field, { catalog, loadValues })
    default:
      return place.kind satisfies never
  }
}

const RULE_KEYS = ['field', 'op', 'value', 'disabled']
const GROUP_KEYS = ['operator', 'conditions', 'disabled']

function keyOptions(present: readonly string[]): Completion[] {
  const isRule = RULE_KEYS.slice(0, 3).some((key) => present.includes(key))
  const isGroup = GROUP_KEYS.slice(0, 2).some((key) => present.includes(key))
  const all = isRule
    ? RULE_KEYS
    : isGroup
      ? GROUP_KEYS
      : [...new Set([...RULE_KEYS, ...GROUP_KEYS])]
  return all
    .filter((key) => !present.includes(key))
    .map((key) => ({
      label: JSON.stringify(key),
      apply: `${JSON.stringify(key)}: `,
      type: 'property',
    }))
}

async function valueOptions(
  name: string,
  { catalog, loadValues }: CompletionData,
): Promise<Completion[]> {
  const field = catalog.find(name)
  if (!field) return []
  if (field.valueKind === 'boolean') return ['true', 'false'].map((label) => ({ label }))
  if (field.choices) {
    const isNumber = field.valueKind === 'number'
    return field.choices.map(({ value, label }) => ({
      ...(isNumber ? { label: value } : textOption(value)),
      detail: label,
    }))
  }
  const values = await loadValues(name)
  return values.map(({ text, count }) => ({ label: text, detail: formatCount(count) }))
}

function textOption(text: string): Completion {
  return { label: JSON.stringify(text) }
}

function ancestor(node: SyntaxNode, name: string): SyntaxNode | null {
  for (let at: SyntaxNode | null = node; at; at = at.parent) if (at.name === name) return at
  return null
}

function keysOf(object: SyntaxNode, context: CompletionContext): string[] {
  return object
    .getChildren('Property')
    .map((property) => property.getChild('PropertyName'))
    .flatMap((name) => (name ? [unquoted(name, context)] : []))
}

function textOf(object: SyntaxNode, key: string, context: CompletionContext): string {
  const property = object.getChildren('Property').find((one) => {
    const name = one.getChild('PropertyName')
    return name !== null && unquoted(name, context) === key
  })
  const value = property?.getChild('String')
  return value ? unquoted(value, context) : ''
}

function unquoted(
  { from, to }: { from: number; to: number },
  { state }: CompletionContext,
): string {
  return state.sliceDoc(from, to).replace(/^"|"$/g, '')
}
