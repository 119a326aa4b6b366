import { describe, expect, it } from 'vitest'
import { aCall, agentSays, aSound, callerSays, measured } from './measured-call-builder.ts'

describe('call duration', () => {
  const segments = [agentSays([0, 58.25]), callerSays([3, 5])]
  const heard = { speech: aSound({ durationSeconds: 61.5 }), agentChannel: null }

  it('is what the sender says', () => {
    expect(
      measured('get_call_duration', aCall({ durationSeconds: 62, heard, segments })),
    ).toMatchObject({
      score: 62,
      basis: null,
      explanation: 'The call lasts 62 s, as its sender says.',
    })
  })

  it('is the recording’s length, else the transcript’s last time', () => {
    expect(measured('get_call_duration', aCall({ heard, segments }))).toMatchObject({
      score: 61.5,
      basis: 'audio',
    })
    expect(measured('get_call_duration', aCall({ durationSeconds: 0, segments }))).toMatchObject({
      score: 58.25,
      basis: 'transcript',
    })
  })

  it('is unknown where nothing tells, never 0', () => {
    expect(measured('get_call_duration', aCall({ segments: [agentSays(null)] }))).toMatchObject({
      state: 'skipped',
      skipReason: 'no-input',
      score: null,
    })
  })
})
