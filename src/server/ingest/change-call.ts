import type { Transaction, Updateable } from 'kysely'
import type { Problem } from '#contract/problem.ts'
import { transcriptEndSeconds } from '#contract/transcript.ts'
import { PATCHABLE_FIELDS, show, type WireCallLogPatch } from '#contract/wire/observe.ts'
import { renderTranscript } from '#contract/wire/transcript.ts'
import { enqueue, enqueueUnlessWaiting } from '../queue/job-kinds.ts'
import { forgetOtherJudgement } from '../store/call-judgement.ts'
import {
  type CallRecord,
  findCallBySenderId,
  findCallRecord,
  insertPayload,
  updateCall,
} from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { recordFeedback } from '../store/feedback.ts'
import { changeReview, type Review } from '../store/reviews.ts'
import type { Tables } from '../store/tables.ts'
import { describeIssue, parseTranscript } from './formats/parse-transcript.ts'

export type ChangeResult =
  | { kind: 'changed' }
  | { kind: 'not-found' }
  | { kind: 'refused'; problem: Problem }

type RowChange = {
  fields: Updateable<Tables['call']>
  content: Updateable<Tables['call_content']>
}

/**
 * Applies a PATCH to a call: a person's review, a corrected transcript, later metadata. All or nothing.
 * Source: Cekura API, update; unknown fields are refused unless they come back unchanged (docs/wire.md D12).
 */
export async function changeCall(
  database: Database,
  {
    id,
    projectId,
    patch,
    reviewer,
    current,
    now,
  }: {
    id: number
    projectId: number
    patch: WireCallLogPatch
    /** Who decides or writes, if the patch has a review or feedback. */
    reviewer: string
    /** The call as the wire shows it, to tell unchanged read-only fields from attempts to set them. */
    current: (call: CallRecord) => Record<string, unknown>
    now: number
  },
): Promise<ChangeResult> {
  return database.transaction(async (trx) => {
    const call = await findCallRecord(trx, { id, projectId })
    if (call === null) return { kind: 'not-found' }
    const problem =
      refuseReadOnly(patch, current(call)) ??
      refuseEmptyReview(call, patch) ??
      (await refuseTakenCallId(trx, { call, patch }))
    if (problem) return { kind: 'refused', problem }
    const change = toRowChange(call, patch)
    if ('problem' in change) return { kind: 'refused', problem: change.problem }
    const reevaluates = patch.reevaluate_metrics === true
    const review = reviewOf(call, patch)
    if (review) {
      await changeReview(trx, { callId: id, review, reviewer, now, bulkActionId: null })
    }
    const { feedback } = patch
    if (feedback !== undefined) await recordFeedback(trx, { callId: id, feedback, reviewer, now })
    const isReviewed = review?.isReviewed ?? call.isReviewed
    const outcome = reevaluates && !isReviewed ? EVALUATING : {}
    const { segments } = change.content
    // Without a new evaluation the outcome stays as it is, and with it what it is known by.
    if (reevaluates && segments !== undefined) {
      await forgetOtherJudgement(trx, { callId: id, segments })
    }
    await updateCall(trx, database.dialect, {
      id,
      now,
      fields: { ...change.fields, ...outcome },
      content: change.content,
    })
    await insertPayload(trx, {
      callId: id,
      revision: call.revision,
      source: 'patch',
      body: JSON.stringify(patch),
      now,
    })
    const evaluation = { kind: 'evaluate-call', payload: { callId: id }, now } as const
    if (reevaluates) await enqueue(trx, evaluation)
    else if (isNowTranscribed(call, change)) await enqueueUnlessWaiting(trx, evaluation)
    return { kind: 'changed' }
  })
}

/** The transcript that the first evaluation was waiting for has come. */
function isNowTranscribed(call: CallRecord, { fields }: RowChange): boolean {
  return call.transcriptState === 'needs-transcription' && fields.transcript_state === 'ready'
}

const EVALUATING = { status: 'evaluating', success: null } as const

function refuseReadOnly(patch: WireCallLogPatch, shown: Record<string, unknown>): Problem | null {
  const problem: Record<string, string[]> = {}
  for (const [field, value] of Object.entries(patch)) {
    if (PATCHABLE_FIELDS.includes(field)) continue
    const isKnown = Object.hasOwn(shown, field)
    if (isKnown && JSON.stringify(shown[field]) === JSON.stringify(value)) continue
    problem[field] = [
      isKnown
        ? `This field is read-only and cannot be set to ${show(value)}.`
        : `There is no such field. Fields that can be set: ${PATCHABLE_FIELDS.join(', ')}.`,
    ]
  }
  return Object.keys(problem).length > 0 ? problem : null
}

