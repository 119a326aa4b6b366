import { describe, expect, it } from 'vitest'
import type { Segment } from '#contract/transcript.ts'
import { transcriptRows } from './transcript-rows.ts'

const says = (speaker: 'agent' | 'caller', text: string, party?: string): Segment => ({
  kind: 'speech',
  speaker,
  text,
  startSeconds: 1,
  endSeconds: 2,
  timing: 'given',
  ...(party ? { party } : {}),
})

const calls = (toolCallId: string, startSeconds: number | null): Segment => ({
  kind: 'tool-call',
  toolCallId,
  name: 'find_slot',
  argumentsText: '{}',
  startSeconds,
  endSeconds: startSeconds,
  timing: startSeconds === null ? 'none' : 'given',
})

const answers = (toolCallId: string, startSeconds: number | null): Segment => ({
  kind: 'tool-result',
  toolCallId,
  name: 'find_slot',
  resultText: '"ok"',
  isError: null,
  startSeconds,
  endSeconds: startSeconds,
  timing: startSeconds === null ? 'none' : 'given',
})

describe('transcriptRows', () => {
  it('shows consecutive segments of one voice as one turn', () => {
    const rows = transcriptRows([
      says('agent', 'Hello.'),
      says('agent', 'How can I help?'),
      says('caller', 'Hi.'),
      says('caller', 'Second voice.', 'Colleague'),
    ])
    expect(rows.map((row) => row.kind === 'speech' && row.isContinuation)).toEqual([
      false,
      true,
      false,
      false,
    ])
  })

  it('puts a result into the row of its call, past the words between, and times it', () => {
    const rows = transcriptRows([calls('a', 3), says('agent', 'One moment.'), answers('a', 4.25)])
    expect(rows.map((row) => row.kind)).toEqual(['tool', 'speech'])
    // 4.25 - 3
    expect(rows[0]).toMatchObject({ durationSeconds: 1.25, startSeconds: 3, endSeconds: 4.25 })
  })

  it('keeps parallel calls apart by their ids', () => {
    const rows = transcriptRows([calls('a', 3), calls('b', 3), answers('b', 4), answers('a', 6)])
    expect(rows.map((row) => row.kind === 'tool' && row.durationSeconds)).toEqual([3, 1])
  })

  it('answers the later of two calls that share an id by order', () => {
    const rows = transcriptRows([calls('a', 1), answers('a', 2), calls('a', 5), answers('a', 9)])
    expect(rows.map((row) => row.kind === 'tool' && row.durationSeconds)).toEqual([1, 4])
  })

  it('shows a result without its call, and does not invent a duration without times', () => {
    const rows = transcriptRows([answers('x', 2), calls('a', null), answers('a', null)])
    expect(rows).toMatchObject([
      { kind: 'tool', call: null, durationSeconds: null },
      { kind: 'tool', result: { toolCallId: 'a' }, durationSeconds: null },
    ])
  })
})
