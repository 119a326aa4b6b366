import { z } from 'zod'
import { type CallDetail, CallStatus, type RecordingDetail } from '../call.ts'
import type { Verdict } from '../metric-result.ts'
import type { ChannelSpeech, RecordingSpeech } from '../recording-speech.ts'
import type { CategoryMark } from '../review.ts'
import type { RubricOutcome } from '../rubric.ts'
import { toClock } from './duration.ts'
import {
  toWireMetric,
  toWireMetricEvaluation,
  WireMetric,
  WireMetricEvaluation,
  type WireWords,
} from './metric-result.ts'
import { toWireRubric, WireRubricEntry } from './rubric.ts'
import { toTranscriptObject, WireTranscriptEntry } from './transcript.ts'

const WireEvaluation = z.object({ metrics: z.array(WireMetricEvaluation) })

const WireCriticalCategory = z.object({
  category_id: z.int(),
  category: z.string(),
  deviation: z.string(),
  wrongly_marked: z.boolean(),
  feedback: z.string(),
  priority: z.enum(['critical', 'non-critical', 'not_a_bug']),
})

const WireStretches = z.array(z.tuple([z.number(), z.number()]))

/** The two lists are there where the sound was analysed and each speaker has a channel. */
const WireRecordingData = z.object({
  has_audio_data: z.boolean(),
  sample_rate: z.int(),
  shape: z.tuple([z.int(), z.int()]),
  separable_channels: z.boolean(),
  total_duration: z.number(),
  main_speaking: WireStretches.optional().describe('[start, end] in seconds'),
  testing_speaking: WireStretches.optional().describe('[start, end] in seconds'),
})
export type WireRecordingData = z.infer<typeof WireRecordingData>

/** One call as the list, `observe` and `evaluate_metrics` answer it. Source: Cekura API, list shape. */
export const WireCallLogListItem = z
  .object({
    id: z.int(),
    call_id: z.string(),
    trace_id: z.string(),
    duration: z.string().describe('MM:SS; minutes keep counting above 59'),
    success: z.boolean().nullable(),
    is_reviewed: z.boolean(),
    status: CallStatus,
    feedback: z.string(),
    metrics: z.array(WireMetric),
    call_ended_reason: z.string(),
    customer_number: z.string(),
    agent: z.int().nullable(),
    agent_name: z.string(),
    timestamp: z.string(),
    error_message: z.string().nullable(),
    dropoff_point: z.string(),
    topic: z.string(),
    created_at: z.string(),
    updated_at: z.string(),
    transcript: z.string(),
    transcript_object: z.array(WireTranscriptEntry),
    evaluation: WireEvaluation,
    critical_categories: z.array(WireCriticalCategory),
  })
  .meta({ id: 'CallLogList' })
export type WireCallLogListItem = z.infer<typeof WireCallLogListItem>

/** One call in full: the union of both published generations, docs/wire.md A1. */
export const WireCallLogDetail = WireCallLogListItem.extend({
  voice_recording_url: z.string().describe('Playable URL on this server; empty without audio'),
  agent_id: z.string(),
  assistant_id: z.string(),
  metadata: z.record(z.string(), z.unknown()),
  dynamic_variables: z.record(z.string(), z.unknown()),
  testing_channel_index: z.int().nullable(),
  rubric: z.array(WireRubricEntry).nullable().describe('Null where no rubric ran'),
  user_generated_transcript: z.array(z.record(z.string(), z.unknown())).nullable(),
  project: z.int().nullable(),
  recording_data: WireRecordingData.nullable(),
}).meta({ id: 'CallLogDetail' })
export type WireCallLogDetail = z.infer<typeof WireCallLogDetail>

/** What the wire says of a call beyond what the dashboard shows. */
export type CallLogSource = CallDetail & {
  projectId: number
  success: boolean | null
  transcriptText: string
}

/** What metrics said of the call, and in which words the client expects it. */
export type CallLogResults = WireWords & {
  results: readonly Verdict[]
  /** Categories that people marked as wrongly found; none where left out. */
  wrongCategories?: readonly Pick<CategoryMark, 'categoryId' | 'feedback'>[]
}

