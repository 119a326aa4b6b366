import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  countInterruptions,
  countWords,
  cutOffs,
  measureConversation,
  overlaps,
  responseGaps,
} from './conversation.ts'
import type { Segment, Speaker, SpeechSegment } from './transcript.ts'

const says = (
  speaker: Speaker,
  [startSeconds, endSeconds]: [number, number],
  more: Partial<SpeechSegment> = {},
): SpeechSegment => ({
  kind: 'speech',
  speaker,
  text: 'one two',
  startSeconds,
  endSeconds,
  timing: 'given',
  ...more,
})

const untimed = (speaker: Speaker, more: Partial<SpeechSegment> = {}): SpeechSegment => ({
  kind: 'speech',
  speaker,
  text: 'one two',
  startSeconds: null,
  endSeconds: null,
  timing: 'none',
  ...more,
})

const toolResult = (isError: boolean | null): Segment => ({
  kind: 'tool-result',
  toolCallId: 't',
  name: 'find_slot',
  resultText: 'no',
  isError,
  startSeconds: null,
  endSeconds: null,
  timing: 'none',
})

describe('measureConversation', () => {
  it('measures a call worked out by hand', () => {
    const call: Segment[] = [
      says('agent', [1, 5], { text: 'Hello, this is the practice.' }),
      says('caller', [6, 9]),
      says('agent', [8.5, 10.5], { text: 'Yes?' }),
      says('caller', [11, 12]),
      toolResult(true),
      toolResult(false),
      toolResult(null),
      says('agent', [14.43, 18.43], { text: 'Tuesday at ten is free.' }),
    ]
    expect(measureConversation(call, 20)).toEqual({
      segmentCount: 8,
      // 14.43 - 12; the agent came in at 8.5, before the caller's end at 9, which is a wait of 0
      longestGapSeconds: 2.43,
      // 8.5 to 9
      overlapCount: 1,
      interruptionCount: 1,
      // spoken: 1-5, 6-10.5, 11-12, 14.43-18.43, so 4 + 4.5 + 1 + 4 = 13.5 of 20 s
      silenceShare: expect.closeTo(6.5 / 20, 9),
      // agent 4 + 2 + 4 = 10 s, caller 3 + 1 = 4 s
      talkShare: expect.closeTo(10 / 14, 9),
      // 5 + 1 + 5 words in 10 s
      wordsPerMinute: expect.closeTo(66, 9),
      toolErrorCount: 1,
    })
  })

  it('says null, never 0, for everything that needs times where there are none', () => {
    const call = [untimed('agent'), untimed('caller'), toolResult(true)]
    expect(measureConversation(call, 60)).toEqual({
      segmentCount: 3,
      longestGapSeconds: null,
      overlapCount: null,
      interruptionCount: null,
      silenceShare: null,
      talkShare: null,
      wordsPerMinute: null,
      toolErrorCount: 1,
    })
  })

  it.each(['estimated-end', 'estimated'] as const)(
    'takes no measure from %s times alone',
    (timing) => {
      const call = [says('caller', [0, 2], { timing }), says('agent', [4, 6], { timing })]
      expect(measureConversation(call, 60)).toMatchObject({
        longestGapSeconds: null,
        overlapCount: null,
        interruptionCount: null,
        silenceShare: null,
        talkShare: null,
        wordsPerMinute: null,
      })
    },
  )

  it('takes an end that copies the start for no end', () => {
    const call = [says('caller', [2, 2]), says('agent', [6, 6])]
    expect(measureConversation(call, 60)).toMatchObject({
      longestGapSeconds: null,
      overlapCount: null,
      silenceShare: null,
      talkShare: null,
      wordsPerMinute: null,
    })
  })

  it('does not take the missing times of one speaker for silence', () => {
    const call = [says('agent', [0, 2]), says('caller', [2, 4], { timing: 'estimated' })]
    // two words in two seconds are 60 a minute; nothing else is known of both
    expect(measureConversation(call, 60)).toMatchObject({
      overlapCount: null,
      interruptionCount: null,
      silenceShare: null,
      talkShare: null,
      wordsPerMinute: 60,
    })
  })

  it('knows that nobody overlaps a monologue', () => {
    // 5 of 20 s are spoken
    expect(measureConversation([says('agent', [0, 5])], 20)).toMatchObject({
      longestGapSeconds: null,
      overlapCount: 0,
      interruptionCount: 0,
      silenceShare: 0.75,
      talkShare: 1,
    })
  })

  it('counts silence up to the last known time where the length of the call is unknown', () => {
    const call = [says('agent', [2, 5]), says('caller', [5, 8])]
    // 2 of 8 s
    expect(measureConversation(call, null).silenceShare).toBe(0.25)
    expect(measureConversation(call, 0).silenceShare).toBe(0.25)
    expect(measureConversation(call, -1).silenceShare).toBe(0.25)
    // only 0 to 4 belong to the call, half of it spoken
    expect(measureConversation(call, 4).silenceShare).toBe(0.5)
  })

  it('counts time once where segments of one speaker overlap', () => {
    const call = [
      says('agent', [0, 4], { text: 'a b c' }),
      says('agent', [2, 6], { text: 'd e f' }),
      says('caller', [6, 8]),
    ]
    // agent 0 to 6: 6 s of 8, and 6 words in a tenth of a minute
    expect(measureConversation(call, 8)).toMatchObject({ talkShare: 0.75, wordsPerMinute: 60 })
  })

  it('is empty for an empty transcript', () => {
    expect(measureConversation([], null)).toEqual({
      segmentCount: 0,
      longestGapSeconds: null,
      overlapCount: null,
      interruptionCount: null,
      silenceShare: null,
      talkShare: null,
      wordsPerMinute: null,
      toolErrorCount: 0,
    })
  })
})

