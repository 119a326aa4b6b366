import { describe, expect, it } from 'vitest'
import { FrameLevels } from './frame-levels.ts'

const constant = (value: number, length: number) => new Float32Array(length).fill(value)

function noise(seed: number, length: number): Float32Array {
  let state = seed
  return Float32Array.from({ length }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31
    return state / 2 ** 30 - 1
  })
}

function isSameSound(first: Float32Array, second: Float32Array): boolean {
  const levels = new FrameLevels({ channels: 2, sampleRateHz: 8000 })
  levels.add([first, second])
  levels.end()
  return levels.areSameSound()
}

describe('FrameLevels', () => {
  it('gives the level of every 10 ms, whatever the chunks', () => {
    const levels = new FrameLevels({ channels: 1, sampleRateHz: 8000 })
    // 80 samples are a frame: one at 1 (0 dB), one at 0.1 (-20 dB), one of silence, half a one at 1.
    levels.add([constant(1, 50)])
    levels.add([constant(1, 30)])
    levels.add([Float32Array.of(...constant(0.1, 80), ...constant(0, 80), ...constant(1, 40))])
    levels.end()
    const [first, second, third, last] = levels.levelsDbfs(0)
    expect([first, third, last]).toEqual([0, -96, 0])
    expect(second).toBeCloseTo(-20, 4)
  })

  it('does not drift where 10 ms are no whole number of samples', () => {
    const levels = new FrameLevels({ channels: 1, sampleRateHz: 11_025 })
    levels.add([constant(0.5, 11_025 * 60)])
    levels.end()
    expect(levels.levelsDbfs(0)).toHaveLength(6000)
  })

  it('takes what is no number for silence', () => {
    const levels = new FrameLevels({ channels: 1, sampleRateHz: 8000 })
    levels.add([Float32Array.of(Number.NaN, ...constant(1, 79), ...constant(1, 80))])
    expect([...levels.levelsDbfs(0)]).toEqual([-96, 0])
  })

  it('knows one sound at two volumes from two sounds', () => {
    const voice = noise(1, 8000)
    const other = noise(2, 8000)
    expect(
      isSameSound(
        voice,
        voice.map((sample) => sample * -0.3),
      ),
    ).toBe(true)
    expect(isSameSound(voice, other)).toBe(false)
    expect(isSameSound(voice, new Float32Array(8000))).toBe(false)
    // Each side leaks into the other with a third of its volume: cross 2 * 1/3, power 1 + 1/9 each,
    // squared correlation (0.667 / 1.111)² = 0.36.
    const leak = (own: Float32Array, from: Float32Array) =>
      own.map((sample, n) => sample + (from[n] ?? 0) / 3)
    expect(isSameSound(leak(voice, other), leak(other, voice))).toBe(false)
  })
})
