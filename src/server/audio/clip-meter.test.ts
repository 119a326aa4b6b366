import { describe, expect, it } from 'vitest'
import { ClipMeter } from './clip-meter.ts'

function share(codec: string, ...chunks: number[][]): number {
  const meter = new ClipMeter(codec)
  for (const chunk of chunks) meter.add(Float32Array.from(chunk))
  return meter.clippedShare()
}

describe('ClipMeter', () => {
  it('counts three or more samples at full scale in a row, and neither one nor two', () => {
    // the run of 4 of 10 samples
    expect(share('pcm', [1, 1, 0, -1, -1, 1, -1, 0, 1, 0])).toBeCloseTo(0.4)
    expect(share('pcm', [0.99, 0.99, 0.99, 0.99])).toBe(0)
  })

  it('follows a run from one chunk into the next', () => {
    // 3 of 4
    expect(share('pcm', [0, 1], [1], [1])).toBeCloseTo(0.75)
  })

  it('knows the largest sample of telephone codecs', () => {
    // 8031 of 8192 and 4032 of 4096
    expect(share('mulaw', [0.9803, 0.9803, 0.9803])).toBe(1)
    expect(share('alaw', [0.984_37, 0.984_37, 0.984_37])).toBe(1)
    expect(share('pcm', [0.9803, 0.9803, 0.9803])).toBe(0)
  })

  it('is 0 of no sample', () => {
    expect(share('pcm')).toBe(0)
  })
})
