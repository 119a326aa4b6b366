import { describe, expect, it } from 'vitest'
import { decideOutcome } from './decide-outcome.ts'

const CALL: Parameters<typeof decideOutcome>[0] = {
  isReviewed: false,
  transcriptState: 'ready',
  recordingState: 'none',
  errorMessage: null,
  judgeSuccess: null,
}

const RECORDING_STATES = ['none', 'waiting', 'analysing', 'ready', 'failed'] as const

describe('decideOutcome', () => {
  it.each(RECORDING_STATES)('passes a transcribed call whose recording is %s', (recordingState) => {
    expect(decideOutcome({ ...CALL, recordingState })).toBe('success')
    expect(decideOutcome({ ...CALL, recordingState, errorMessage: 'answered 404' })).toBe('success')
  })

  it('passes a call in which nobody spoke, and fails one that never took place', () => {
    const call = { ...CALL, transcriptState: 'none' } as const
    expect(decideOutcome(call)).toBe('success')
    expect(decideOutcome({ ...call, errorMessage: 'never connected' })).toBe('failure')
  })

  it.each([
    ['none', 'open'],
    ['waiting', 'open'],
    ['analysing', 'open'],
    ['ready', 'open'],
    ['failed', 'failure'],
  ] as const)(
    'with a transcription to come and a recording that is %s is %s',
    (recordingState, outcome) => {
      const call = { ...CALL, transcriptState: 'needs-transcription', recordingState } as const
      expect(decideOutcome(call)).toBe(outcome)
      expect(decideOutcome({ ...call, errorMessage: 'answered 404' })).toBe(outcome)
    },
  )

  it.each(['ready', 'none', 'needs-transcription'] as const)(
    'never touches a person’s verdict, also where the transcript is %s',
    (transcriptState) => {
      for (const recordingState of RECORDING_STATES) {
        const call = { ...CALL, isReviewed: true, transcriptState, recordingState }
        expect(decideOutcome({ ...call, errorMessage: 'x' })).toBe('closed')
        expect(decideOutcome({ ...call, judgeSuccess: true })).toBe('closed')
      }
    },
  )

  it.each(['ready', 'none', 'needs-transcription'] as const)(
    'keeps what recorded results decided, also where the transcript is %s',
    (transcriptState) => {
      const call = { ...CALL, transcriptState, errorMessage: 'x' }
      expect(decideOutcome({ ...call, judgeSuccess: true })).toBe('judged-success')
      expect(decideOutcome({ ...call, judgeSuccess: false })).toBe('judged-failure')
    },
  )
})
