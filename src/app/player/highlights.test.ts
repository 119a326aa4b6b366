import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  goOnAt,
  highlightParts,
  highlightText,
  isHighlight,
  partAt,
  reelSeconds,
} from './highlights.ts'
import type { Mark, MarkKind } from './marks.ts'

const mark = (kind: MarkKind, startSeconds: number, endSeconds = startSeconds): Mark => ({
  kind,
  startSeconds,
  endSeconds,
  text: '…',
})

describe('highlightParts', () => {
  it('gives each moment two seconds before and after, inside the recording', () => {
    const parts = highlightParts([mark('evidence', 1), mark('slow-reply', 30, 33)], 34)
    expect(parts).toEqual([
      { startSeconds: 0, endSeconds: 3, kinds: ['evidence'] },
      { startSeconds: 28, endSeconds: 34, kinds: ['slow-reply'] },
    ])
  })

  it('joins moments whose margins meet, and names each kind once', () => {
    // 8 to 12 and 12 to 16 meet; 15 to 19 too
    const marks = [mark('slow-reply', 10), mark('tool-error', 14), mark('slow-reply', 17)]
    const parts = highlightParts(marks, 60)
    expect(parts).toEqual([
      { startSeconds: 8, endSeconds: 19, kinds: ['slow-reply', 'tool-error'] },
    ])
    expect(parts.map(highlightText)).toEqual(['slow reply and failed tool'])
  })

  it('leaves out tools that answered, and what lies after the end of the recording', () => {
    expect(highlightParts([mark('tool-call', 10), mark('comment', 90)], 60)).toEqual([])
  })

  const anyMark = fc
    .tuple(
      fc.constantFrom<MarkKind>(
        'tool-call',
        'tool-error',
        'overlap',
        'slow-reply',
        'evidence',
        'comment',
      ),
      fc.double({ min: 0, max: 400, noNaN: true }),
      fc.double({ min: 0, max: 12, noNaN: true }),
    )
    .map(([kind, start, length]) => mark(kind, start, start + length))
  const anyDuration = fc.double({ min: 0, max: 300, noNaN: true })

  it('makes a reel as long as its parts, which are apart, in order and inside the recording', () => {
    fc.assert(
      fc.property(fc.array(anyMark), anyDuration, (marks, durationSeconds) => {
        const parts = highlightParts(marks, durationSeconds)
        const lengths = parts.map(({ startSeconds, endSeconds }) => endSeconds - startSeconds)
        expect(reelSeconds(parts)).toBeCloseTo(
          lengths.reduce((sum, length) => sum + length, 0),
          3,
        )
        for (const [i, part] of parts.entries()) {
          expect(part.startSeconds).toBeGreaterThanOrEqual(0)
          expect(part.endSeconds).toBeGreaterThan(part.startSeconds)
          expect(part.endSeconds).toBeLessThanOrEqual(durationSeconds)
          const next = parts[i + 1]
          if (next) expect(next.startSeconds).toBeGreaterThan(part.endSeconds)
        }
      }),
    )
  })

  it('covers every moment that matters with its margins, and nothing that no moment asks for', () => {
    fc.assert(
      fc.property(fc.array(anyMark), anyDuration, (marks, durationSeconds) => {
        const parts = highlightParts(marks, durationSeconds)
        const wanted = marks
          .filter(({ kind }) => isHighlight(kind))
          .map(({ startSeconds, endSeconds }) => ({
            from: Math.max(0, startSeconds - 2),
            to: Math.min(durationSeconds, endSeconds + 2),
          }))
          .filter(({ from, to }) => from < to)
        for (const { from, to } of wanted) {
          expect(parts.some((part) => part.startSeconds <= from && to <= part.endSeconds)).toBe(
            true,
          )
        }
        for (const part of parts) {
          expect(wanted.some(({ from }) => from === part.startSeconds)).toBe(true)
          expect(wanted.some(({ to }) => to === part.endSeconds)).toBe(true)
        }
      }),
    )
  })
})

describe('partAt', () => {
  const parts = highlightParts([mark('evidence', 10), mark('comment', 30)], 60)

  it('tells the part that is heard', () => {
    // 8 to 12 and 28 to 32
    expect([7, 8, 11.9, 12, 28, 32].map((seconds) => partAt(parts, seconds))).toEqual([
      -1, 0, 0, -1, 1, -1,
    ])
  })

  it('takes a seek that lands a little early for the part it was meant for', () => {
    expect(partAt(parts, 27.98)).toBe(1)
  })
})

describe('goOnAt', () => {
  it('stays inside a part, goes to the next from between, and ends after the last', () => {
    const parts = highlightParts([mark('evidence', 10), mark('comment', 30)], 60)
    expect(goOnAt(parts, 9)).toEqual({ place: 0, seconds: 9 })
    expect(goOnAt(parts, 12)).toEqual({ place: 1, seconds: 28 })
    expect(goOnAt(parts, 32)).toBeNull()
  })

  it('lets someone who listens to the end hear as much as the button promised', () => {
    const starts = fc.array(fc.nat(300), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(starts, (seconds) => {
        const parts = highlightParts(
          seconds.map((start) => mark('evidence', start)),
          300,
        )
        // Whole seconds have margins of whole seconds: four ticks a second meet every start and end.
        let heard = 0
        let next = goOnAt(parts, 0)
        while (next) {
          heard += 0.25
          next = goOnAt(parts, next.seconds + 0.25)
        }
        expect(heard).toBe(reelSeconds(parts))
      }),
    )
  })
})
