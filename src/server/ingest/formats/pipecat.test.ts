import { describe, expect, it } from 'vitest'
import { loadSample, outline, parseAccepted } from '#testing/load-sample.ts'

describe('pipecat transcripts', () => {
  it('with times put tools without one behind the turn before', () => {
    expect(outline(parseAccepted('pipecat', loadSample('pipecat-timed')).segments)).toEqual([
      'agent 4.2-5.6 Shop line, hello.',
      'caller 6.1-7.9 Where is order A-9?',
      'call 7.9 find_order({"number": "A-9"}) p1',
      'result 7.9 find_order: {"state": "sent"} p1',
      'agent 9-10.7 It was sent yesterday.',
    ])
  })

  it('without times have none', () => {
    const { segments } = parseAccepted('pipecat', loadSample('pipecat-untimed'))
    expect(segments.map((segment) => segment.timing)).toEqual(Array(4).fill('none'))
  })

  it('of the transcript processor count from the first message', () => {
    expect(outline(parseAccepted('pipecat', loadSample('pipecat-processor')).segments)).toEqual([
      'agent 0-1.35 Shop line, hello.',
      'caller 4.5-7.25 Hi there, are you open on Sunday?', // 7 words: 2.75 s
      'agent 15-15.65 No.',
    ])
  })

  it('of turn events tell the speaker by their keys, and skip turns without text', () => {
    const { segments } = parseAccepted('pipecat', loadSample('pipecat-turn-events'))
    expect(outline(segments)).toEqual([
      'agent 0-1.35 Shop line, hello.',
      'caller 3-4.35 Wait, one thing',
      'agent 6-7.35 Yes, I am',
    ])
    expect(segments[2]).toMatchObject({ isInterrupted: true })
  })

  it('of a context dump keep the tools, and the placeholder of one that is still running', () => {
    const { segments } = parseAccepted('pipecat', loadSample('pipecat-context'))
    expect(outline(segments).slice(4, 8)).toEqual([
      'call null get_time({}) x1',
      'call null get_day() x2',
      'result null get_time: {"time": "08:15"} x1',
      'result null get_day: IN_PROGRESS x2',
    ])
  })
})