describe('responseGaps', () => {
  it('waits for the end of the caller, pauses and all', () => {
    const call = [says('caller', [0, 2]), says('caller', [5, 6]), says('agent', [7.5, 9])]
    expect(responseGaps(call)).toEqual([{ startSeconds: 6, endSeconds: 7.5 }])
  })

  it('gives one gap for a handover, not one for every sentence of the reply', () => {
    const call = [says('caller', [0, 2]), says('agent', [3, 4]), says('agent', [6, 8])]
    expect(responseGaps(call)).toEqual([{ startSeconds: 2, endSeconds: 3 }])
  })

  it('does not take an "mhm" inside the caller’s speech for the reply', () => {
    const call = [says('caller', [0, 10]), says('agent', [3, 3.5]), says('agent', [12, 15])]
    expect(responseGaps(call)).toEqual([{ startSeconds: 10, endSeconds: 12 }])
  })

  it('begins when the longer of two voices ends', () => {
    const call = [says('agent', [0, 6]), says('caller', [4, 4.5]), says('agent', [7, 8])]
    expect(responseGaps(call)).toEqual([{ startSeconds: 6, endSeconds: 7 }])
  })

  it('is of no length where the agent takes over early', () => {
    const call = [says('caller', [0, 2]), says('agent', [1.9, 5])]
    expect(responseGaps(call)).toEqual([{ startSeconds: 1.9, endSeconds: 1.9 }])
  })

  it('trusts the start of a reply whose end is estimated, and no other estimate', () => {
    const caller = says('caller', [0, 2])
    const gap = [{ startSeconds: 2, endSeconds: 3 }]
    expect(responseGaps([caller, says('agent', [3, 4], { timing: 'estimated-end' })])).toEqual(gap)
    expect(responseGaps([caller, says('agent', [3, 4], { timing: 'estimated' })])).toEqual([])
    const guessed = says('caller', [2, 2.5], { timing: 'estimated-end' })
    expect(responseGaps([caller, guessed, says('agent', [3, 4])])).toEqual([])
  })

  it('passes over a reply that nobody heard', () => {
    const unheard = says('agent', [2, 2], { timing: 'estimated' })
    const call = [says('caller', [0, 2]), unheard, says('agent', [5, 6])]
    expect(responseGaps(call)).toEqual([{ startSeconds: 2, endSeconds: 5 }])
  })
})

describe('overlaps', () => {
  it('says who joined in', () => {
    const call = [
      says('agent', [0, 4]),
      says('caller', [3.5, 8]),
      says('agent', [6, 7]),
      says('agent', [10, 12]),
      says('caller', [10, 11]),
    ]
    expect(overlaps(call)).toEqual([
      { startSeconds: 3.5, endSeconds: 4, startedBy: 'caller' },
      { startSeconds: 6, endSeconds: 7, startedBy: 'agent' },
      { startSeconds: 10, endSeconds: 11, startedBy: null },
    ])
  })

  it('makes one of a turn that was sent in sentences', () => {
    const call = [says('agent', [0, 2]), says('agent', [2, 4]), says('caller', [1, 3])]
    expect(overlaps(call)).toEqual([{ startSeconds: 1, endSeconds: 3, startedBy: 'caller' }])
  })

  it('begins at two tenths of a second, whatever floats make of the difference', () => {
    // 1.2 - 1 is 0.19999999999999996 in floats
    expect(overlaps([says('agent', [0, 1.2]), says('caller', [1, 3])])).toHaveLength(1)
    expect(overlaps([says('agent', [0, 1.19]), says('caller', [1, 3])])).toEqual([])
  })

  it('is not read out of estimates', () => {
    const estimated = says('agent', [0, 4], { timing: 'estimated-end' })
    expect(overlaps([estimated, says('caller', [1, 3])])).toEqual([])
  })
})

