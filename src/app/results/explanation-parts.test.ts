import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { explanationParts, explanationPieces } from './explanation-parts.ts'

const momentsOf = (text: string, durationSeconds: number | null = null) =>
  explanationParts(text, durationSeconds).flatMap((part) =>
    part.kind === 'moment' ? [part.seconds] : [],
  )

describe('explanationParts', () => {
  it('finds moments in minutes, in hours, and past the hour in minutes', () => {
    // 1·60 + 5; 1·3600 + 2·60 + 3; 75·60 + 30
    expect(momentsOf('Late (01:05), again (1:02:03) and (75:30).')).toEqual([65, 3723, 4530])
  })

  it('finds every moment of a list and both ends of a span', () => {
    expect(momentsOf('Twice (00:12, 00:45) and for long (1:00 - 1:10).')).toEqual([12, 45, 60, 70])
  })

  it('leaves times of day, ratios and nonsense alone', () => {
    expect(momentsOf('Booked for 10:30, odds (3:1), (12:75), (at 00:12 or so).')).toEqual([])
  })

  it('does not lead past the end of the recording', () => {
    expect(momentsOf('First (00:12), then (09:00).', 60)).toEqual([12])
  })

  it('loses no character', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('(00:12)', '(1:02:03, 0:05)', '(', ')', '12:30'),
    )
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('')
        const parts = explanationParts(text, 40)
        expect(parts.map((part) => part.text).join('')).toBe(text)
        expect(new Set(parts.map(({ at }) => at)).size).toBe(parts.length)
      }),
    )
  })
})

describe('explanationPieces', () => {
  it('gives each moment its bracket and what follows it', () => {
    const pieces = explanationPieces('Late (00:12, 00:45), and (00:50).', null)
    expect(
      pieces.map((piece) =>
        'before' in piece ? [piece.before, piece.text, piece.after] : piece.text,
      ),
    ).toEqual([
      'Late ',
      ['(', '00:12', ','],
      ' ',
      ['', '00:45', '),'],
      ' and ',
      ['(', '00:50', ').'],
      '',
    ])
  })

  it('leaves the ends of an explanation alone', () => {
    expect(explanationPieces(') no moment (', null).map(({ text }) => text)).toEqual([
      ') no moment (',
    ])
  })
})
