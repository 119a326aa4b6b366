import { describe, expect, it } from 'vitest'
import type { EndedReasonClass } from '#contract/ended-reason-class.ts'
import { classifyEndedReason } from './classify-ended-reason.ts'
import { aCall, agentSays, callerSays, measured } from './measured-call-builder.ts'

/** Source of the spellings: Cekura API, `call_ended_reason`; Vapi, Retell and LiveKit for the rest. */
const SPELLINGS: Record<EndedReasonClass, string[]> = {
  'agent-ended': [
    'Main agent-ended-call',
    'Main agent-ended-call-after-message-spoken',
    'Main agent-ended-call-with-hangup-task',
    'agent-ended-call',
    'assistant-ended-call',
    'agent-hangup',
    'user_initiated',
  ],
  'caller-ended': [
    'Testing agent-ended-call',
    'external-user-ended-call',
    'participant_disconnected',
    'customer-ended-call',
    'user-hangup',
    'user_hangup',
    'customer-hungup',
  ],
  completed: ['completed', 'hangup', 'session_ended', 'session_end', 'NORMAL_COMPLETION'],
  transferred: ['call_transfer', 'assistant-forwarded-call'],
  'not-reached': [
    'Main agent-did-not-answer',
    'Main agent-busy',
    'Main agent-voicemail',
    'Main agent-invalid-phone-number',
    'customer-did-not-answer',
    'customer-busy',
    'voicemail',
    'no-answer',
    'dial_no_answer',
  ],
  'timed-out': [
    'Main agent-silence-timed-out',
    'exceeded-max-duration',
    'silence-timed-out',
    'max_duration_reached',
    'inactivity',
  ],
  cancelled: ['run-cancelled-by-user', 'call-canceled', 'Testing agent-run-not-ready'],
  'connection-failed': [
    'Main agent-call-not-connected',
    'call-rejected',
    'call-failed-unknown-error',
    'sip-call-failed',
    'Main agent-twilio-client-error',
    'Testing agent-did-not-connect',
  ],
  'system-failed': [
    'Testing agent-dial-out-bot-crashed',
    'Testing agent-dial-in-bot-crashed',
    'Testing agent-sip-dial-out-bot-crashed',
    'Testing agent-pipeline-error',
    'Testing agent-recording-absent',
    'Testing agent-recording-failed',
    'internal-service-error',
    'error_llm_websocket_open',
  ],
  other: ['blue', '42'],
}

describe('ended reason class', () => {
  it.each(Object.entries(SPELLINGS))('finds %s in every spelling', (expected, spellings) => {
    for (const spelling of spellings) expect(classifyEndedReason(spelling), spelling).toBe(expected)
  })

  it('is the label of the finding, with the sender’s words', () => {
    const call = aCall({ endedReason: ' customer-ended-call ' })
    expect(measured('get_ended_reason_class', call)).toMatchObject({
      state: 'scored',
      valueText: 'caller-ended',
      score: null,
      passed: null,
      explanation: 'The sender says “customer-ended-call”.',
    })
  })

  it('does not apply without a reason', () => {
    for (const endedReason of ['', ' - ']) {
      for (const name of ['get_ended_reason_class', 'get_drop_off_position']) {
        expect(measured(name, aCall({ endedReason }))).toMatchObject({
          state: 'skipped',
          skipReason: 'no-input',
          explanation: 'The sender does not say how the call ended.',
        })
      }
    }
  })
})

describe('drop-off position', () => {
  const segments = [
    agentSays([0, 1]),
    agentSays([1, 2]),
    callerSays([3, 4]),
    agentSays([64, 66], { text: 'Which account is it?' }),
  ]

  it('counts the turns of both sides before the caller leaves', () => {
    // Agent (in two segments), caller, agent: 3
    const call = aCall({ segments, endedReason: 'user_hangup' })
    expect(measured('get_drop_off_position', call)).toMatchObject({
      score: 3,
      basis: 'transcript',
      explanation:
        'The sender says “user_hangup” after 3 turns; the last word is the agent’s (01:04).',
      evidence: [{ segmentIndex: 3, quote: 'Which account is it?', startSeconds: 64 }],
      extra: { ended_reason_class: 'caller-ended', last_speaker: 'agent' },
    })
  })

  it('needs no times', () => {
    const untimed = [agentSays(null), callerSays(null)]
    const call = aCall({ segments: untimed, endedReason: 'silence-timed-out' })
    expect(measured('get_drop_off_position', call)).toMatchObject({
      score: 2,
      explanation:
        'The sender says “silence-timed-out” after 2 turns; the last word is the caller’s.',
      evidence: [{ startSeconds: null, endSeconds: null }],
    })
  })

  it('does not apply where the agent ends the call, or nobody knows who, or nothing is said', () => {
    for (const call of [
      aCall({ segments, endedReason: 'agent-ended-call' }),
      aCall({ segments, endedReason: 'completed' }),
      aCall({ segments: [], endedReason: 'user_hangup' }),
    ]) {
      expect(measured('get_drop_off_position', call)).toMatchObject({
        state: 'skipped',
        skipReason: 'no-input',
        score: null,
      })
    }
  })
})
