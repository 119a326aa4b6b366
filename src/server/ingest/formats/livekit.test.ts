import { describe, expect, it } from 'vitest'
import { loadSample, outline, parseAccepted } from '#testing/load-sample.ts'

describe('livekit transcripts', () => {
  it('of a session report count from the start of the recording, in s or ms', () => {
    const parsed = parseAccepted('livekit', loadSample('livekit-session-report'))
    expect(outline(parsed.segments)).toEqual([
      'agent 3.5-5.25 Garage Nord, hello.',
      'caller 13.5-14.5 Thanks, bye.',
      'caller 6-7.5 Is my car ready?',
      'caller 8.5-10.2 (caller is a member)', // filed at 8.5; 4 words take 1.7 s
      'call 9 car_state({}) c9',
      'result 9.25 car_state: ready c9',
    ])
    expect(parsed.segments[3]?.timing).toBe('estimated')
    expect(parsed.warnings).toEqual([
      '1 user message(s) without speech metrics may be injected text, not speech',
      'entries are not in the order of their times; they are kept in the order they came in', // 13.5, 6
    ])
  })

  it('of a history without metrics use the filing time for order, and call it an estimate', () => {
    const { segments, warnings } = parseAccepted('livekit', loadSample('livekit-history'))
    expect(outline(segments)).toEqual([
      'agent 0-1.35 Garage Nord, hello.', // 3 words: 1.35 s
      'caller 6.5-8 Look at this:\nit rattles 🔧', // 6 words would take 2.4 s, the next one starts at 8
      'call 7.25 book_slot({"day":"Monday"}) c1',
      'result 7.5 book_slot: full c1',
      'agent 8-10.4 Monday is full, Tuesday\nis free.', // 6 words: 2.4 s
      'event 9 agent_handoff front → workshop',
      'event 11 agent_config_update ',
    ])
    expect(segments[0]?.timing).toBe('estimated')
    expect(segments[3]).toMatchObject({ isError: true })
    expect(segments[4]).toMatchObject({ isInterrupted: true })
    expect(warnings).toEqual([])
  })

  it('from Node spell their keys otherwise', () => {
    expect(outline(parseAccepted('livekit', loadSample('livekit-node-items')).segments)).toEqual([
      'agent 0-1 Welcome back.',
      'call 1.5 lookup({"id":5}) z1',
      'result 2 lookup: gone z1',
      'caller 3.5-4.15 Hello?',
    ])
  })

  it('of the plain list start where it says', () => {
    expect(outline(parseAccepted('livekit', loadSample('livekit-timestamps')).segments)).toEqual([
      'caller 0-2 Hi, is this the garage?', // 5 words would take 2.05 s, the reply starts at 2
      'agent 2-4.4 Yes, what does your car need?',
      'caller 9-10 New tyres.',
    ])
  })

  it('without timestamps have no times', () => {
    const { segments } = parseAccepted('livekit', {
      items: [
        { type: 'message', role: 'user', content: ['Hi.'] },
        { type: 'message', role: 'assistant', content: ['Hello.'] },
      ],
    })
    expect(segments.map((segment) => segment.timing)).toEqual(['none', 'none'])
  })
})
