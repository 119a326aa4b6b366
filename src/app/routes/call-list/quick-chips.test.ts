import { describe, expect, it } from 'vitest'
import { fittingCount } from './quick-chips.ts'

describe('fittingCount', () => {
  it('takes all where there is room, and leaves room for the button of the rest', () => {
    const labels = ['Failed', 'Slow'] // 6 * 6.9 + 26 = 67.4 and 4 * 6.9 + 26 = 53.6, together 121
    expect(fittingCount(labels, { width: 121, moreWidth: 60 })).toBe(2)
    expect(fittingCount(labels, { width: 120, moreWidth: 52 })).toBe(1)
    expect(fittingCount(labels, { width: 120, moreWidth: 60 })).toBe(0)
  })
})
