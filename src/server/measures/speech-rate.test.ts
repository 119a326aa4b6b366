import { describe, expect, it } from 'vitest'
import {
  aCall,
  aChannel,
  agentSays,
  aHeardCall,
  aSound,
  callerSays,
  measured,
} from './measured-call-builder.ts'

/** That many words. */
function words(count: number): string {
  return Array.from({ length: count }, (_, index) => `word${index}`).join(' ')
}

describe('talk ratio', () => {
  it('is the agent’s part of the whole call', () => {
    const segments = [agentSays([0, 4]), callerSays([5, 8]), agentSays([8, 10])]
    // (4 + 2) / 20
    expect(measured('get_talk_ratio', aCall({ segments, durationSeconds: 20 }))).toMatchObject({
      score: 0.3,
      basis: 'transcript',
      explanation:
        'The agent speaks for 6 s of 20 s, the caller for 3 s. Read from the transcript.',
    })
    // Where nobody knows the length, the last time is the end: 6 / 10
    expect(measured('get_talk_ratio', aCall({ segments })).score).toBe(0.6)
  })

  it('goes by the sound where that tells, overlaps and all', () => {
    const call = aHeardCall(
      {
        agent: [
          [0, 3],
          [6, 9],
        ],
        caller: [[2, 7]],
        durationSeconds: 12,
      },
      { segments: [agentSays([0, 12]), callerSays([0, 1])], durationSeconds: 99 },
    )
    // (3 + 3) / 12
    expect(measured('get_talk_ratio', call)).toMatchObject({ score: 0.5, basis: 'audio' })
  })

  it('counts no speech that lies behind the end', () => {
    const call = aCall({ segments: [agentSays([0, 4]), agentSays([8, 30])], durationSeconds: 10 })
    // 0 to 4 and 8 to 10
    expect(measured('get_talk_ratio', call).score).toBe(0.6)
  })

  it('does not apply where one of the two has no times', () => {
    const segments = [agentSays([0, 4]), callerSays(null)]
    expect(measured('get_talk_ratio', aCall({ segments, durationSeconds: 9 }))).toMatchObject({
      state: 'skipped',
      skipReason: 'no-input',
    })
  })
})

describe('words per minute', () => {
  it('are the agent’s words by its minutes of speaking', () => {
    const segments = [
      agentSays([0, 6], { text: words(15) }),
      callerSays([7, 9], { text: words(30) }),
      agentSays([10, 14], { text: words(10) }),
    ]
    // 25 words in 6 + 4 s: 25 / 10 · 60
    expect(measured('get_words_per_minute', aCall({ segments }))).toMatchObject({
      score: 150,
      basis: 'transcript',
      explanation: 'The agent says 25 words in 10 s of speaking. Read from the transcript.',
    })
  })

  it('take the minutes from the sound where that tells', () => {
    const call = aHeardCall(
      { agent: [[0.5, 5.5]], caller: [[6, 7]], durationSeconds: 8 },
      { segments: [agentSays([0, 6], { text: words(15) }), callerSays(null)] },
    )
    // 15 words in 5 s
    expect(measured('get_words_per_minute', call)).toMatchObject({ score: 180, basis: 'audio' })
  })

  it('leave out words whose time is a guess, and words that were never heard', () => {
    const guessed = agentSays([10, 20], { text: words(9), timing: 'estimated-end' })
    const segments = [agentSays([0, 6], { text: words(15) }), guessed]
    // 15 words in 6 s
    expect(measured('get_words_per_minute', aCall({ segments })).score).toBe(150)

    const unheard = agentSays([6, 6], { text: words(40), timing: 'estimated' })
    const call = aHeardCall(
      { agent: [[0, 6]], caller: [[7, 8]], durationSeconds: 9 },
      { segments: [agentSays([0, 6], { text: words(15) }), unheard] },
    )
    expect(measured('get_words_per_minute', call).score).toBe(150)
  })

  it('do not apply without words or without times', () => {
    const heard = aHeardCall({ agent: [[0, 1]], caller: [[2, 3]], durationSeconds: 4 })
    expect(measured('get_words_per_minute', heard)).toMatchObject({
      state: 'skipped',
      explanation: 'The transcript has no words of the agent.',
    })
    const channels = [aChannel([]), aChannel([[2, 3]])]
    const speech = aSound({ channels, areChannelsSeparable: true })
    const silent = aCall({ segments: [agentSays([0, 1])], heard: { speech, agentChannel: 0 } })
    expect(measured('get_words_per_minute', silent)).toMatchObject({
      state: 'skipped',
      explanation: 'The recording has no speech of the agent.',
    })
    const untimed = aCall({ segments: [agentSays(null)] })
    expect(measured('get_words_per_minute', untimed)).toMatchObject({ state: 'skipped' })
  })
})

describe('speaking rate', () => {
  it('says no where one turn is 1.6 times as fast as usual', () => {
    const segments = [
      agentSays([0, 8], { text: words(20) }), // 150 per minute
      agentSays([10, 18], { text: words(20) }), // 150
      agentSays([20, 24], { text: words(16) }), // 240 = 1.6 · 150
      agentSays([30, 31], { text: 'Yes, of course.' }), // 180, too short to tell
    ]
    expect(measured('check_speaking_rate', aCall({ segments }))).toMatchObject({
      passed: false,
      basis: 'transcript',
      explanation:
        'The agent usually speaks 150 words per minute. The turn farthest from it has 240 (00:20). Read from the transcript.',
      evidence: [{ segmentIndex: 2, startSeconds: 20, note: '240 words per minute' }],
    })
    const slower = segments.with(2, agentSays([20, 24.1], { text: words(16) })) // 239
    expect(measured('check_speaking_rate', aCall({ segments: slower })).passed).toBe(true)
  })

  it('says no where one turn is as much slower', () => {
    const segments = [
      agentSays([0, 4], { text: words(16) }), // 240
      agentSays([10, 14], { text: words(16) }), // 240
      agentSays([20, 28], { text: words(20) }), // 150 = 240 / 1.6
    ]
    expect(measured('check_speaking_rate', aCall({ segments })).passed).toBe(false)
  })

  it('takes no pause within a turn for slow speech where the sound shows it', () => {
    const segments = [
      agentSays([0, 8], { text: words(20) }),
      agentSays([10, 18], { text: words(20) }),
      agentSays([20, 40], { text: words(20) }), // with a tool call of 12 s in it
      callerSays([41, 42]),
    ]
    const call = aHeardCall(
      {
        agent: [
          [0, 8],
          [10, 18],
          [20, 24],
          [36, 40],
        ],
        caller: [[41, 42]],
        durationSeconds: 45,
      },
      { segments },
    )
    // 20 words in 8 s each; by the transcript the third would have 60 per minute
    expect(measured('check_speaking_rate', call)).toMatchObject({ passed: true, basis: 'audio' })
    expect(measured('check_speaking_rate', aCall({ segments })).passed).toBe(false)
  })

  it('does not apply to fewer than three turns that are long enough', () => {
    const segments = [
      agentSays([0, 8], { text: words(20) }),
      agentSays([10, 18], { text: words(20) }),
      agentSays([20, 21], { text: words(9) }),
    ]
    expect(measured('check_speaking_rate', aCall({ segments }))).toMatchObject({
      state: 'skipped',
      explanation: 'The call has less than 3 turns of the agent with times and 10 words.',
    })
  })
})