describe('countInterruptions', () => {
  const isInterrupted = true

  it('tells who cuts in', () => {
    const call = [
      says('agent', [0, 4]),
      says('caller', [3, 6]),
      says('agent', [5, 8]),
      says('caller', [7, 10]),
    ]
    // the caller cuts in at 3 and at 7, the agent at 5
    expect(countInterruptions(call, 'agent')).toBe(1)
    expect(countInterruptions(call, 'caller')).toBe(2)
  })

  it('counts what is heard and marked once', () => {
    const call = [says('caller', [0, 4], { isInterrupted }), says('agent', [3, 6])]
    expect(countInterruptions(call, 'agent')).toBe(1)
  })

  it('counts a mark beside an overlap that the cut-off speaker started', () => {
    // the caller cuts in at 3.5 and is cut off at 6, where nothing overlaps
    const call = [
      says('agent', [0, 4]),
      says('caller', [3.5, 6], { isInterrupted }),
      says('agent', [6, 9]),
    ]
    expect(countInterruptions(call, 'agent')).toBe(1)
    expect(countInterruptions(call, 'caller')).toBe(1)
  })

  it('believes the sender where there are no times', () => {
    const call = [untimed('caller', { isInterrupted }), untimed('agent')]
    expect(countInterruptions(call, 'agent')).toBe(1)
    expect(countInterruptions(call, 'caller')).toBeNull()
  })
})

describe('cutOffs', () => {
  it('finds the last overlap in which the speech was cut off', () => {
    const call = [
      says('agent', [0, 9], { isInterrupted: true }),
      says('caller', [2, 3]),
      says('caller', [8, 12]),
      says('agent', [11, 14]),
    ]
    const [first, ...rest] = cutOffs(call, overlaps(call))
    expect(first?.overlap).toEqual({ startSeconds: 8, endSeconds: 9, startedBy: 'caller' })
    expect(rest).toEqual([])
  })
})

describe('countWords', () => {
  it.each([
    ['', 0],
    ['  Guten Tag,\n Frau Meier. ', 4],
    // 今日は (today), 休み (off), です (is); Unicode's dictionary splits 今日 and は
    ['今日は休みです', 4],
  ])('counts the words of %j', (text, count) => {
    expect(countWords(text)).toBe(count)
  })
})

/** Eighths of a second are exact in floats, so that equal times stay equal wherever they are moved. */
const TICK_SECONDS = 1 / 8

const timing = fc.constantFrom('given', 'given', 'given', 'estimated-end', 'estimated')

const anySpeech = fc
  .record({
    speaker: fc.constantFrom<Speaker>('agent', 'caller'),
    start: fc.nat({ max: 400 }),
    ticks: fc.nat({ max: 60 }),
    timing,
    isInterrupted: fc.boolean(),
    text: fc.constantFrom('', 'yes', 'one two three'),
  })
  .map(({ speaker, start, ticks, ...more }) =>
    says(speaker, [start * TICK_SECONDS, (start + ticks) * TICK_SECONDS], more),
  )

const anySegment: fc.Arbitrary<Segment> = fc.oneof(
  { weight: 8, arbitrary: anySpeech },
  { weight: 1, arbitrary: fc.constantFrom(toolResult(true), toolResult(null)) },
)

const anyCall = fc.array(anySegment, { maxLength: 30 })
const anyDuration = fc.option(fc.double({ min: 0, max: 100, noNaN: true }))

function shifted(segment: Segment, seconds: number): Segment {
  const { startSeconds, endSeconds } = segment
  if (startSeconds === null || endSeconds === null) return segment
  return { ...segment, startSeconds: startSeconds + seconds, endSeconds: endSeconds + seconds }
}

