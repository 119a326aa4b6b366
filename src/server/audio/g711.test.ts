import { describe, expect, it } from 'vitest'
import { ALAW_SAMPLES, MULAW_SAMPLES } from './g711.ts'

describe('MULAW_SAMPLES', () => {
  it('holds the values of the standard at both ends and in the middle', () => {
    // Table 2a: code 0x80 is +8031 of 8192, its mirror 0x00 is -8031; 0xFF and 0x7F are zero.
    expect(MULAW_SAMPLES[0x80]).toBe(8031 / 8192)
    expect(MULAW_SAMPLES[0x00]).toBe(-8031 / 8192)
    expect(MULAW_SAMPLES[0xff]).toBeCloseTo(0)
    expect(MULAW_SAMPLES[0x7f]).toBeCloseTo(0)
    // Code 0xEF is the first step of the second segment, +33.
    expect(MULAW_SAMPLES[0xef]).toBe(33 / 8192)
  })
})

describe('ALAW_SAMPLES', () => {
  it('holds the values of the standard at both ends and in the middle', () => {
    // Table 1a with even bits inverted: 0xAA is +4032 of 4096, 0x2A -4032; 0xD5 is the smallest, +1.
    expect(ALAW_SAMPLES[0xaa]).toBe(4032 / 4096)
    expect(ALAW_SAMPLES[0x2a]).toBe(-4032 / 4096)
    expect(ALAW_SAMPLES[0xd5]).toBe(1 / 4096)
    expect(ALAW_SAMPLES[0x55]).toBe(-1 / 4096)
    // Segment 1 (0x90 before the inversion, 0xC5 after) begins at +33.
    expect(ALAW_SAMPLES[0xc5]).toBe(33 / 4096)
  })
})
