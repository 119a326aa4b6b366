/**
 * How calls end, as classes that every provider's spelling falls into. Source: the groups of Cekura API,
 * `call_ended_reason`, of which completion is split by who ended the call.
 */
export const ENDED_REASON_CLASSES = [
  'agent-ended',
  'caller-ended',
  'completed',
  'transferred',
  'not-reached',
  'timed-out',
  'cancelled',
  'connection-failed',
  'system-failed',
  'other',
] as const

export type EndedReasonClass = (typeof ENDED_REASON_CLASSES)[number]
