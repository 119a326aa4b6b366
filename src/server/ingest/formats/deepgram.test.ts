import { describe, expect, it } from 'vitest'
import { loadSample, parseAccepted } from '#testing/load-sample.ts'
import type { TranscriptContext } from './format.ts'

const word = (text: string, start: number, speaker?: number) => ({
  word: text,
  start,
  end: start + 0.4,
  speaker,
})
const TWO = [word('hello', 0, 5), word('there', 0.5, 5), word('hi', 2, 3)]

function rolesOf(json: unknown, context: Partial<TranscriptContext>): [string, string | null] {
  const { segments, speakerRule } = parseAccepted('deepgram', json, context)
  return [segments.map((s) => (s.kind === 'speech' ? s.speaker : s.kind)).join(' '), speakerRule]
}

describe('deepgram transcripts', () => {
  it('become one turn per run of words of one speaker, however long the pause', () => {
    const { segments } = parseAccepted('deepgram', [...TWO, word('again', 60, 3)])
    expect(segments).toMatchObject([
      { text: 'hello there', startSeconds: 0, endSeconds: 0.9, timing: 'given' },
      { text: 'hi again', startSeconds: 2, endSeconds: 60.4, timing: 'given' },
    ])
  })

  it('say which rule decided who the agent is', () => {
    expect(rolesOf(TWO, { agentIsInbound: true })).toEqual([
      'agent caller',
      'first speaker (inbound)',
    ])
    expect(rolesOf(TWO, { agentIsInbound: false })).toEqual([
      'caller agent',
      'first speaker (outbound)',
    ])
    expect(rolesOf(TWO, {})).toEqual(['agent caller', 'first speaker (direction unknown)'])
    const numbered = [word('hello', 0, 1), word('hi', 2, 0)]
    expect(rolesOf(numbered, { mainAgentChannelIndex: 0, agentIsInbound: true })).toEqual([
      'caller agent',
      'main_agent_channel_index',
    ])
    const stereo = loadSample('deepgram-multichannel')
    expect(rolesOf(stereo, { mainAgentChannelIndex: 1 })).toEqual([
      'caller agent caller',
      'channel',
    ])
    expect(rolesOf(stereo, { agentIsInbound: false })).toEqual([
      'caller agent caller',
      'first speaker (outbound)',
    ])
  })

  it('have one caller and no agent where an outbound call has one speaker', () => {
    expect(rolesOf([word('hello', 0, 0)], { agentIsInbound: false })[0]).toBe('caller')
  })

  it('fall back to the order of speakers where an index is known but no word has a speaker', () => {
    expect(rolesOf([word('hello', 0)], { mainAgentChannelIndex: 1 })).toEqual([
      'agent',
      'first speaker (direction unknown)',
    ])
  })

  it('are merged by time over the channels, from the best alternative', () => {
    const { segments } = parseAccepted('deepgram', loadSample('deepgram-multichannel'))
    expect(segments.map((s) => s.kind === 'speech' && s.text)).toEqual([
      'Can I renew my pass?',
      'Sure, that is done now.',
      'Thanks.',
    ])
  })

  it('are read from utterances where there are no channels', () => {
    const utterances = [
      {
        start: 0,
        end: 0.9,
        transcript: 'hello there',
        speaker: 1,
        words: [
          { word: 'hello', start: 0, end: 0.4 },
          { word: 'there', start: 0.5, end: 0.9 },
        ],
      },
      {
        start: 2,
        end: 2.4,
        transcript: 'hi',
        speaker: 0,
        words: [{ word: 'hi', start: 2, end: 2.4 }],
      },
    ]
    for (const json of [{ results: { utterances } }, utterances]) {
      expect(parseAccepted('deepgram', json).segments).toMatchObject([
        { speaker: 'agent', text: 'hello there' },
        { speaker: 'caller', text: 'hi' },
      ])
    }
  })

  it('keep a word without a time or a speaker beside the word before it', () => {
    const { segments } = parseAccepted('deepgram', [TWO[0], { word: 'um' }, TWO[1], TWO[2]])
    expect(segments[0]).toMatchObject({
      text: 'hello um there',
      words: [
        { startSeconds: 0 },
        { text: 'um', startSeconds: 0.4, endSeconds: 0.4 },
        { startSeconds: 0.5 },
      ],
    })
  })

  it('keep confidence and count of the words of a whole response', () => {
    const [turn] = parseAccepted('deepgram', loadSample('deepgram-response')).segments
    expect(turn).toMatchObject({ kind: 'speech', startSeconds: 0.08, endSeconds: 25.439999 })
    const words = turn?.kind === 'speech' ? (turn.words ?? []) : []
    expect(words).toHaveLength(62)
    expect(words[0]).toEqual({
      text: 'Yeah.',
      startSeconds: 0.08,
      endSeconds: 0.32,
      confidence: 0.9980539,
    })
  })
})