/** A call in the list's shape. Evaluation results are empty until the first evaluation has produced some. */
export function toCallLogListItem(
  call: CallLogSource,
  { results, wrongCategories = [], ...words }: CallLogResults,
): WireCallLogListItem {
  return {
    id: call.id,
    call_id: call.callId,
    trace_id: call.traceId,
    duration: toClock(call.durationSeconds ?? 0),
    success: call.success,
    is_reviewed: call.isReviewed,
    status: call.status,
    feedback: call.feedback,
    metrics: results.map((result) => toWireMetric(result, words)),
    call_ended_reason: call.endedReason,
    customer_number: call.customerNumber,
    agent: call.agentId,
    agent_name: call.agentName,
    timestamp: call.startedAt,
    error_message: call.errorMessage,
    dropoff_point: call.dropoffPoint,
    topic: call.topic,
    created_at: call.createdAt,
    updated_at: call.updatedAt,
    transcript: call.transcriptText,
    transcript_object: toTranscriptObject(call.segments),
    evaluation: { metrics: results.map((result) => toWireMetricEvaluation(result, words)) },
    critical_categories: toCriticalCategories(results, wrongCategories),
  }
}

function toCriticalCategories(
  results: readonly Verdict[],
  wrongCategories: NonNullable<CallLogResults['wrongCategories']>,
): z.infer<typeof WireCriticalCategory>[] {
  const marks = new Map(wrongCategories.map(({ categoryId, feedback }) => [categoryId, feedback]))
  return results
    .flatMap(({ extra }) => extra.categories ?? [])
    .map((category) => ({
      ...category,
      wrongly_marked: marks.has(category.category_id),
      feedback: marks.get(category.category_id) ?? '',
    }))
}

/** What a call in full shows beyond its row and its results. */
export type CallLogSurroundings = {
  /** The absolute URL of its audio, empty where there is none. */
  recordingHref: string
  rubric: RubricOutcome | null
  /** What was heard on the recording; null until it was analysed. */
  speech: RecordingSpeech | null
}

export function toCallLogDetail(
  call: CallLogSource,
  { recordingHref, rubric, speech, ...evaluated }: CallLogResults & CallLogSurroundings,
): WireCallLogDetail {
  const { recording } = call
  return {
    ...toCallLogListItem(call, evaluated),
    voice_recording_url: recordingHref,
    agent_id: call.agentId === null ? '' : String(call.agentId),
    assistant_id: call.assistantId,
    metadata: call.metadata,
    dynamic_variables: call.dynamicVariables,
    testing_channel_index: recording?.agentChannel == null ? null : 1 - recording.agentChannel,
    rubric: toWireRubric(rubric),
    user_generated_transcript: null,
    project: call.projectId,
    recording_data: recording && toRecordingData(recording, speech),
  }
}

type Recorded = Pick<
  RecordingDetail,
  'sampleRateHz' | 'durationSeconds' | 'channels' | 'agentChannel'
>

export function toRecordingData(
  { sampleRateHz, durationSeconds, channels, agentChannel }: Recorded,
  speech: RecordingSpeech | null,
): WireRecordingData {
  return {
    has_audio_data: true,
    sample_rate: sampleRateHz,
    shape: [Math.round(durationSeconds * sampleRateHz), channels],
    separable_channels: speech?.areChannelsSeparable ?? channels === 2,
    total_duration: durationSeconds,
    ...(speech?.areChannelsSeparable && agentChannel !== null && speakingOf(speech, agentChannel)),
  }
}

function speakingOf({ channels }: RecordingSpeech, agentChannel: 0 | 1) {
  return {
    main_speaking: toPairs(channels[agentChannel]),
    testing_speaking: toPairs(channels[1 - agentChannel]),
  }
}

function toPairs(channel: ChannelSpeech | undefined): [number, number][] {
  return (channel?.stretches ?? []).map(({ startSeconds, endSeconds }) => [
    startSeconds,
    endSeconds,
  ])
}

/** The envelope of every paged list. Source: Cekura API, pagination. */
export function wirePage<Item extends z.ZodType>(item: Item) {
  return z.object({
    count: z.int(),
    next: z.string().nullable(),
    previous: z.string().nullable(),
    results: z.array(item),
  })
}
