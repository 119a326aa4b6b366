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

describe('latency', () => {
  it('is the mean of the waits for a reply, with every turn and the percentiles', () => {
    const segments = [
      agentSays([0, 2]),
      callerSays([3, 5], { text: 'Is there a slot on Tuesday?' }),
      agentSays([6.2, 8]), // 6.2 - 5: 1200 ms
      callerSays([9, 10]),
      callerSays([12, 13]), // the caller's own pause of 2 s is no wait
      agentSays([13.4, 15]), // 13.4 - 13: 400 ms
      callerSays([16, 17]),
      agentSays([19.6, 20]), // 19.6 - 17: 2600 ms
    ]
    // (1200 + 400 + 2600) / 3
    expect(measured('get_latency', aCall({ segments }))).toEqual({
      state: 'scored',
      skipReason: null,
      score: 1400,
      valueText: null,
      passed: null,
      confidence: null,
      basis: 'transcript',
      explanation:
        'Mean of 3 replies. The longest wait, 2.6 s, begins at (00:17). Read from the transcript.',
      evidence: [
        {
          segmentIndex: 6,
          quote: 'one two',
          startSeconds: 17,
          endSeconds: 19.6,
          isFound: true,
          note: 'reply after 2600 ms',
        },
        {
          segmentIndex: 1,
          quote: 'Is there a slot on Tuesday?',
          startSeconds: 5,
          endSeconds: 6.2,
          isFound: true,
          note: 'reply after 1200 ms',
        },
        {
          segmentIndex: 4,
          quote: 'one two',
          startSeconds: 13,
          endSeconds: 13.4,
          isFound: true,
          note: 'reply after 400 ms',
        },
      ],
      extra: {
        turns: [
          { startSeconds: 5, endSeconds: 6.2, valueMs: 1200 },
          { startSeconds: 13, endSeconds: 13.4, valueMs: 400 },
          { startSeconds: 17, endSeconds: 19.6, valueMs: 2600 },
        ],
        // Places in 400, 1200, 2600 are (3 - 1) · part: 0.5, 1, 1.5, 1.8, 1.9 and 1.98, so
        // 400 + 0.5 · 800, 1200, then 1200 + 0.5, 0.8, 0.9 and 0.98 · 1400
        percentiles: { p25: 800, p50: 1200, p75: 1900, p90: 2320, p95: 2460, p99: 2572 },
      },
    })
    // p95 as above
    expect(measured('get_latency_p95', aCall({ segments }))).toMatchObject({
      score: 2460,
      basis: 'transcript',
      explanation:
        '95 of 100 replies come within 2460 ms. The longest wait, 2.6 s, begins at (00:17). Read from the transcript.',
    })
  })

  it('goes by the sound where each speaker has a channel, whatever the transcript says', () => {
    const call = aHeardCall(
      { agent: [[3.25, 5]], caller: [[1, 2.8]], durationSeconds: 6 },
      { segments: [callerSays([1, 2], { text: 'Hello?' }), agentSays([4, 5])] },
    )
    // 3.25 - 2.8 = 0.45 s; the transcript would say 2 s
    expect(measured('get_latency', call)).toMatchObject({
      score: 450,
      basis: 'audio',
      explanation: 'One reply. The longest wait, 0.5 s, begins at (00:02). Measured in the sound.',
      // 2.8 is after the caller's segment ends at 2, more than half a second: no words are shown
      evidence: [{ segmentIndex: null, quote: '', startSeconds: 2.8, endSeconds: 3.25 }],
    })
  })

  it('knows the agent’s channel to be the second', () => {
    const speech = aSound({
      channels: [aChannel([[1, 2]]), aChannel([[2.5, 3]])],
      areChannelsSeparable: true,
    })
    // The caller speaks on the first channel until 2, the agent from 2.5
    expect(measured('get_latency', aCall({ heard: { speech, agentChannel: 1 } })).score).toBe(500)
    // The other way round nobody answers
    expect(measured('get_latency', aCall({ heard: { speech, agentChannel: 0 } }))).toMatchObject({
      state: 'skipped',
      skipReason: 'no-input',
      score: null,
      explanation: 'The agent never answers the caller.',
    })
  })

  it('takes what a caller says within the agent’s speech for no turn that is answered', () => {
    const call = aHeardCall({
      agent: [
        [0, 10],
        [11, 12],
        [16, 17],
      ],
      caller: [
        [4, 4.5],
        [14, 15],
      ],
      durationSeconds: 20,
    })
    // Only 15 to 16: the pause of the agent from 10 to 11 comes long after the "mhm"
    expect(measured('get_latency', call).extra.turns).toEqual([
      { startSeconds: 15, endSeconds: 16, valueMs: 1000 },
    ])
  })

  it('says 0 ms where the agent takes over before the caller has ended', () => {
    const segments = [callerSays([0, 3]), agentSays([2.5, 5])]
    expect(measured('get_latency', aCall({ segments })).score).toBe(0)
  })

  it('uses the transcript where the sound is mono', () => {
    const heard = { speech: aSound({ channels: [aChannel([[0, 9]])] }), agentChannel: null }
    const segments = [callerSays([0, 3]), agentSays([4, 5])]
    expect(measured('get_latency', aCall({ segments, heard }))).toMatchObject({
      score: 1000,
      basis: 'transcript',
    })
  })

  it('says what is missing', () => {
    const missing = (more: Parameters<typeof aCall>[0]) =>
      measured('get_latency', aCall(more)).explanation
    const segments = [callerSays(null), agentSays(null)]
    expect(missing({})).toBe(
      'The transcript has no speech, and there is no recording that could be listened to.',
    )
    expect(missing({ segments })).toBe(
      'The transcript lacks times that its sender vouches for, and there is no recording that could be listened to.',
    )
    expect(missing({ segments, heard: { speech: aSound({}), agentChannel: null } })).toBe(
      'The transcript lacks times that its sender vouches for, and the recording has one channel for both speakers.',
    )
    const stereo = aSound({ channels: [aChannel([[0, 1]]), aChannel([[0, 1]])] })
    expect(missing({ segments, heard: { speech: stereo, agentChannel: 0 } })).toContain(
      'the recording has no channel for each speaker.',
    )
    const separable = { ...stereo, areChannelsSeparable: true }
    expect(missing({ segments, heard: { speech: separable, agentChannel: null } })).toContain(
      'nobody knows which channel of the recording is the agent’s.',
    )
    const deaf = { ...separable, engine: 'none' }
    expect(missing({ segments, heard: { speech: deaf, agentChannel: 0 } })).toContain(
      'no speech could be told from noise in the recording.',
    )
  })

  it('does not apply to a monologue', () => {
    for (const segments of [[agentSays([0, 5])], [callerSays([0, 5])]]) {
      const finding = measured('get_latency_p95', aCall({ segments }))
      expect(finding).toMatchObject({ state: 'skipped', skipReason: 'no-input', score: null })
    }
  })
})
