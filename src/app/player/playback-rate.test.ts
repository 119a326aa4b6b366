import { describe, expect, it } from 'vitest'
import { parseRate, stepRate } from './playback-rate.ts'

describe('stepRate', () => {
  it('goes up and down the fixed speeds and stops at both ends', () => {
    expect(stepRate(1, 1)).toBe(1.25)
    expect(stepRate(1, -1)).toBe(0.75)
    expect(stepRate(3, 1)).toBe(3)
    expect(stepRate(0.5, -1)).toBe(0.5)
  })
})

describe('parseRate', () => {
  it('takes a remembered speed and nothing else', () => {
    expect(parseRate('2.5')).toBe(2.5)
    for (const text of [null, '', '0', '17', 'fast']) expect(parseRate(text)).toBe(1)
  })
})
