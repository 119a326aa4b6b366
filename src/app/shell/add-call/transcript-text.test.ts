import { describe, expect, it } from 'vitest'
import { readTranscriptText } from './transcript-text.ts'

function entriesOf(text: string): unknown {
  const result = readTranscriptText(text)
  return result.ok ? JSON.parse(result.json) : result.message
}

describe('readTranscriptText', () => {
  it('passes JSON on untouched, because the server knows the formats', () => {
    const json = '{"messages": [{"role": "bot", "message": "Hi"}]}'
    expect(readTranscriptText(` ${json}\n`)).toEqual({ ok: true, json })
  })

  it('says why JSON is not valid', () => {
    expect(readTranscriptText('[{"role": }]')).toMatchObject({
      ok: false,
      message: expect.stringContaining('not valid JSON'),
    })
  })

  it('reads lines with speakers, whatever they are called', () => {
    expect(entriesOf('Agent: Hello\nUser: Hi: there\n')).toEqual([
      { role: 'Main Agent', content: 'Hello' },
      { role: 'Testing Agent', content: 'Hi: there' },
    ])
  })

  it('reads times in front of the speaker, in brackets or not', () => {
    // 1 × 3600 + 2 × 60 + 3 = 3723
    expect(entriesOf('[0:07] Main Agent: Hello\n01:02:03 Caller: Bye')).toEqual([
      { role: 'Main Agent', content: 'Hello', start_time: 7 },
      { role: 'Testing Agent', content: 'Bye', start_time: 3723 },
    ])
  })

  it('joins a line without a speaker to the one before', () => {
    expect(entriesOf('Agent: One\n  two\nNote: three')).toEqual([
      { role: 'Main Agent', content: 'One two Note: three' },
    ])
  })

  it('asks for speakers where there are none', () => {
    expect(entriesOf('Hello and welcome')).toContain('“Agent:”')
  })
})
