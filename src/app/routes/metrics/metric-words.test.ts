import { describe, expect, it } from 'vitest'
import { directionLabel, typeText } from './metric-words.ts'

describe('typeText', () => {
  it('names the unit, the range or the number of labels', () => {
    const scale = { unit: '', range: null, enumValues: [] }
    expect(typeText({ ...scale, evalType: 'numeric', unit: 'ms' })).toBe('Number in ms')
    expect(typeText({ ...scale, evalType: 'rating', range: { min: 0, max: 100 } })).toBe(
      'Rating, 0 to 100',
    )
    expect(typeText({ ...scale, evalType: 'enum', enumValues: ['a', 'b'] })).toBe(
      'Label, 2 of them',
    )
  })
})

describe('directionLabel', () => {
  it('speaks of yes and no where there is no higher and lower', () => {
    expect(directionLabel('higher', 'binary')).toBe('Yes is good')
    expect(directionLabel('lower', 'numeric')).toBe('Lower is better')
    expect(directionLabel('higher', 'enum')).toBe('Neutral')
  })
})
