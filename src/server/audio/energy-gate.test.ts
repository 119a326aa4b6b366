import { describe, expect, it } from 'vitest'
import { gateByEnergy } from './energy-gate.ts'

/** One number per 30 ms, which is one window here. */
const gate = (...dbfs: number[]) => [
  ...gateByEnergy(Float32Array.from(dbfs.flatMap((level) => [level, level, level])), 0.03),
]

describe('gateByEnergy', () => {
  it('passes what is 12 dB above the quiet of its channel', () => {
    expect(gate(-50, -50, -50, -20, -39, -37, -20, -50)).toEqual([0, 0, 0, 1, 0, 1, 1, 0])
  })

  it('passes nothing that is too quiet for speech', () => {
    expect(gate(-90, -90, -60, -60, -90)).toEqual([0, 0, 0, 0, 0])
    expect(gate()).toEqual([])
  })

  it('passes speech without any pause', () => {
    expect(gate(-20, -22, -21, -20)).toEqual([1, 1, 1, 1])
  })

  it('wants a window loud for half of its time', () => {
    // Windows of 20 ms: two frames each.
    const levels = Float32Array.from([-70, -70, -70, -20, -70, -70, -70, -70])
    expect([...gateByEnergy(levels, 0.02)]).toEqual([0, 1, 0, 0])
  })
})
