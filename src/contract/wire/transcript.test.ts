import { describe, expect, it } from 'vitest'
import type { Segment } from '../transcript.ts'
import { renderTranscript, toTranscriptObject, WireTranscriptEntry } from './transcript.ts'

const SEGMENTS: Segment[] = [
  {
    kind: 'speech',
    speaker: 'caller',
    text: 'Hello.',
    startSeconds: 1.44,
    endSeconds: 1.94,
    timing: 'given',
  },
  { kind: 'event', name: 'dtmf', text: '1', startSeconds: 2, endSeconds: 2, timing: 'given' },
  {
    kind: 'speech',
    speaker: 'agent',
    text: 'Two\n lines',
    startSeconds: 62.9,
    endSeconds: 64,
    timing: 'estimated-end',
  },
  {
    kind: 'tool-call',
    toolCallId: 'c1',
    name: 'f',
    argumentsText: '{"a":1}',
    startSeconds: 64,
    endSeconds: 64,
    timing: 'estimated',
  },
  {
    kind: 'tool-result',
    toolCallId: 'c1',
    name: 'f',
    resultText: '',
    isError: true,
    startSeconds: 65,
    endSeconds: 65,
    timing: 'given',
  },
]

describe('toTranscriptObject', () => {
  it('spells roles, times and tools as the wire does, and leaves events out', () => {
    expect(toTranscriptObject(SEGMENTS)).toEqual([
      {
        role: 'Testing Agent',
        content: 'Hello.',
        time: '00:01',
        start_time: 1.44,
        end_time: 1.94,
        timestamp: 1.44,
      },
      {
        role: 'Main Agent',
        content: 'Two\n lines',
        time: '01:02',
        start_time: 62.9,
        end_time: 64,
        timestamp: 62.9,
      },
      {
        role: 'Function Call',
        content: '',
        time: '01:04',
        start_time: 64,
        end_time: 64,
        timestamp: 64,
        data: { id: 'c1', name: 'f', arguments: '{"a":1}' },
      },
      {
        role: 'Function Call Result',
        content: '',
        time: '01:05',
        start_time: 65,
        end_time: 65,
        timestamp: 65,
        data: { id: 'c1', name: 'f', result: '' },
      },
    ])
  })

  it('gives an entry without a time none of the time keys', () => {
    const untimed: Segment = {
      kind: 'speech',
      speaker: 'agent',
      text: 'Hi.',
      startSeconds: null,
      endSeconds: null,
      timing: 'none',
    }
    expect(Object.keys(toTranscriptObject([untimed])[0] ?? {})).toEqual(['role', 'content'])
  })

  it('gives entries that its own schema takes', () => {
    for (const entry of toTranscriptObject(SEGMENTS)) {
      expect(WireTranscriptEntry.parse(entry)).toEqual(entry)
    }
  })
})

describe('renderTranscript', () => {
  it('writes one line per utterance, whatever line breaks it has', () => {
    expect(renderTranscript(SEGMENTS)).toBe(
      '[00:01] Testing Agent: Hello.\n[01:02] Main Agent: Two lines',
    )
  })

  it('leaves the clock out where there is no time', () => {
    const untimed = SEGMENTS.map((segment): Segment => {
      return { ...segment, startSeconds: null, endSeconds: null, timing: 'none' }
    })
    expect(renderTranscript(untimed)).toBe('Testing Agent: Hello.\nMain Agent: Two lines')
  })

  it('writes nothing for nothing', () => {
    expect(renderTranscript([])).toBe('')
  })
})
