import type { Transaction } from 'kysely'
import type { Segment } from '#contract/transcript.ts'
import { renderTranscript } from '#contract/wire/transcript.ts'
import { callSubject } from '../queue/job-kinds.ts'
import { recordAudit } from '../store/audit-log.ts'
import { type CallRecord, findCallRecord, updateCall } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { saveAgentChannel } from '../store/recordings.ts'
import type { Tables } from '../store/tables.ts'

/**
 * A person says that agent and caller are mixed up: exchanges them and writes down who said so. False if there is
 * no such call in the project.
 */
export async function swapSpeakersOfCall(
  database: Database,
  { id, projectId, actor, now }: { id: number; projectId: number; actor: string; now: number },
): Promise<boolean> {
  return database.transaction(async (trx) => {
    const call = await findCallRecord(trx, { id, projectId })
    if (call === null) return false
    const rule = `swapped by ${actor}`
    await swapSpeakers(trx, { dialect: database.dialect, call, rule, now })
    await recordAudit(trx, { now, actor, action: 'swap speakers', subject: callSubject(id) })
    return true
  })
}

/**
 * Exchanges agent and caller in a call's transcript and writes down which rule decided it. A channel of the agent
 * that was found by who speaks when changes with them; one that the sender named stays.
 */
export async function swapSpeakers(
  trx: Transaction<Tables>,
  {
    dialect,
    call,
    rule,
    now,
  }: {
    dialect: Database['dialect']
    call: Pick<CallRecord, 'id' | 'segments' | 'recording' | 'mainAgentChannelIndex'>
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
  const { recording, mainAgentChannelIndex } = call
  if (mainAgentChannelIndex !== null || recording?.agentChannel == null) return
  const agentChannel = recording.agentChannel === 0 ? 1 : 0
  await saveAgentChannel(trx, { id: recording.id, agentChannel })
}

function withOtherSpeaker(segment: Segment): Segment {
  if (segment.kind !== 'speech') return segment
  return { ...segment, speaker: segment.speaker === 'agent' ? 'caller' : 'agent' }
}
