import { describe, expect, it } from 'vitest'
import { type EditRule, emptyRule, ruleState } from './edit-tree.ts'
import { type CatalogField, createFieldCatalog, typedField } from './field-catalog.ts'
import { opChoiceOf, opChoicesOf, withField, withOp } from './fit-rule.ts'

const catalog = createFieldCatalog({
  attributes: [
    { name: 'metadata.plan', hasText: true, hasNumber: false },
    { name: 'metadata.age', hasText: false, hasNumber: true },
  ],
  metrics: [
    { id: 35, name: 'Accuracy', evalType: 'binary', unit: '', enumValues: [] },
    { id: 36, name: 'Latency', evalType: 'numeric', unit: 'ms', enumValues: [] },
    { id: 37, name: 'Mood', evalType: 'enum', unit: '', enumValues: ['calm', 'angry'] },
  ],
})

function field(name: string): CatalogField {
  const found = catalog.find(name)
  if (!found) throw new Error(`${name} is no field`)
  return found
}

function rule(parts: Partial<EditRule>): EditRule {
  return { ...emptyRule(), ...parts }
}

describe('another field', () => {
  it('keeps operator and value where they fit', () => {
    const topic = rule({ field: 'topic', op: 'contains', value: 'refund' })
    expect(withField(topic, field('call_ended_reason'))).toMatchObject({
      field: 'call_ended_reason',
      op: 'contains',
      value: 'refund',
    })
  })

  it('drops a value that the field cannot have, and takes its usual operator', () => {
    const topic = rule({ field: 'topic', op: 'contains', value: 'refund' })
    const changed = withField(topic, field('duration'))
    expect(changed).toMatchObject({ op: 'gte', value: undefined })
    expect(ruleState(changed)).toEqual({ kind: 'unfinished' })
  })

  it('begins a yes-or-no field with yes, so that nothing is left to do', () => {
    expect(withField(rule({}), field('is_reviewed'))).toMatchObject({ op: 'eq', value: true })
    expect(withField(rule({}), field('metric_evaluations.35.value'))).toMatchObject({ value: true })
  })

  it('keeps a choice only among the choices of the field', () => {
    const status = rule({ field: 'outcome', op: 'eq', value: 'success' })
    expect(withField(status, field('transcript_state')).value).toBeUndefined()
    expect(withField(status, field('status')).value).toBe('success')
  })
})

describe('another operator', () => {
  it('makes a list of one value and one value of a list', () => {
    const plan = rule({ field: 'metadata.plan', op: 'eq', value: 'gold' })
    const list = withOp(plan, 'in', field('metadata.plan'))
    expect(list).toMatchObject({ op: 'in', value: ['gold'] })
    expect(withOp(list, 'eq', field('metadata.plan'))).toMatchObject({ op: 'eq', value: 'gold' })
  })

  it('asks for emptiness without a value, both ways', () => {
    const plan = rule({ field: 'metadata.plan', op: 'eq', value: 'gold' })
    const empty = withOp(plan, 'isempty', field('metadata.plan'))
    expect(empty).toMatchObject({ op: 'isnull', value: true })
    expect(opChoiceOf(withOp(empty, 'isfilled', field('metadata.plan')))).toBe('isfilled')
    expect(ruleState(withOp(empty, 'eq', field('metadata.plan'))).kind).toBe('unfinished')
  })

  it('offers emptiness as two operators', () => {
    expect(opChoicesOf(field('transcript'))).toEqual(['contains', 'isempty', 'isfilled'])
  })
})

describe('the catalog', () => {
  it('narrows a kind by what the data holds', () => {
    expect(field('metadata.plan').valueKind).toBe('text')
    expect(field('metadata.age').valueKind).toBe('number')
    expect(field('metadata.unheard').valueKind).toBe('any')
    expect(field('metric_evaluations.36.value')).toMatchObject({
      label: 'Latency: value',
      valueKind: 'number',
      unitText: 'ms',
    })
    expect(field('metric_evaluations.37.value').choices?.map(({ value }) => value)).toEqual([
      'calm',
      'angry',
    ])
  })

  it('offers agents and metrics by name where a rule has their numbers', () => {
    const named = createFieldCatalog(catalog.known, new Map([[5, 'Reception']]))
    expect(named.find('agent_id')?.choices).toEqual([{ value: '5', label: 'Reception' }])
    expect(field('metric_evaluations.metric.id').choices?.at(0)).toEqual({
      value: '35',
      label: 'Accuracy',
    })
    expect(field('agent.id').choices).toBeUndefined()
  })

  it('offers a path that is typed by hand, unless the data has it', () => {
    expect(typedField('metadata.order.plan', catalog.groups)?.options[0]?.value).toBe(
      'metadata.order.plan',
    )
    expect(typedField('metadata.plan', catalog.groups)).toBeNull()
    expect(typedField('topic', catalog.groups)).toBeNull()
    expect(typedField('nonsense', catalog.groups)).toBeNull()
  })
})
