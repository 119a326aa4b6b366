import type { AttributePath, FilterMetric } from '#contract/facet.ts'
import {
  CALL_FIELDS,
  type FieldChoice,
  type FieldKind,
  type FieldUnit,
  type FilterField,
  findField,
  findFieldTarget,
  RESULT_FIELDS,
  RESULT_METRIC_FIELDS,
} from '#contract/filter.ts'
import type { FilterNames } from '#contract/filter-words.ts'
import type { ComboboxGroup, ComboboxOption } from '../ui/combobox-props.ts'

/** What the project's calls have beyond the fixed fields. Empty while it loads. */
export type KnownFields = {
  attributes: readonly AttributePath[]
  metrics: readonly FilterMetric[]
}

export const NOTHING_KNOWN: KnownFields = { attributes: [], metrics: [] }

export type FieldCatalog = {
  groups: readonly ComboboxGroup[]
  names: FilterNames
  /** The field with what the data says of it; null for a name that is no field. */
  find: (name: string) => CatalogField | null
  known: KnownFields
}

/** `valueKind` is what its values are in this project's data, as narrow as that is known. */
export type CatalogField = FilterField & {
  valueKind: FieldKind
  unitText: string
}

/** `agents` gives names to numbers, in the words of a filter and where one is picked. */
export function createFieldCatalog(
  known: KnownFields,
  agents: ReadonlyMap<number, string> = new Map(),
): FieldCatalog {
  const metrics = new Map(known.metrics.map((metric) => [metric.id, metric]))
  const attributes = new Map(known.attributes.map((attribute) => [attribute.name, attribute]))
  const names: FilterNames = {
    metricName: (id) => metrics.get(id)?.name,
    agentName: (id) => agents.get(id),
  }
  const find = (name: string) => lookUp(name, { metrics, attributes, agents })
  return { known, names, find, groups: toGroups(known, find) }
}

type Known = {
  metrics: ReadonlyMap<number, FilterMetric>
  attributes: ReadonlyMap<string, AttributePath>
  agents: ReadonlyMap<number, string>
}

function lookUp(name: string, { metrics, attributes, agents }: Known): CatalogField | null {
  const field = findField(name)
  const target = findFieldTarget(name)
  if (!field || !target) return null
  const plain = { ...field, valueKind: field.kind, unitText: unitText(field.unit) }
  switch (target.kind) {
    case 'call':
      return target.name === 'agent.id' ? { ...plain, ...pickedByName(agents) } : plain
    case 'attribute':
      return {
        ...plain,
        label: field.name,
        valueKind: attributeKind(attributes.get(field.name)),
      }
    case 'result': {
      const metric = target.metricId === null ? undefined : metrics.get(target.metricId)
      if (target.name === 'metric.id') {
        const byId = new Map([...metrics].map(([id, { name: metricName }]) => [id, metricName]))
        return { ...plain, ...pickedByName(byId) }
      }
      if (!metric) return plain
      const part = field.label.slice(field.label.indexOf(':'))
      const labelled = { ...plain, label: `${metric.name}${part}` }
      return target.name === 'value' || target.name === 'score'
        ? { ...labelled, ...metricValues(metric, target.name) }
        : labelled
    }
    default:
      return target satisfies never
  }
}

/** Numbers that nobody knows by heart: each is chosen by its name. */
function pickedByName(names: ReadonlyMap<number, string>): { choices?: FieldChoice[] } {
  const choices = [...names].map(([id, label]) => ({ value: String(id), label }))
  return choices.length > 0 ? { choices } : {}
}

function attributeKind(attribute: AttributePath | undefined): FieldKind {
  if (!attribute || attribute.hasText === attribute.hasNumber) return 'any'
  return attribute.hasNumber ? 'number' : 'text'
}

function metricValues(metric: FilterMetric, part: 'value' | 'score') {
  const isNumeric = metric.evalType === 'rating' || metric.evalType === 'numeric'
  if (part === 'score' || isNumeric) return { valueKind: 'number' as const, unitText: metric.unit }
  if (metric.evalType === 'binary') return { valueKind: 'boolean' as const }
  const choices: FieldChoice[] = metric.enumValues.map((value) => ({ value, label: value }))
  return choices.length > 0 ? { valueKind: 'choice' as const, choices } : {}
}

const RESULT_PARTS = Object.keys(RESULT_FIELDS)

function toGroups(known: KnownFields, find: FieldCatalog['find']): ComboboxGroup[] {
  const names = [
    ...Object.keys(CALL_FIELDS),
    ...known.metrics.flatMap(({ id }) =>
      RESULT_PARTS.map((part) => `metric_evaluations.${id}.${part}`),
    ),
    ...[...RESULT_PARTS, ...Object.keys(RESULT_METRIC_FIELDS)].map(
      (part) => `metric_evaluations.${part}`,
    ),
    ...known.attributes.map(({ name }) => name),
  ]
  const groups = new Map<string, ComboboxOption[]>()
  for (const name of names) {
    const field = find(name)
    if (!field) continue
    const options = groups.get(field.group) ?? []
    options.push(toOption(field))
    groups.set(field.group, options)
  }
  return [...groups].map(([label, options]) => ({ label, options }))
}

function toOption(field: CatalogField): ComboboxOption {
  return {
    value: field.name,
    label: field.label,
    hint: field.unitText || KIND_TEXT[field.valueKind],
  }
}

/** A path typed by hand that no call has yet, or none of those looked at; null if it is not one. */
export function typedField(query: string, groups: readonly ComboboxGroup[]): ComboboxGroup | null {
  const name = query.trim()
  const target = findFieldTarget(name)
  if (target?.kind !== 'attribute') return null
  const field = findField(name)
  const isKnown = groups.some(({ options }) => options.some(({ value }) => value === field?.name))
  if (!field || isKnown) return null
  return {
    label: field.group,
    options: [{ value: field.name, label: field.name, hint: 'not in the data yet' }],
  }
}

const KIND_TEXT: Record<FieldKind, string> = {
  text: 'text',
  words: 'words',
  number: 'number',
  boolean: 'yes / no',
  time: 'time',
  choice: 'choice',
  any: 'any value',
}

const UNIT_TEXT: Record<FieldUnit, string> = {
  seconds: 'duration',
  share: '%',
  'words-per-minute': 'words/min',
  count: 'number',
  confidence: '0–100',
  id: 'number',
}

function unitText(unit: FieldUnit | undefined): string {
  return unit ? UNIT_TEXT[unit] : ''
}
