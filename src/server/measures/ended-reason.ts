import type { EndedReasonClass } from '#contract/ended-reason-class.ts'
import { type Finding, scored, skipped } from '#contract/metric-result.ts'
import { classifyEndedReason } from './classify-ended-reason.ts'
import { countTurns } from './count-turns.ts'
import { at, counted, evidenceOf } from './evidence.ts'
import type { PreparedCall } from './prepare-call.ts'

const NO_REASON = 'The sender does not say how the call ended.'

const DROPPED: ReadonlySet<EndedReasonClass> = new Set([
  'caller-ended',
  'not-reached',
  'timed-out',
  'cancelled',
  'connection-failed',
  'system-failed',
])

export function labelEndedReason({ endedReason }: PreparedCall): Finding {
  const valueText = classifyEndedReason(endedReason)
  if (valueText === null) return skipped('no-input', NO_REASON)
  return scored({ valueText, explanation: `The sender says “${endedReason.trim()}”.` })
}

/** After how many turns of both a call ended that the agent did not end. */
export function measureDropOff({ segments, endedReason }: PreparedCall): Finding {
  const endedBy = classifyEndedReason(endedReason)
  if (endedBy === null) return skipped('no-input', NO_REASON)
  const said = `The sender says “${endedReason.trim()}”`
  if (!DROPPED.has(endedBy)) return skipped('no-input', `${said}: that is no drop-off.`)
  const last = segments.findLastIndex(({ kind }) => kind === 'speech')
  const segment = segments[last]
  if (segment?.kind !== 'speech') return skipped('no-input', 'The transcript has no speech.')
  const turns = countTurns(segments, { speaker: 'both', isBySound: false })
  const where = segment.startSeconds === null ? '' : ` ${at(segment.startSeconds)}`
  return scored({
    score: turns,
    basis: 'transcript',
    explanation: `${said} after ${counted(turns, 'turn')}; the last word is the ${segment.speaker}’s${where}.`,
    evidence: [evidenceOf(segments, { segmentIndex: last, note: 'the last words of the call' })],
    extra: { ended_reason_class: endedBy, last_speaker: segment.speaker },
  })
}
