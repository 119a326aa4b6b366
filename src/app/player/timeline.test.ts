import { describe, expect, it } from 'vitest'
import type { Segment } from '#contract/transcript.ts'
import { findRow, toTimeline } from './timeline.ts'

const time = { startSeconds: 1, endSeconds: 2, timing: 'given' } as const

const SEGMENTS: Segment[] = [
  { ...time, kind: 'tool-call', toolCallId: 't', name: 'find', argumentsText: '{}' },
  { ...time, kind: 'speech', speaker: 'agent', text: 'One moment.' },
  { ...time, kind: 'tool-result', toolCallId: 't', name: 'find', resultText: 'no', isError: true },
  { ...time, kind: 'speech', speaker: 'agent', text: 'Nothing found.' },
]

describe('findRow', () => {
  // rows: the tool with its result, then the two sentences
  const timeline = toTimeline(SEGMENTS)

  it('finds the row of a segment behind one that has no row of its own', () => {
    expect(findRow(timeline, SEGMENTS, 3)).toBe(2)
  })

  it('finds what a tool answered at its call', () => {
    expect(findRow(timeline, SEGMENTS, 2)).toBe(0)
  })

  it('finds nothing past the end', () => {
    expect(findRow(timeline, SEGMENTS, 9)).toBeNull()
  })
})
