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

/** Silent from 2 to 4, 6 to 17 and 18 to 20. */
const WITH_PAUSES = [agentSays([0, 2]), callerSays([4, 6]), agentSays([17, 18])]

describe('silence detection', () => {
  it('says no where both are silent for longer than 10 s', () => {
    // 17 - 6 = 11 s
    const call = aCall({ segments: WITH_PAUSES, durationSeconds: 20 })
    expect(measured('check_silence', call)).toMatchObject({
      passed: false,
      score: 0,
      basis: 'transcript',
      explanation:
        'The longest silence, 11 s, begins at (00:06); up to 10 s are allowed. Read from the transcript.',
      evidence: [
        {
          segmentIndex: 1,
          quote: 'one two',
          startSeconds: 6,
          endSeconds: 17,
          note: 'nobody speaks for 11 s',
        },
      ],
    })
  })

  it('allows what is configured, and not a moment more', () => {
    const call = aCall({ segments: WITH_PAUSES, durationSeconds: 20 })
    expect(measured('check_silence', call, { silence_duration: 11 })).toMatchObject({
      passed: true,
      score: 5,
      evidence: [],
    })
    expect(measured('check_silence', call, { silence_duration: 10.9 }).passed).toBe(false)
    // Neither words nor nothing are a length: 10 s it is.
    expect(measured('check_silence', call, { silence_duration: 'long' }).passed).toBe(false)
    expect(measured('check_silence', call, { silence_duration: 0 }).passed).toBe(false)
  })

  it('looks at the beginning and the end of the call too', () => {
    // 0 to 12; 2 to 13
    const late = aCall({ segments: [agentSays([12, 13])], durationSeconds: 13 })
    const long = aCall({ segments: [agentSays([0, 2])], durationSeconds: 13 })
    expect(measured('check_silence', late)).toMatchObject({
      passed: false,
      evidence: [{ startSeconds: 0, endSeconds: 12 }],
    })
    expect(measured('check_silence', long)).toMatchObject({
      passed: false,
      evidence: [{ startSeconds: 2, endSeconds: 13 }],
    })
  })

  it('takes one who speaks while the other is silent for no silence', () => {
    const segments = [agentSays([0, 1]), callerSays([1, 30]), agentSays([31, 32])]
    expect(measured('check_silence', aCall({ segments, durationSeconds: 32 })).passed).toBe(true)
  })

  it('needs no channels: in mono nobody speaks either', () => {
    const channels = [
      aChannel([
        [0, 3],
        [15, 16],
      ]),
    ]
    const heard = { speech: aSound({ channels, durationSeconds: 16 }), agentChannel: null }
    // 15 - 3 = 12 s, although the transcript's times know nothing of it
    const segments = [agentSays([0, 8]), callerSays([8, 16])]
    expect(measured('check_silence', aCall({ heard, segments }))).toMatchObject({
      passed: false,
      basis: 'audio',
      evidence: [{ segmentIndex: 0, startSeconds: 3, endSeconds: 15 }],
    })
  })

  it('trusts no recording that lacks one of the speakers', () => {
    const channels = [aChannel([[0, 3]]), aChannel([])]
    const heard = { speech: aSound({ channels, durationSeconds: 16 }), agentChannel: 0 as const }
    const segments = [agentSays([0, 3]), callerSays([3, 16])]
    expect(measured('check_silence', aCall({ heard, segments }))).toMatchObject({
      passed: true,
      basis: 'transcript',
    })
    // Without times of the transcript nothing is left.
    const untimed = aCall({ heard, segments: [agentSays(null), callerSays(null)] })
    expect(measured('check_silence', untimed)).toMatchObject({ state: 'skipped' })
  })

  it('hears a recording without any speech as one silence', () => {
    const call = aCall({ heard: { speech: aSound({ durationSeconds: 42 }), agentChannel: null } })
    expect(measured('check_silence', call)).toMatchObject({
      passed: false,
      evidence: [{ segmentIndex: null, startSeconds: 0, endSeconds: 42 }],
    })
  })

  it('does not apply without times', () => {
    const segments = [agentSays([0, 1]), callerSays(null)]
    for (const name of ['check_silence', 'get_silence_share', 'check_infrastructure_issues']) {
      expect(measured(name, aCall({ segments }))).toMatchObject({
        state: 'skipped',
        skipReason: 'no-input',
        passed: null,
      })
    }
  })
})

