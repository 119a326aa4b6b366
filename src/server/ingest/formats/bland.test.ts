import { describe, expect, it } from 'vitest'
import { loadSample, outline, parseAccepted } from '#testing/load-sample.ts'

describe('bland transcripts', () => {
  it('count from the start of the call, keep actions as events, and call every start a guess', () => {
    const { segments } = parseAccepted('bland', loadSample('bland-call'))
    expect(outline(segments)).toEqual([
      'caller 3.25-4.95 Hello, who is this?', // 4 words: 1.7 s
      'agent 5.5-9.3 This is the ferry office, your ticket for Sun -', // 10 words: 3.8 s
      'event 9 agent-action Pressed 1',
      'caller 39-40 Please put it on my account and send me the receipt',
      'event 39.5 robot Ended call',
    ])
    const speech = segments.filter((segment) => segment.kind === 'speech')
    expect(speech.map((segment) => segment.timing)).toEqual(['estimated', 'estimated', 'estimated'])
    expect(speech.map((segment) => segment.isInterrupted)).toEqual([undefined, true, undefined])
  })

  it('of rows alone count from the first row, and without row times have no times', () => {
    const { transcripts } = Object(loadSample('bland-call'))
    expect(outline(parseAccepted('bland', transcripts).segments)[1]).toContain('agent 2.25-') // 5.5 - 3.25
    const { segments } = parseAccepted('bland', loadSample('bland-rows'))
    expect(segments.map((segment) => segment.timing)).toEqual(['none', 'none', 'none'])
  })
})
