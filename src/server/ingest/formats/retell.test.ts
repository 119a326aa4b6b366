import { describe, expect, it } from 'vitest'
import { loadSample, outline, parseAccepted } from '#testing/load-sample.ts'

describe('retell transcripts', () => {
  it('become turns by their words, tools and neutral events', () => {
    const { segments, warnings } = parseAccepted('retell', loadSample('retell-transcript'))
    expect(outline(segments)).toEqual([
      'event 0.1 node_transition Begin → Greeting',
      'agent 0.5-3.2 Grüß Gott, Praxis Dr. Öttl, was kann ich für Sie tun?', // 11 words of 0.25 s, the last 0.2 s
      'caller 5-6.2 मुझे कल का समय चाहिए।',
      'agent 7-7.7 Gern, ich schaue',
      'call 7.6 find_slot() tc_1',
      'caller 7.9-8.35 Bitte vormittags',
      'agent 7.75-8.2 eben nach.',
      'result 9.1 find_slot: {"slot":"09:40"} tc_1',
      'call 9.2 send_sms({"to":"+4915550100"}) tc_2',
      'result 9.9 send_sms: Gateway timeout\nretry later tc_2',
      'agent 10-11.45 Ich hätte neun Uhr vierzig, also',
      'caller 11.4-11.85 Passt! 👍🏽',
      'agent 11.85 Wunderbar, dann bis morgen.', // no words: never spoken, so no time
      'event 12.5 dtmf 1',
      'caller 13-13.7 Öttl, ja bitte?',
      'event 14 sms Termin 09:40',
      'caller 15.5-16.2 Danke, auf Wiederhören.',
    ])
    expect(segments[7]).toMatchObject({ isError: false })
    expect(segments[9]).toMatchObject({ isError: true })
    expect(segments[10]).toMatchObject({ isInterrupted: true })
    expect(segments[12]).toMatchObject({ timing: 'estimated' })
    expect(warnings).toEqual(['ignored 1 of unknown kind, first is entry 17: role "hold_music"'])
  })

  it('trim the spaces that words carry', () => {
    const [, turn] = parseAccepted('retell', loadSample('retell-transcript')).segments
    const words = turn?.kind === 'speech' ? (turn.words ?? []) : []
    expect(words.slice(0, 2)).toEqual([
      { text: 'Grüß', startSeconds: 0.5, endSeconds: 0.7 },
      { text: 'Gott,', startSeconds: 0.75, endSeconds: 0.95 },
    ])
  })

  it('put tools without a time at the end of the utterance before them', () => {
    const { segments } = parseAccepted('retell', loadSample('retell-untimed-tools'))
    expect(outline(segments).slice(1, 4)).toEqual([
      'agent 2-3.2 I block it right now.',
      'call 3.2 block_card({"last4":"0042"}) b1',
      'result 3.2 block_card:  b1',
    ])
    expect(segments[2]?.timing).toBe('estimated')
  })

  it('take the redacted twin only where nothing else is left', () => {
    const list = [{ role: 'user', content: 'My number is ****.', words: [] }]
    const full = [{ role: 'user', content: 'My number is 7.', words: [] }]
    const text = (call: object) => outline(parseAccepted('retell', { call }).segments)
    expect(
      text({ scrubbed_transcript_with_tool_calls: list, transcript_with_tool_calls: full })[0],
    ).toContain('is 7.')
    expect(text({ scrubbed_transcript_with_tool_calls: list, transcript_object: [] })[0]).toContain(
      '****',
    )
  })
})