describe('silence share', () => {
  it('is the part of the call in which nobody speaks', () => {
    // 2 to 4, 6 to 17 and 18 to 20 are 15 of 20 s
    const call = aCall({ segments: WITH_PAUSES, durationSeconds: 20 })
    expect(measured('get_silence_share', call)).toMatchObject({
      score: 0.75,
      explanation: 'Nobody speaks in 15 s of 20 s. Read from the transcript.',
      evidence: [{ startSeconds: 6 }, { startSeconds: 2 }, { startSeconds: 18 }],
    })
  })

  it('counts time in which both speak once, and breaths not at all', () => {
    const call = aHeardCall({
      agent: [
        [0, 4],
        [4.2, 6],
      ],
      caller: [[5, 8]],
      durationSeconds: 10,
    })
    // Somebody speaks from 0 to 8, the breath from 4 to 4.2 included: 2 of 10 s are silent
    expect(measured('get_silence_share', call)).toMatchObject({ score: 0.2, basis: 'audio' })
  })

  it('ends with the call, whatever times come after it', () => {
    const call = aCall({ segments: [agentSays([0, 5]), agentSays([8, 30])], durationSeconds: 10 })
    // 5 to 8 of 10 s
    expect(measured('get_silence_share', call).score).toBe(0.3)
  })

  it('does not apply to a call of no length', () => {
    const speech = aSound({ durationSeconds: 0 })
    expect(
      measured('get_silence_share', aCall({ heard: { speech, agentChannel: null } })),
    ).toMatchObject({ state: 'skipped', explanation: 'The length of the call is not known.' })
  })
})

describe('infrastructure issues', () => {
  it('are there where the agent leaves the caller without an answer', () => {
    // 17 - 6 = 11 s after the caller; nobody waits from 2 to 4 and from 18 to 20
    const call = aCall({ segments: WITH_PAUSES, durationSeconds: 20 })
    expect(measured('check_infrastructure_issues', call)).toMatchObject({
      passed: false,
      basis: 'transcript',
      explanation:
        'The caller waits 11 s at the longest (00:06); up to 10 s are allowed. Read from the transcript.',
      evidence: [{ segmentIndex: 1, startSeconds: 6, endSeconds: 17, note: 'no answer for 11 s' }],
    })
    expect(measured('check_infrastructure_issues', call, { infra_issues_timeout: 12 }).passed).toBe(
      true,
    )
  })

  it('are there where the caller has to speak again before anyone answers', () => {
    const call = aHeardCall({
      agent: [[19, 20]],
      caller: [
        [1, 3],
        [15, 18],
      ],
      durationSeconds: 20,
    })
    // 3 to 15 is 12 s; the answer itself comes after 1 s
    expect(measured('check_infrastructure_issues', call)).toMatchObject({
      passed: false,
      basis: 'audio',
      evidence: [{ startSeconds: 3, endSeconds: 15 }],
    })
  })

  it('are there where the call goes on after the caller’s last word', () => {
    const segments = [agentSays([0, 2]), callerSays([3, 5])]
    // 5 to 16
    expect(
      measured('check_infrastructure_issues', aCall({ segments, durationSeconds: 16 })).passed,
    ).toBe(false)
    // 5 to 14
    expect(
      measured('check_infrastructure_issues', aCall({ segments, durationSeconds: 14 })).passed,
    ).toBe(true)
  })

  it('are none where the agent speaks and the caller is silent', () => {
    const segments = [callerSays([0, 1]), agentSays([1.5, 3]), callerSays([30, 31])]
    expect(
      measured('check_infrastructure_issues', aCall({ segments, durationSeconds: 31 })),
    ).toMatchObject({
      passed: true,
      explanation:
        'The caller waits 0.5 s at the longest (00:01); up to 10 s are allowed. Read from the transcript.',
    })
  })

  it('do not apply where the caller never speaks', () => {
    const call = aCall({ segments: [agentSays([0, 5])], durationSeconds: 60 })
    expect(measured('check_infrastructure_issues', call)).toMatchObject({
      state: 'skipped',
      explanation: 'The caller never speaks.',
    })
  })
})
