import type { EndedReasonClass } from '#contract/ended-reason-class.ts'

/**
 * The first that fits decides: a failure of speech synthesis in a pipeline is a failure, whoever was to speak.
 * Source: Cekura API, `call_ended_reason`, and the reasons of Vapi, Retell, ElevenLabs, LiveKit and Bland.
 */
const RULES: readonly (readonly [EndedReasonClass, RegExp])[] = [
  [
    'not-reached',
    /voice ?mail|machine detected|did not answer|no answer|not answered|dial no|busy/,
  ],
  ['not-reached', /invalid (phone )?(number|destination)|not reachable|unreachable/],
  ['timed-out', /silence|inactivity|timed? ?out|max(imum)? duration|exceeded max|time limit/],
  ['transferred', /transfer|forward|hand ?off|escalat/],
  ['cancelled', /cancel|not ready/],
  [
    'connection-failed',
    /not connect|connection|rejected|declined|\bsip\b.*fail|twilio.*error|network/,
  ],
  ['connection-failed', /(call|dial) failed/],
  ['system-failed', /error|crash|fail|fault|absent|exception|not found|missing|invalid|limit/],
  ['caller-ended', /\b(customer|caller|user|human|testing agent|participant|client|remote party)/],
  ['agent-ended', /\b(agent|assistant|bot|ai)\b/],
  ['completed', /complet|hang ?up|hung ?up|session end|ended|finished|done|success|goodbye/],
]

/** Spellings that the rules would read otherwise. `user_initiated`: the agent's own logic ended the session. */
const EXACTLY: Record<string, EndedReasonClass> = { 'user initiated': 'agent-ended' }

/** Which class a reason belongs to, in whichever case and with whichever hyphens; null for an empty one. */
export function classifyEndedReason(reason: string): EndedReasonClass | null {
  const words = reason
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
  if (words === '') return null
  const exactly = EXACTLY[words]
  if (exactly) return exactly
  return RULES.find(([, pattern]) => pattern.test(words))?.[0] ?? 'other'
}
