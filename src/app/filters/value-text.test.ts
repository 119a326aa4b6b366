import { describe, expect, it } from 'vitest'
import { type CatalogField, createFieldCatalog, NOTHING_KNOWN } from './field-catalog.ts'
import { suggestionsFor, toListValue, toSuggestions } from './value-text.ts'

const catalog = createFieldCatalog(
  NOTHING_KNOWN,
  new Map([
    [5, 'Reception'],
    [6, 'Night desk'],
  ]),
)

function field(name: string): CatalogField {
  const found = catalog.find(name)
  if (!found) throw new Error(`${name} is no field`)
  return found
}

describe('toListValue', () => {
  it('takes a value by its label, in the type of its field', () => {
    expect(toListValue(['reception', '6', '7'], field('agent.id'))).toEqual([5, 6, 7])
    expect(toListValue(['Yes', 'false'], field('is_reviewed'))).toEqual([true, false])
    expect(toListValue(['Not evaluated'], field('outcome'))).toEqual(['not-evaluated'])
  })

  it('leaves out what does not fit', () => {
    expect(toListValue(['nobody'], field('agent.id'))).toBeUndefined()
    expect(toListValue(['maybe'], field('is_reviewed'))).toBeUndefined()
  })
})

describe('toSuggestions', () => {
  it('shows labels with counts, and values that no call has without', () => {
    const values = [{ value: 6, count: 3 }]
    expect(toSuggestions(values, field('agent.id'))).toEqual([
      { value: '6', count: 3, label: 'Night desk' },
      { value: '5', label: 'Reception' },
    ])
    expect(toSuggestions([{ value: false, count: 9 }], field('is_reviewed'))).toEqual([
      { value: 'false', count: 9, label: 'no' },
      { value: 'true', label: 'yes' },
    ])
  })

  it('is found by the label, not by what the rule holds', () => {
    const all = toSuggestions(undefined, field('agent.id'))
    expect(suggestionsFor(all, ' night ')?.map(({ value }) => value)).toEqual(['6'])
    expect(suggestionsFor(all, '5')).toEqual([])
  })
})
