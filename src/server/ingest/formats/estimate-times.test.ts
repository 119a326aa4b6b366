import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type DraftSegment, estimateTimes, speakingSeconds } from './estimate-times.ts'

function says(
  text: string,
  startSeconds: number | null,
  endSeconds: number | null = null,
): DraftSegment {
  return { kind: 'speech', speaker: 'agent', text, startSeconds, endSeconds }
}

function toolAt(startSeconds: number | null): DraftSegment {
  const call = { kind: 'tool-call', toolCallId: 't', name: 'n', argumentsText: '' } as const
  return { ...call, startSeconds, endSeconds: startSeconds }
}

function spans(drafts: DraftSegment[], callDurationSeconds: number | null = null): unknown[] {
  return estimateTimes(drafts, callDurationSeconds).map((s) => [
    s.startSeconds,
    s.endSeconds,
    s.timing,
  ])
}

describe('estimateTimes', () => {
  it('takes a time that grows with the number of turns, not with its square', () => {
    const count = 100_000
    const turns = [
      ...Array.from({ length: count }, (_, second) => says('a', second)),
      ...Array.from({ length: count }, () => says('a', null)),
    ]
    const before = performance.now()
    const placed = estimateTimes(turns, null)
    // A few tenths of a second; each untimed turn looking through all 100,000 starts makes it 10 s and more.
    expect(performance.now() - before).toBeLessThan(3_000)
    // 0.35 s for the word and 0.3 s for the turn: 99,999 + 0.65 + 100,000 x 0.65.
    expect(placed.at(-1)?.endSeconds).toBeCloseTo(164_999.65, 5)
  })

  it('keeps given times as they are', () => {
    expect(spans([says('a', 5, 9), says('b', 3, 3)])).toEqual([
      [5, 9, 'given'],
      [3, 3, 'given'],
    ])
  })

  it('ends a turn when its words are said, if silence follows', () => {
    // 4 words: 1 + 4 × 0.35 + 0.3 = 2.7
    expect(spans([says('one two three four', 1), says('x', 20, 21)])[0]).toEqual([
      1,
      2.7,
      'estimated-end',
    ])
  })

  it('ends a turn when the next one starts, in time and not in the list', () => {
    expect(spans([says('one two three four', 1), says('x', 9, 9.5), says('y', 1.5, 2)])[0]).toEqual(
      [1, 1.5, 'estimated-end'],
    )
  })

  it('ends a turn with the call, but never before it starts', () => {
    expect(spans([says('one two three four', 1), says('late', 5)], 2)).toEqual([
      [1, 2, 'estimated-end'],
      [5, 5, 'estimated-end'],
    ])
  })

  it('is not cut by a tool call inside the turn', () => {
    expect(spans([says('one two three four', 1), toolAt(1.5)])).toEqual([
      [1, 2.7, 'estimated-end'],
      [1.5, 1.5, 'given'],
    ])
  })

  it('puts an entry without a time behind the utterance before it', () => {
    expect(
      spans([says('a', 1, 4), toolAt(2), toolAt(null), says('one two', null), says('b', 4.5, 5)]),
    ).toEqual([
      [1, 4, 'given'],
      [2, 2, 'given'],
      [4, 4, 'estimated'],
      [4, 4.5, 'estimated'], // 4 + 2 × 0.35 + 0.3 = 5, but the next one starts at 4.5
      [4.5, 5, 'given'],
    ])
  })

  it('works back from an end without a start', () => {
    // 2 words take 1 s; the second has no more room than back to the end before it.
    expect(spans([says('one two', null, 3), says('one two', null, 3.25)])).toEqual([
      [2, 3, 'estimated'],
      [3, 3.25, 'estimated'],
    ])
  })

  it('takes an end before its start as missing', () => {
    expect(spans([says('one two', 5, 4)])).toEqual([[5, 6, 'estimated-end']])
  })

  it('gives text that was never heard no time', () => {
    expect(spans([says('a', 1, 2), { ...says('one two', null), isUnheard: true }])[1]).toEqual([
      2,
      2,
      'estimated',
    ])
  })

  it('calls a rough start an estimate', () => {
    expect(spans([{ ...says('one two', 5), hasRoughStart: true }])).toEqual([[5, 6, 'estimated']])
  })

  it('gives no times at all where there is no clock', () => {
    const none = [null, null, 'none']
    expect(spans([says('a', null), toolAt(null)])).toEqual([none, none])
    expect(spans([says('a', 0, 0), says('b', 0, 0)])).toEqual([none, none])
    expect(spans([says('a', Number.NaN), says('b', Number.POSITIVE_INFINITY)])).toEqual([
      none,
      none,
    ])
  })

  it('believes a single utterance that it starts at zero', () => {
    expect(spans([says('one two', 0)])).toEqual([[0, 1, 'estimated-end']])
  })

  it('leaves no trace of its marks', () => {
    const [segment] = estimateTimes(
      [{ ...says('a', 1), hasRoughStart: true, isUnheard: true }],
      null,
    )
    expect(Object.keys(segment ?? {}).sort()).toEqual([
      'endSeconds',
      'kind',
      'speaker',
      'startSeconds',
      'text',
      'timing',
    ])
  })

  it('keeps order and given times, and never ends before it starts', () => {
    const time = fc.option(fc.double({ min: -10, max: 100, noNaN: true }))
    const draft = fc
      .tuple(fc.constantFrom('one', 'one two three', 'x '.repeat(50)), time, time)
      .map(([text, start, end]) => says(text, start, end))
    const duration = fc.option(fc.double({ min: 0, max: 120, noNaN: true }))
    fc.assert(
      fc.property(fc.array(draft, { maxLength: 12 }), duration, (drafts, seconds) => {
        const segments = estimateTimes(drafts, seconds)
        expect(segments.map((s) => s.kind === 'speech' && s.text)).toEqual(
          drafts.map((d) => d.kind === 'speech' && d.text),
        )
        for (const [index, segment] of segments.entries()) {
          const start = drafts[index]?.startSeconds ?? null
          if (segment.timing === 'none') continue
          if (start !== null) expect(segment.startSeconds).toBe(start)
          expect(segment.endSeconds).toBeGreaterThanOrEqual(segment.startSeconds ?? Number.NaN)
        }
      }),
      { numRuns: 300 },
    )
  })
})

describe('speakingSeconds', () => {
  it('counts words that are written without spaces', () => {
    expect(speakingSeconds('one two three four')).toBeCloseTo(4 * 0.35 + 0.3, 9)
    // As one word this would be 0.65 s; the sentence has about ten.
    expect(speakingSeconds('明日の午後三時に予約をお願いします。')).toBeGreaterThan(2)
  })
})