/** Who is heard in each eighth of a second: slow and obvious. */
function heardIn(tick: number, speech: readonly SpeechSegment[]): Set<Speaker> {
  const middle = (tick + 0.5) * TICK_SECONDS
  const now = speech.filter(
    (it) => (it.startSeconds ?? 0) < middle && middle < (it.endSeconds ?? 0),
  )
  return new Set(now.map(({ speaker }) => speaker))
}

describe('measures of any call', () => {
  it('stay within their ranges', () => {
    fc.assert(
      fc.property(anyCall, anyDuration, (call, duration) => {
        const measures = measureConversation(call, duration)
        for (const share of [measures.silenceShare, measures.talkShare]) {
          if (share === null) continue
          expect(share).toBeGreaterThanOrEqual(0)
          expect(share).toBeLessThanOrEqual(1)
        }
        // every overlap but one uses up a segment; an interruption is an overlap or a mark on a segment
        expect(measures.overlapCount ?? 0).toBeLessThanOrEqual(Math.max(0, call.length - 1))
        expect(measures.interruptionCount ?? 0).toBeLessThanOrEqual(2 * call.length)
        expect(measures.longestGapSeconds ?? 0).toBeGreaterThanOrEqual(0)
        expect(measures.wordsPerMinute ?? 0).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('agree with listening to every eighth of a second', () => {
    const given = fc.array(
      anySpeech.map((it) => ({ ...it, timing: 'given' as const })),
      {
        minLength: 1,
        maxLength: 12,
      },
    )
    fc.assert(
      fc.property(given, (speech) => {
        const { silenceShare, talkShare, overlapCount } = measureConversation(speech, 60)
        // all speech ends within (400 + 60) / 8 = 57.5 s, so 60 s are 480 ticks
        const heard = Array.from({ length: 480 }, (_, tick) => heardIn(tick, speech))
        const silent = heard.filter((speakers) => speakers.size === 0).length
        const agent = heard.filter((speakers) => speakers.has('agent')).length
        const caller = heard.filter((speakers) => speakers.has('caller')).length
        // one tick alone is 0.125 s, too short; two are 0.25 s
        const stretches = heard
          .map(({ size }) => (size === 2 ? 'x' : ' '))
          .join('')
          .match(/xx+/g)
        if (silenceShare !== null) expect(silenceShare).toBeCloseTo(silent / 480, 9)
        if (talkShare !== null) expect(talkShare).toBeCloseTo(agent / (agent + caller), 9)
        if (overlapCount !== null) expect(overlapCount).toBe(stretches?.length ?? 0)
      }),
    )
  })

  it('do not depend on the order of segments that start apart, and shares on no order', () => {
    fc.assert(
      fc.property(anyCall, anyDuration, (call, duration) => {
        const forward = measureConversation(call, duration)
        const backward = measureConversation(call.toReversed(), duration)
        const starts = call.flatMap((it) => (it.startSeconds === null ? [] : [it.startSeconds]))
        const areApart = new Set(starts).size === starts.length
        expect(backward).toEqual(
          areApart ? forward : { ...forward, longestGapSeconds: backward.longestGapSeconds },
        )
      }),
    )
  })

  it('change in nothing but silence when the whole call is moved', () => {
    fc.assert(
      fc.property(anyCall, fc.nat({ max: 8000 }), (call, ticks) => {
        const moved = call.map((segment) => shifted(segment, ticks * TICK_SECONDS))
        const { silenceShare, ...others } = measureConversation(moved, null)
        expect(measureConversation(call, null)).toMatchObject(others)
      }),
    )
  })

  it('find gaps in which nobody speaks and which end with the agent’s words', () => {
    fc.assert(
      fc.property(fc.array(anySpeech, { maxLength: 30 }), (speech) => {
        for (const { startSeconds, endSeconds } of responseGaps(speech)) {
          expect(startSeconds).toBeLessThanOrEqual(endSeconds)
          for (let tick = startSeconds * 8; tick < endSeconds * 8; tick++) {
            expect(heardIn(tick, speech).size).toBe(0)
          }
          const starts = speech.filter((it) => it.speaker === 'agent').map((it) => it.startSeconds)
          expect(starts).toContain(endSeconds)
        }
      }),
    )
  })

  it('cost no more than a sort where everybody talks at once', () => {
    const call = Array.from({ length: 5000 }, (_, i) =>
      says(i % 2 === 0 ? 'agent' : 'caller', [i / 10, 1000], { isInterrupted: true }),
    )
    // pair by pair this is 12 million comparisons and 6 million overlaps; as stretches it is one
    expect(measureConversation(call, 1000).overlapCount).toBe(1)
  })
})
