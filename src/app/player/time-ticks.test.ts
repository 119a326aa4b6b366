import { describe, expect, it } from 'vitest'
import { timeTicks } from './time-ticks.ts'

describe('timeTicks', () => {
  it('labels whole steps that leave room for each other and the end', () => {
    // 482 s on 1000 px: 64 px are 30.8 s, so every minute; 480 is too near to the end at 482
    const ticks = timeTicks({ durationSeconds: 482, widthPixels: 1000, spacingPixels: 64 })
    expect(ticks).toEqual([0, 60, 120, 180, 240, 300, 360, 420])
  })

  it('gets finer with the recording', () => {
    // 12 s on 1000 px: 64 px are 0.77 s, so every second up to 12 - 0.38
    const ticks = timeTicks({ durationSeconds: 12, widthPixels: 1000, spacingPixels: 64 })
    expect(ticks).toHaveLength(12)
  })

  it('labels nothing without a length or a width', () => {
    expect(timeTicks({ durationSeconds: 0, widthPixels: 1000, spacingPixels: 64 })).toEqual([])
    expect(timeTicks({ durationSeconds: 9, widthPixels: 0, spacingPixels: 64 })).toEqual([])
  })
})
