import { describe, expect, it } from 'vitest'
import { aCall, agentSays, callerSays, measured } from './measured-call-builder.ts'

describe('repeated phrases', () => {
  it('are runs of six or more words that the agent has said before', () => {
    const segments = [
      agentSays([0, 3], { text: 'Can I have your account number, please?' }),
      callerSays([4, 6], { text: 'Can I have your account number please' }),
      agentSays([7, 9], { text: 'Sorry. Can I have your ACCOUNT number please, sir?' }),
      agentSays([10, 11], { text: 'Can I have your account, please?' }), // five words, then another
    ]
    // "can i have your account number please" once; what the caller repeats is no fault of the agent
    expect(measured('get_repeated_phrases', aCall({ segments }))).toMatchObject({
      score: 1,
      basis: 'transcript',
      explanation: 'The agent says 1 phrase of 6 or more words again (00:07).',
      evidence: [
        {
          segmentIndex: 2,
          startSeconds: 7,
          endSeconds: 9,
          note: 'again: “can i have your account number please”',
        },
      ],
    })
  })

  it('count each time, also within one turn', () => {
    const phrase = 'the office is open until five'
    const segments = [
      agentSays(null, { text: `So ${phrase}. As I said, ${phrase}!` }),
      agentSays(null, { text: phrase }),
    ]
    expect(measured('get_repeated_phrases', aCall({ segments })).score).toBe(2)
  })

  it('are not what a run of equal words makes of itself', () => {
    // Six of them are known once they are over, so 12 are one repetition and 11 none.
    const say = (count: number) => agentSays(null, { text: Array(count).fill('no').join(' ') })
    expect(measured('get_repeated_phrases', aCall({ segments: [say(11)] })).score).toBe(0)
    expect(measured('get_repeated_phrases', aCall({ segments: [say(12)] })).score).toBe(1)
  })

  it('are found in scripts without spaces', () => {
    const text = '申し訳ありませんが、もう一度お名前を教えてください'
    const segments = [agentSays(null, { text }), agentSays(null, { text: `はい。${text}` })]
    expect(measured('get_repeated_phrases', aCall({ segments })).score).toBe(1)
  })

  it('are none in different words, and unknown without any', () => {
    const segments = [agentSays(null, { text: 'Hello there.' })]
    expect(measured('get_repeated_phrases', aCall({ segments }))).toMatchObject({
      score: 0,
      explanation: 'The agent never says 6 or more words again in the same order.',
    })
    expect(measured('get_repeated_phrases', aCall({ segments: [callerSays(null)] }))).toMatchObject(
      { state: 'skipped', skipReason: 'no-input' },
    )
  })
})
