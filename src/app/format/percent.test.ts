import { describe, expect, it } from 'vitest'
import { formatPercent } from './percent.ts'

describe('formatPercent', () => {
  it('rounds to whole per cents', () => {
    expect(formatPercent(0.8397)).toBe('84 %')
    expect(formatPercent(0)).toBe('0 %')
    expect(formatPercent(1)).toBe('100 %')
  })

  it('does not claim none or all where that is not so', () => {
    expect(formatPercent(0.001)).toBe('<1 %')
    expect(formatPercent(0.999)).toBe('>99 %')
  })
})
