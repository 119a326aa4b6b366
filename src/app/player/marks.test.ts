import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Segment, SpeechSegment, Timing } from '#contract/transcript.ts'
import {
  clusterMarks,
  type Mark,
  marksOf,
  momentOf,
  slowRepliesByLength,
  withEvidence,
} from './marks.ts'

const says = (
  speaker: 'agent' | 'caller',
  [startSeconds, endSeconds]: [number, number],
  more: Partial<SpeechSegment> = {},
): Segment => ({
  kind: 'speech',
  speaker,
  text: '…',
  startSeconds,
  endSeconds,
  timing: 'given',
  ...more,
})

const estimated: { timing: Timing } = { timing: 'estimated' }

const tool = (isError: boolean | null): Segment[] => [
  {
    kind: 'tool-call',
    toolCallId: 't',
    name: 'find_slot',
    argumentsText: '{}',
    startSeconds: 4,
    endSeconds: 4,
    timing: 'given',
  },
  {
    kind: 'tool-result',
    toolCallId: 't',
    name: 'find_slot',
    resultText: 'no',
    isError,
    startSeconds: 5,
    endSeconds: 5,
    timing: 'given',
  },
]

describe('marksOf', () => {
  it('marks a reply that takes longer than the budget, with its milliseconds', () => {
    const marks = marksOf(
      [
        says('caller', [0, 2]),
        says('agent', [4, 5]),
        says('caller', [5.5, 6]),
        says('agent', [8.43, 9]),
      ],
      2,
    )
    // 4 - 2 = 2 s is within; 8.43 - 6 = 2.43 s is slow
    expect(marks).toEqual([
      {
        kind: 'slow-reply',
        startSeconds: 6,
        endSeconds: 8.43,
        text: 'The agent replies after 2,430 ms (budget 2,000 ms)',
      },
    ])
  })

  it('does not measure a gap between times that were estimated', () => {
    expect(marksOf([says('caller', [0, 2], estimated), says('agent', [6, 7])], 1.5)).toEqual([])
    expect(marksOf([says('caller', [0, 2]), says('agent', [6, 7], estimated)], 1.5)).toEqual([])
  })

  it('waits for the end of the longer of two overlapping voices', () => {
    // the agent's own words last until 6; the reply at 7 comes 1 s after anyone spoke
    const marks = marksOf(
      [says('agent', [0, 6]), says('caller', [4, 4.5]), says('agent', [7, 8])],
      1.5,
    )
    expect(marks.map((mark) => mark.kind)).toEqual(['overlap'])
  })

  it('marks where both speak, and says who was cut off', () => {
    const marks = marksOf(
      [says('agent', [0, 4], { isInterrupted: true }), says('caller', [3.4, 6])],
      1.5,
    )
    // 4 - 3.4 = 0.6 s
    expect(marks).toEqual([
      {
        kind: 'overlap',
        startSeconds: 3.4,
        endSeconds: 4,
        text: 'The caller cuts the agent off, 600 ms of overlap',
      },
    ])
  })

  it('marks a cut-off without any overlap at the end of the words', () => {
    const marks = marksOf(
      [says('agent', [0, 4], { isInterrupted: true }), says('caller', [4.1, 6])],
      1.5,
    )
    expect(marks).toEqual([
      { kind: 'overlap', startSeconds: 4, endSeconds: 4, text: 'The agent is cut off' },
    ])
  })

  it('ignores an overlap shorter than the times are good for', () => {
    expect(marksOf([says('agent', [0, 4]), says('caller', [3.9, 6])], 1.5)).toEqual([])
  })

  it('tells a failed tool from one that answered or did not say', () => {
    expect(marksOf(tool(true), 1.5).map((mark) => mark.kind)).toEqual(['tool-error'])
    expect(marksOf(tool(false), 1.5).map((mark) => mark.kind)).toEqual(['tool-call'])
    expect(marksOf(tool(null), 1.5).map((mark) => mark.kind)).toEqual(['tool-call'])
  })
})

describe('withEvidence', () => {
  const slow: Mark = { kind: 'slow-reply', startSeconds: 4, endSeconds: 7, text: 'x' }

  it('puts each thing that is said of a second between the other marks once', () => {
    const moment = { startSeconds: 5, metricName: 'Politeness', quote: 'no greeting' }
    const marks = withEvidence([slow], [moment, { ...moment }, { ...moment, startSeconds: 2 }])
    expect(marks.map(({ startSeconds, text }) => [startSeconds, text])).toEqual([
      [2, 'Politeness: “no greeting”'],
      [4, 'x'],
      [5, 'Politeness: “no greeting”'],
    ])
  })

  it('leaves out what has no time', () => {
    const moment = { startSeconds: null, metricName: 'Politeness', quote: 'no greeting' }
    expect(withEvidence([slow], [moment])).toEqual([slow])
  })
})

describe('clusterMarks', () => {
  const at = (startSeconds: number): Mark => ({
    kind: 'tool-call',
    startSeconds,
    endSeconds: startSeconds,
    text: 'x',
  })

  it('joins what would touch and keeps the rest apart', () => {
    // 100 s on 500 px: 5 px a second; 26 px are 5.2 s
    const track = { durationSeconds: 100, widthPixels: 500, spacingPixels: 26 }
    const clusters = clusterMarks([at(10), at(14), at(15.5), at(60)], track)
    expect(clusters.map(({ at, marks }) => [at, marks.length])).toEqual([
      [0.1, 2],
      [0.155, 1],
      [0.6, 1],
    ])
  })

  it('loses no mark and leaves room between groups', () => {
    const track = { durationSeconds: 100, widthPixels: 300, spacingPixels: 26 }
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 })), (starts) => {
        const marks = starts.toSorted((a, b) => a - b).map(at)
        const clusters = clusterMarks(marks, track)
        expect(clusters.flatMap((cluster) => cluster.marks)).toEqual(marks)
        for (const [i, cluster] of clusters.entries()) {
          const next = clusters[i + 1]
          if (next) expect((next.at - cluster.at) * 300).toBeGreaterThanOrEqual(26)
        }
      }),
    )
  })
})

describe('slowRepliesByLength', () => {
  const slow = (startSeconds: number, seconds: number): Mark => ({
    kind: 'slow-reply',
    startSeconds,
    endSeconds: startSeconds + seconds,
    text: 'x',
  })

  it('puts the longest wait first, and of two equal waits the earlier', () => {
    const marks = [slow(4, 2), slow(20, 3), slow(40, 2)]
    expect(slowRepliesByLength(marks).map(({ startSeconds }) => startSeconds)).toEqual([20, 4, 40])
  })

  it('takes no other kind of mark, however long', () => {
    expect(slowRepliesByLength([{ ...slow(4, 9), kind: 'overlap' }])).toEqual([])
  })
})

describe('momentOf', () => {
  const first = { startSeconds: 2, metricName: 'Politeness', quote: 'Hello' }
  const second = { startSeconds: 2, metricName: 'Relevancy', quote: 'Hello' }

  it('finds what an evidence mark speaks of among moments of the same second', () => {
    const [, mark] = withEvidence([], [first, second])
    expect(mark && momentOf(mark, [first, second])).toBe(second)
  })

  it('is null for a mark of another kind', () => {
    const slow: Mark = { kind: 'slow-reply', startSeconds: 2, endSeconds: 5, text: 'Slow' }
    expect(momentOf(slow, [first, second])).toBeNull()
  })
})
