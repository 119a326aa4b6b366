import { describe, expect, it } from 'vitest'
import { loadSample, outline, parseAccepted } from '#testing/load-sample.ts'

describe('vapi transcripts', () => {
  it('become turns, tool calls and results on one clock', () => {
    expect(outline(parseAccepted('vapi', loadSample('vapi-messages')).segments)).toEqual([
      'agent 1.36-3.43 Seaview Hotel, good evening.',
      'caller 4.25-11.75 Well I arrive on Monday, or no, wait, my train is on Tuesday so make it Tuesday.',
      'agent 6.5-6.9 Mhm.',
      'agent 12.5-15.5 One moment, I check Tuesday for you.',
      'call 13.4 find_room({"day": "Tuesday"}) call_sv1',
      'call 13.4 find_offers({}) call_sv2',
      'caller 16-17.25 No rush.',
      'result 16.5 find_room: {"room": 12} call_sv1',
      'result 16.7 find_offers:  call_sv2',
      'agent 18.119999-20.619999 Room twelve is free on Tuesday.',
    ])
  })

  it('keep the words they have on the clock of the call, and the text whole', () => {
    const [, caller] = parseAccepted('vapi', loadSample('vapi-messages')).segments
    // 17 words over 7.5 s: 0.441176 s each, from 4.25; five of them were sent.
    expect(caller).toMatchObject({
      kind: 'speech',
      text: expect.stringMatching(/make it Tuesday\.$/),
    })
    const words = caller?.kind === 'speech' ? (caller.words ?? []) : []
    expect(words.map((word) => word.text)).toEqual(['Well', 'I', 'arrive', 'on', 'Monday,'])
    expect(words[1]).toEqual({
      text: 'I',
      startSeconds: 4.691176,
      endSeconds: 5.132353,
      confidence: 0.9,
    })
  })

  it('read small times as seconds of the call', () => {
    const { segments } = parseAccepted('vapi', loadSample('vapi-plain-seconds'))
    expect(segments.map((segment) => segment.startSeconds)).toEqual([0.4, 2, 3.5])
    expect(segments.map((segment) => segment.timing)).toEqual(Array(3).fill('estimated-end'))
  })

  it('count epoch times from the first entry where no entry has an offset', () => {
    const { segments } = parseAccepted('vapi', [
      { role: 'system', message: 'Be kind.', time: 1767225600000 },
      { role: 'bot', message: 'Hi.', time: 1767225601500, endTime: 1767225602000 },
    ])
    expect(outline(segments)).toEqual(['agent 1.5-2 Hi.'])
  })
})
