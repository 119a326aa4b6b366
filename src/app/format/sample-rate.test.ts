import { describe, expect, it } from 'vitest'
import { formatSampleRate } from './sample-rate.ts'

describe('formatSampleRate', () => {
  it('keeps the decimals that tell rates apart', () => {
    expect(formatSampleRate(8000)).toBe('8 kHz')
    expect(formatSampleRate(44_100)).toBe('44.1 kHz')
    expect(formatSampleRate(11_025)).toBe('11.03 kHz')
  })
})