/** A review has an outcome. Without one the call would count as reviewed and wait for its evaluation for good. */
function refuseEmptyReview(call: CallRecord, patch: WireCallLogPatch): Problem | null {
  const hasOutcome = patch.status !== undefined || (patch.success ?? call.success) !== null
  if (patch.is_reviewed !== true || hasOutcome) return null
  return {
    is_reviewed: [
      'This call has no outcome yet. Send status reviewed_success or reviewed_failure with it.',
    ],
  }
}

async function refuseTakenCallId(
  trx: Transaction<Tables>,
  { call, patch }: { call: CallRecord; patch: WireCallLogPatch },
): Promise<Problem | null> {
  const { call_id: callId } = patch
  if (callId === undefined || callId === call.callId) return null
  const other = await findCallBySenderId(trx, { projectId: call.projectId, callId })
  return other && { call_id: [`Another call has the call_id ${show(callId)} already.`] }
}

function toRowChange(call: CallRecord, patch: WireCallLogPatch): RowChange | { problem: Problem } {
  const transcript = transcriptChange(call, patch)
  if ('problem' in transcript) return transcript
  return {
    fields: {
      ...transcript.fields,
      ...(patch.call_id !== undefined && { call_id: patch.call_id }),
      ...(patch.timestamp && {
        started_at: patch.timestamp.getTime(),
        is_started_at_receipt: 0,
      }),
      ...(patch.duration !== undefined && { duration_ms: Math.round(patch.duration * 60_000) }),
      ...(patch.call_ended_reason !== undefined && { ended_reason: patch.call_ended_reason }),
      ...(patch.customer_number !== undefined && { customer_number: patch.customer_number }),
    },
    content: {
      ...transcript.content,
      ...(patch.metadata && { metadata: JSON.stringify({ ...call.metadata, ...patch.metadata }) }),
      ...(patch.dynamic_variables && {
        dynamic_variables: JSON.stringify({ ...call.dynamicVariables, ...patch.dynamic_variables }),
      }),
    },
  }
}

/** `status` names the outcome and its author; `success` and `is_reviewed` are what clients sent before it. Null: none. */
function reviewOf(call: CallRecord, patch: WireCallLogPatch): Review | null {
  if (patch.status !== undefined) {
    return {
      status: patch.status,
      success: patch.status.endsWith('success'),
      isReviewed: patch.status.startsWith('reviewed_'),
    }
  }
  if (patch.success === undefined && patch.is_reviewed === undefined) return null
  const success = patch.success ?? call.success
  const isReviewed = patch.is_reviewed ?? true
  if (success === null) return null
  const outcome = success ? 'success' : 'failure'
  return { status: isReviewed ? `reviewed_${outcome}` : outcome, success, isReviewed }
}

function transcriptChange(
  call: CallRecord,
  patch: WireCallLogPatch,
): RowChange | { problem: Problem } {
  if (patch.transcript_json === undefined || patch.transcript_json === null) {
    return { fields: {}, content: {} }
  }
  const parsed = parseTranscript({
    transcriptType: patch.transcript_type ?? null,
    transcriptJson: patch.transcript_json,
    context: {
      agentIsInbound: call.agentIsInbound,
      mainAgentChannelIndex: call.mainAgentChannelIndex,
      callDurationSeconds: null,
    },
  })
  if (!parsed.ok) return { problem: { transcript_json: parsed.issues.map(describeIssue) } }
  const endSeconds = transcriptEndSeconds(parsed.segments)
  const isLengthKnown = call.recording !== null || endSeconds === null
  return {
    fields: {
      transcript_state: 'ready',
      ...(!isLengthKnown && { duration_ms: Math.round(endSeconds * 1000) }),
    },
    content: {
      transcript_type: parsed.detectedType,
      speaker_rule: parsed.speakerRule,
      segments: JSON.stringify(parsed.segments),
      warnings: JSON.stringify(parsed.warnings),
      transcript_text: renderTranscript(parsed.segments),
    },
  }
}
