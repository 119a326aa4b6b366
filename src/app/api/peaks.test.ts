import { describe, expect, it } from 'vitest'
import { toPeakRows } from './peaks.ts'

describe('toPeakRows', () => {
  it('splits the bytes into one row per channel and scales them to 0..1', () => {
    const [left, right] = toPeakRows(new Uint8Array([0, 51, 255, 102, 0, 0]), 2)
    // 51 / 255 = 0.2 and 102 / 255 = 0.4, both rounded to 32 bits
    expect(left).toEqual(new Float32Array([0, 0.2, 1]))
    expect(right).toEqual(new Float32Array([0.4, 0, 0]))
  })

  it('refuses bytes that do not fit the channels', () => {
    expect(() => toPeakRows(new Uint8Array(5), 2)).toThrow('5 bytes')
  })
})
