import { describe, expect, it } from 'vitest'
import { outOfRange, stepNumber } from './number-range.ts'

describe('stepNumber', () => {
  it('adds decimal steps exactly', () => {
    // In binary 0.1 + 0.2 is 0.30000000000000004.
    expect(stepNumber({ value: 0.1, by: 0.2 })).toBe(0.3)
    expect(stepNumber({ value: 1, by: -0.05 })).toBe(0.95)
    expect(stepNumber({ value: 2e-7, by: 1e-7 })).toBe(3e-7)
  })

  it('stops at the ends', () => {
    expect(stepNumber({ value: 95, by: 10, max: 100 })).toBe(100)
    expect(stepNumber({ value: 0, by: -1, min: 0 })).toBe(0)
  })

  it('brings a value from outside back to the nearest end', () => {
    expect(stepNumber({ value: 500, by: 1, max: 100 })).toBe(100)
  })

  it('starts an empty field at zero, or at the nearest number allowed', () => {
    expect(stepNumber({ value: null, by: 1 })).toBe(1)
    expect(stepNumber({ value: null, by: 1, min: 10, max: 20 })).toBe(10)
    expect(stepNumber({ value: null, by: -1, max: -5 })).toBe(-5)
  })
})

describe('outOfRange', () => {
  it('names the end that was passed, and nothing within', () => {
    const range = { min: 0, max: 10, format: (value: number) => `${value} kg` }
    expect(outOfRange({ ...range, value: 10 })).toBeNull()
    expect(outOfRange({ ...range, value: 10.5 })).toBe('The most is 10 kg.')
    expect(outOfRange({ ...range, value: -1 })).toBe('The least is 0 kg.')
  })
})
