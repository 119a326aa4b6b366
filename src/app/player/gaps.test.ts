import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Segment } from '#contract/transcript.ts'
import { barPath, type Gap, gapNear, gapsOf, gapText, ribbonTopSeconds } from './gaps.ts'

const says = (speaker: 'agent' | 'caller', startSeconds: number, endSeconds: number): Segment => ({
  kind: 'speech',
  speaker,
  text: '…',
  startSeconds,
  endSeconds,
  timing: 'given',
})

const reply = (startSeconds: number, seconds: number): Gap => ({
  kind: 'reply',
  startSeconds,
  endSeconds: startSeconds + seconds,
  seconds,
  isSlow: false,
})

describe('gapsOf', () => {
  it('finds waits and overlaps in order, and calls slow what is longer than the budget', () => {
    const segments = [
      says('caller', 0, 2),
      says('agent', 3.5, 6),
      says('caller', 5.5, 8),
      says('agent', 10.43, 11),
    ]
    // 3.5 - 2 = 1.5 s is within; 6 - 5.5 = 0.5 s of both; 10.43 - 8 = 2.43 s is beyond
    expect(gapsOf(segments, 1.5)).toEqual([
      { kind: 'reply', startSeconds: 2, endSeconds: 3.5, seconds: 1.5, isSlow: false },
      { kind: 'overlap', startSeconds: 5.5, endSeconds: 6, seconds: 0.5, isSlow: false },
      { kind: 'reply', startSeconds: 8, endSeconds: 10.43, seconds: 2.43, isSlow: true },
    ])
  })
})

describe('gapText', () => {
  it('names the wait and the budget in milliseconds', () => {
    expect(gapText(reply(8, 2.43), 1.5)).toBe('The agent replies after 2,430 ms (budget 1,500 ms)')
    expect(gapText({ ...reply(8, 0.6), kind: 'overlap' }, 1.5)).toBe('Both speak for 600 ms')
  })
})

describe('ribbonTopSeconds', () => {
  it('puts the budget in the middle of a quick call', () => {
    expect(ribbonTopSeconds([reply(0, 0.4)], 1.5)).toBe(3)
    expect(ribbonTopSeconds([], 1.5)).toBe(3)
  })

  it('makes room for the longest gap, up to five budgets', () => {
    expect(ribbonTopSeconds([reply(0, 4), reply(9, 1)], 1.5)).toBe(4)
    expect(ribbonTopSeconds([reply(0, 60)], 1.5)).toBe(7.5)
  })
})

describe('barPath', () => {
  const box = { durationSeconds: 100, topSeconds: 3, widthPixels: 500, heightPixels: 18 }

  it('draws a bar as wide as the gap lasts and as high as it is long', () => {
    // 5 px a second: from 50 px, 7.5 px wide; 1.5 of 3 s is half of 18 px
    expect(barPath([reply(10, 1.5)], box)).toBe('M50 18v-9h7.5v9z')
  })

  it('keeps every bar visible and inside the ribbon', () => {
    // 60 s are beyond the top; a wait of no length at the end still has 2 px
    expect(barPath([reply(10, 60)], box)).toBe('M50 18v-18h300v18z')
    expect(barPath([reply(100, 0)], box)).toBe('M498 18v-2h2v2z')
  })
})

describe('gapNear', () => {
  it('takes the gap under the pointer before a neighbour within reach', () => {
    const gaps = [reply(10, 2), reply(13, 2)]
    expect(gapNear(gaps, { seconds: 11, reachSeconds: 3 })).toBe(0)
    expect(gapNear(gaps, { seconds: 12.8, reachSeconds: 3 })).toBe(1)
    expect(gapNear(gaps, { seconds: 20, reachSeconds: 3 })).toBe(-1)
  })

  it('finds none that is farther away than the reach, and none nearer than what it finds', () => {
    const gap = fc.tuple(fc.nat(100), fc.nat(5)).map(([start, length]) => reply(start, length))
    fc.assert(
      fc.property(fc.array(gap), fc.nat(100), fc.nat(10), (gaps, seconds, reachSeconds) => {
        const away = ({ startSeconds, endSeconds }: Gap) =>
          Math.max(startSeconds - seconds, seconds - endSeconds, 0)
        const found = gaps[gapNear(gaps, { seconds, reachSeconds })]
        const least = Math.min(...gaps.map(away))
        if (found) expect(away(found)).toBe(least)
        else expect(least).toBeGreaterThan(reachSeconds)
      }),
    )
  })
})
