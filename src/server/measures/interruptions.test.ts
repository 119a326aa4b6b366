import { describe, expect, it } from 'vitest'
import { aCall, agentSays, aHeardCall, callerSays, measured } from './measured-call-builder.ts'

/** Both cut in twice; the agent in 2 of its 4 turns. */
const OVERLAPPING = [
  agentSays([0, 5]),
  callerSays([4, 7], { text: 'No, wait' }), // in from 4, the agent stops at 5: 1000 ms
  agentSays([6.5, 9], { text: 'I see' }), // in from 6.5
  callerSays([8.6, 12]), // in from 8.6, the agent stops at 9: 400 ms
  agentSays([11, 13]), // in from 11
  callerSays([14, 15]),
  agentSays([15.5, 18]),
  callerSays([17.9, 20]), // only 0.1 s together: they touch
]

describe('interruptions', () => {
  it('are counted both ways, where both speak for 0.2 s', () => {
    expect(measured('get_ai_interrupting_user', aCall({ segments: OVERLAPPING }))).toMatchObject({
      score: 2,
      passed: null,
      basis: 'transcript',
      explanation: 'The agent cuts in 2 times (00:06) (00:11). Read from the transcript.',
      evidence: [
        { segmentIndex: 4, startSeconds: 11, endSeconds: 12, note: 'both speak for 1 s' },
        {
          segmentIndex: 2,
          quote: 'I see',
          startSeconds: 6.5,
          endSeconds: 7,
          note: 'both speak for 0.5 s',
        },
      ],
    })
    expect(measured('get_user_interrupting_ai', aCall({ segments: OVERLAPPING }))).toMatchObject({
      score: 2,
      evidence: [{ quote: 'No, wait', startSeconds: 4, endSeconds: 5 }, { startSeconds: 8.6 }],
    })
  })

  it('are counted in the sound, where a breath of less than 0.3 s ends nothing', () => {
    const call = aHeardCall({
      // The agent breathes at 5.0 and pauses at 8.
      agent: [
        [1, 5],
        [5.2, 8],
        [9, 12],
      ],
      // In at 4 and on over the breath; then at 9.5.
      caller: [
        [4, 6],
        [9.5, 10],
      ],
      durationSeconds: 15,
    })
    expect(measured('get_user_interrupting_ai', call)).toMatchObject({ score: 2, basis: 'audio' })
    expect(measured('get_ai_interrupting_user', call)).toMatchObject({
      score: 0,
      explanation: 'The agent cuts in at no time. Measured in the sound.',
      evidence: [],
    })
  })

  it('are also those that the sender marks, without any times', () => {
    const segments = [
      callerSays(null, { text: 'I would like', isInterrupted: true }),
      agentSays(null),
    ]
    expect(measured('get_ai_interrupting_user', aCall({ segments }))).toMatchObject({
      score: 1,
      explanation: 'The agent cuts in once. Read from the transcript.',
      evidence: [
        {
          segmentIndex: 0,
          quote: 'I would like',
          startSeconds: null,
          note: 'the sender marks it as cut off',
        },
      ],
    })
  })

  it('are unknown without times and marks, never none', () => {
    const segments = [callerSays(null), agentSays(null)]
    for (const name of [
      'get_ai_interrupting_user',
      'get_user_interrupting_ai',
      'get_interruption_score',
      'get_stop_time_after_user_interruption',
    ]) {
      expect(measured(name, aCall({ segments }))).toMatchObject({
        state: 'skipped',
        skipReason: 'no-input',
        score: null,
      })
    }
  })

  it('are none where one speaks alone', () => {
    const segments = [agentSays([0, 5]), agentSays([4, 9])]
    expect(measured('get_ai_interrupting_user', aCall({ segments })).score).toBe(0)
  })
})

describe('evidence of interruptions', () => {
  it('is the five longest overlaps, then what the sender marks', () => {
    // Overlaps of 1, 2, … 6 s by the agent, each in a caller's turn of 10 s
    const turns = [1, 2, 3, 4, 5, 6].flatMap((length, index) => [
      callerSays([index * 20, index * 20 + 10]),
      agentSays([index * 20 + 10 - length, index * 20 + 15]),
    ])
    const marked = callerSays([200, 201], { isInterrupted: true })
    const { score, evidence } = measured(
      'get_ai_interrupting_user',
      aCall({ segments: [marked, ...turns] }),
    )
    expect(score).toBe(7)
    // Caller's ends at 110, 90, 70, 50 and 30, less the lengths
    expect(evidence.map(({ startSeconds }) => startSeconds)).toEqual([104, 85, 66, 47, 28])
  })
})

describe('interruption score', () => {
  it('falls with the share of the agent’s turns that cut in', () => {
    // 2 interruptions in 4 turns: 5 · (1 - 2 / 4)
    expect(measured('get_interruption_score', aCall({ segments: OVERLAPPING }))).toMatchObject({
      score: 2.5,
      explanation:
        'The agent cuts in 2 times in 4 turns (00:06) (00:11). Read from the transcript.',
    })
  })

  it('counts speech of one side that nobody parts as one turn', () => {
    const segments = [
      agentSays([0, 1]),
      agentSays([1.5, 3]),
      callerSays([4, 6]),
      agentSays([5, 7]), // cuts in
      callerSays([8, 9]),
      agentSays([10, 11]),
    ]
    // 1 interruption in 3 turns: 5 · (1 - 1 / 3) = 3.33
    expect(measured('get_interruption_score', aCall({ segments })).score).toBe(3.33)
  })

  it('is never below 0', () => {
    // In one caller's breath the agent cuts in twice, which by turns is one turn.
    const call = aHeardCall({
      agent: [
        [2, 3],
        [5, 6],
      ],
      caller: [[0, 9]],
      durationSeconds: 10,
    })
    expect(measured('get_interruption_score', call).score).toBe(0)
  })

  it('does not apply where the agent never speaks', () => {
    const finding = measured('get_interruption_score', aCall({ segments: [callerSays([0, 5])] }))
    expect(finding).toMatchObject({ state: 'skipped', explanation: 'The agent never speaks.' })
  })
})

describe('stop time after a user interruption', () => {
  it('is the mean time from the caller cutting in to the agent’s silence', () => {
    // (5 - 4) and (9 - 8.6): (1000 + 400) / 2
    expect(
      measured('get_stop_time_after_user_interruption', aCall({ segments: OVERLAPPING })),
    ).toMatchObject({
      score: 700,
      explanation:
        'Mean of 2 interruptions by the caller. The longest, 1 s, begins at (00:04). Read from the transcript.',
      evidence: [
        {
          startSeconds: 4,
          endSeconds: 5,
          quote: 'No, wait',
          note: 'the agent goes on for 1000 ms',
        },
        { startSeconds: 8.6, endSeconds: 9 },
      ],
    })
  })

  it('lasts until the agent is silent, also where the caller was silent first', () => {
    const call = aHeardCall({ agent: [[0, 8]], caller: [[3, 3.5]], durationSeconds: 10 })
    // 8 - 3
    expect(measured('get_stop_time_after_user_interruption', call)).toMatchObject({
      score: 5000,
      basis: 'audio',
    })
  })

  it('does not apply where the caller never cuts in', () => {
    const segments = [agentSays([0, 3]), callerSays([4, 5])]
    expect(measured('get_stop_time_after_user_interruption', aCall({ segments }))).toMatchObject({
      state: 'skipped',
      explanation: 'The caller never cuts in.',
    })
  })
})
