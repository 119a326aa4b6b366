import { type FilterOp, type FilterScalar, isGroup, opsOf } from '#contract/filter.ts'
import { parseFilter } from '#contract/filter-parse.ts'
import type { EditRule, RuleValue } from './edit-tree.ts'
import type { CatalogField } from './field-catalog.ts'

/** An operator as the list of operators has it: `isnull` twice, so that it needs no value. */
export type OpChoice = Exclude<FilterOp, 'isnull'> | 'isempty' | 'isfilled'

export function opChoicesOf(field: CatalogField): OpChoice[] {
  return opsOf(field).flatMap((op): OpChoice[] =>
    op === 'isnull' ? ['isempty', 'isfilled'] : [op],
  )
}

export function opChoiceOf({ op, value }: Pick<EditRule, 'op' | 'value'>): OpChoice {
  if (op !== 'isnull') return op
  return value === false ? 'isfilled' : 'isempty'
}

/** The rule with another operator and, as far as it still fits, the value it had. */
export function withOp(rule: EditRule, choice: OpChoice, field: CatalogField): EditRule {
  if (choice === 'isempty' || choice === 'isfilled') {
    return { ...rule, op: 'isnull', value: choice === 'isempty' }
  }
  const value = rule.op === 'isnull' ? undefined : rule.value
  return { ...rule, op: choice, value: fitValue(value, { op: choice, field }) }
}

/** The rule about another field, with the operator and the value it had where they fit. */
export function withField(rule: EditRule, field: CatalogField): EditRule {
  const isFirst = rule.field === ''
  const op = !isFirst && opsOf(field).includes(rule.op) ? rule.op : usualOp(field)
  const value = op === rule.op || op !== 'isnull' ? rule.value : undefined
  return { ...rule, field: field.name, op, value: fitValue(value, { op, field }) }
}

const USUAL_OP: Record<CatalogField['valueKind'], FilterOp> = {
  text: 'eq',
  words: 'contains',
  number: 'gte',
  boolean: 'eq',
  time: 'gte',
  choice: 'in',
  any: 'eq',
}

function usualOp(field: CatalogField): FilterOp {
  return field.unit === 'id' ? 'eq' : USUAL_OP[field.valueKind]
}

/** A value that the field takes under the operator; undefined if a person has to give one. */
function fitValue(
  value: RuleValue | undefined,
  { op, field }: { op: FilterOp; field: CatalogField },
): RuleValue | undefined {
  if (op === 'isnull') return typeof value === 'boolean' ? value : true
  const shaped = op === 'in' ? toList(value) : toScalar(value)
  if (shaped === undefined) return field.valueKind === 'boolean' && op !== 'in' ? true : undefined
  const fitted = read(field.name, op, shaped)
  if (fitted === undefined || !isOnOffer(fitted, field)) {
    return field.valueKind === 'boolean' && op !== 'in' ? true : undefined
  }
  return fitted
}

function read(field: string, op: FilterOp, value: RuleValue): RuleValue | undefined {
  const parsed = parseFilter({ field, op, value })
  const [rule] = parsed.ok ? parsed.filter.conditions : []
  return rule && !isGroup(rule) ? rule.value : undefined
}

/** What the narrower kind of the data rules out, the language would let through. */
function isOnOffer(value: RuleValue, field: CatalogField): boolean {
  const values: readonly FilterScalar[] = isList(value) ? value : [value]
  if (field.valueKind === 'boolean') return values.every((one) => typeof one === 'boolean')
  if (field.valueKind === 'number') return values.every((one) => typeof one === 'number')
  return true
}

function toList(value: RuleValue | undefined): readonly FilterScalar[] | undefined {
  if (value === undefined || value === null || value === '') return undefined
  return isList(value) ? value : [value]
}

function toScalar(value: RuleValue | undefined): FilterScalar | undefined {
  return isList(value) ? value[0] : value
}

export function isList(value: RuleValue | undefined): value is readonly FilterScalar[] {
  return Array.isArray(value)
}
