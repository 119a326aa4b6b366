import { describe, expect, it } from 'vitest'
import { outline, parseAccepted } from '#testing/load-sample.ts'

describe('cekura transcripts', () => {
  it('map the four roles and their aliases', () => {
    const entries = [
      { role: 'Main Agent', content: 'A', start_time: 1, end_time: 2 },
      { role: 'assistant', content: 'B', start_time: 2, end_time: 3 },
      { role: 'Testing Agent', content: 'C', start_time: 3, end_time: 4 },
      { role: 'user', content: 'D', start_time: 4, end_time: 5 },
      { role: 'Function Call', start_time: 5, data: { id: '1', name: 'f', arguments: '{}' } },
      {
        role: 'Function Call Result',
        start_time: 5.5,
        end_time: 5.5,
        data: { id: '1', name: 'f', result: 'ok' },
      },
      { role: 'tool_call', start_time: 6, data: { id: '2', name: 'g', arguments: '' } },
      { role: 'tool_call_result', start_time: 6.5, data: { id: '2', result: '' } },
    ]
    expect(outline(parseAccepted('cekura', entries).segments)).toEqual([
      'agent 1-2 A',
      'agent 2-3 B',
      'caller 3-4 C',
      'caller 4-5 D',
      'call 5 f({}) 1',
      'result 5.5 f: ok 1',
      'call 6 g() 2',
      'result 6.5 g:  2',
    ])
  })

  it('take equal start and end of speech as one known instant, and estimate the end', () => {
    const { segments } = parseAccepted('cekura', [
      { role: 'user', content: 'one two', start_time: 1, end_time: 1 },
      { role: 'assistant', content: 'three', start_time: 4, end_time: 4 },
    ])
    // 1 + 2 × 0.35 + 0.3 = 2 and 4 + 0.65 = 4.65
    expect(outline(segments)).toEqual(['caller 1-2 one two', 'agent 4-4.65 three'])
    expect(segments.map((segment) => segment.timing)).toEqual(['estimated-end', 'estimated-end'])
  })

  it('have no timing where every entry says zero', () => {
    const entry = { role: 'user', content: 'Hi.', start_time: 0.0, end_time: 0.0 }
    const { segments } = parseAccepted('cekura', [entry, { ...entry, role: 'assistant' }])
    expect(segments.map((segment) => [segment.startSeconds, segment.timing])).toEqual([
      [null, 'none'],
      [null, 'none'],
    ])
  })

  it('count epoch milliseconds and ISO text from the earliest entry', () => {
    const at = (ms: number) => 1767225600000 + ms
    const numbers = parseAccepted('cekura', [
      { role: 'user', content: 'Hi.', start_time: at(500), end_time: at(1500) },
      { role: 'assistant', content: 'Hello.', start_time: at(2000), end_time: at(3250) },
    ])
    expect(outline(numbers.segments)).toEqual(['caller 0-1 Hi.', 'agent 1.5-2.75 Hello.'])
    const iso = parseAccepted('cekura', [
      {
        role: 'user',
        content: 'Hi.',
        start_time: '2026-01-01T00:00:01Z',
        end_time: '2026-01-01T00:00:02Z',
      },
      {
        role: 'assistant',
        content: 'Hello.',
        start_time: '2026-01-01T00:00:04Z',
        end_time: '2026-01-01T00:00:05Z',
      },
    ])
    expect(outline(iso.segments)).toEqual(['caller 0-1 Hi.', 'agent 3-4 Hello.'])
  })

  it('fall back to the clock text where there are no numbers', () => {
    const { segments } = parseAccepted('cekura', [
      { role: 'user', content: 'Hi.', time: '0:38' },
      { role: 'assistant', content: 'Hello.', time: '01:02' },
    ])
    // One word each: 0.65 s.
    expect(outline(segments)).toEqual(['caller 38-38.65 Hi.', 'agent 62-62.65 Hello.'])
  })
})
