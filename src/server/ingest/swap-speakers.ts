import type { Transaction } from 'kysely'
import type { Segment } from '#contract/transcript.ts'
import { renderTranscript } from '#contract/wire/transcript.ts'
import { updateCall } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import type { Tables } from '../store/tables.ts'

/** Exchanges agent and caller in a call's transcript and writes down which rule decided it. */
export async function swapSpeakers(
  trx: Transaction<Tables>,
  {
    dialect,
    call,
    rule,
    now,
  }: {
    dialect: Database['dialect']
    call: { id: number; segments: readonly Segment[] }
    rule: string
    now: number
  },
): Promise<void> {
  const segments = call.segments.map(withOtherSpeaker)
  await updateCall(trx, dialect, {
    id: call.id,
    now,
    fields: {},
    content: {
      segments: JSON.stringify(segments),
      transcript_text: renderTranscript(segments),
      speaker_rule: rule,
    },
  })
}

function withOtherSpeaker(segment: Segment): Segment {
  if (segment.kind !== 'speech') return segment
  return { ...segment, speaker: segment.speaker === 'agent' ? 'caller' : 'agent' }
}
