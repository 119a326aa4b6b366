import { describe, expect, it } from 'vitest'
import { loadSample, outline, parseAccepted } from '#testing/load-sample.ts'

describe('elevenlabs transcripts', () => {
  it('become turns with estimated ends, and tools at the second of their entry', () => {
    const { segments } = parseAccepted('elevenlabs', loadSample('elevenlabs-transcript'))
    expect(outline(segments)).toEqual([
      'agent 0-3.45 வணக்கம், Lotus Travel, how may I help you today?', // 9 words: 3.45 s
      'caller 4-4.65 ...',
      'agent 5-6 I am listening, take your ti...', // 6 words would take 2.4 s, the next one starts at 6
      'caller 6-7.35 Madurai, next week',
      'agent 9-10.35 Looking for trains.',
      'call 9 find_train({"to": "Madurai"}) rq_1',
      'result 9 find_train: no such station rq_1',
      'caller 9-9.65 Mm.',
      'agent 14-17.1 I could not find that one, sorry. Goodbye!', // 8 words: 3.1 s
      'call 14 end_call({"message": "I could not find that one, sorry. Goodbye!"}) rq_2',
      'result 14 end_call: {"status": "success"} rq_2',
    ])
    const ends = segments.filter((s) => s.kind === 'speech').map((s) => s.timing)
    expect(new Set(ends)).toEqual(new Set(['estimated-end']))
    expect(segments[6]).toMatchObject({ isError: true })
  })

  it('of senders that post role and message alone have no times', () => {
    const { segments } = parseAccepted('elevenlabs', loadSample('elevenlabs-minimal'))
    expect(outline(segments)).toEqual(['agent null Hello, bakery.', 'caller null Two rolls.'])
  })
})
