import { z } from 'zod'
import { AudioProbe } from './recording.ts'
import { Segment, TranscriptType } from './transcript.ts'

/**
 * The outcome of a call. `evaluating` until the first evaluation ends; `success` and `failure` are the
 * judge's; the `reviewed_` ones a person's, which outlive reruns. Source: Cekura API, `status`.
 */
export const CallStatus = z.enum([
  'evaluating',
  'success',
  'failure',
  'reviewed_success',
  'reviewed_failure',
])
export type CallStatus = z.infer<typeof CallStatus>

/** `waiting`: to be fetched. `analysing`: the file is here, its waveform is not. `failed`: see the call's error. */
export const RecordingState = z.enum(['none', 'waiting', 'analysing', 'ready', 'failed'])
export type RecordingState = z.infer<typeof RecordingState>

/** `needs-transcription`: only audio arrived. `none`: a call that never connected has no turns. */
export const TranscriptState = z.enum(['ready', 'needs-transcription', 'none'])
export type TranscriptState = z.infer<typeof TranscriptState>

/** One row of the call list. Holds nothing a list does not show. */
export const CallSummary = z.object({
  id: z.int(),
  /** The sender's own id, unique in its project unless the project allows duplicates. */
  callId: z.string(),
  agentId: z.int().nullable(),
  agentName: z.string(),
  /** ISO 8601 UTC. */
  startedAt: z.string(),
  /** The sender gave no time; `startedAt` is when the call arrived. */
  isStartedAtReceipt: z.boolean(),
  durationSeconds: z.number().nullable(),
  status: CallStatus,
  /** False while no metric has decided anything: shown as "not evaluated", never as a pass. */
  isJudged: z.boolean(),
  isReviewed: z.boolean(),
  customerNumber: z.string(),
  endedReason: z.string(),
  topic: z.string(),
  /** In alphabetical order. */
  tags: z.array(z.string()),
  /** From the end of the caller's words to the agent's next ones; null without times. */
  longestGapSeconds: z.number().nullable(),
  /** How often the agent started to speak while the caller was speaking; null without times. */
  interruptionCount: z.int().nullable(),
  toolErrorCount: z.int(),
  transcriptState: TranscriptState,
  recordingState: RecordingState,
  /** What went wrong while processing, for a person to read. */
  errorMessage: z.string().nullable(),
  isDemo: z.boolean(),
  updatedAt: z.string(),
})
export type CallSummary = z.infer<typeof CallSummary>

/** A stored recording, ready to be played from `/api/recordings/:id/audio`. */
export const RecordingDetail = AudioProbe.extend({
  id: z.int(),
  sizeBytes: z.int(),
  sha256: z.string(),
  /** Channel of a stereo file on which the agent speaks; null for mono or unknown. */
  agentChannel: z.union([z.literal(0), z.literal(1)]).nullable(),
  /** Points per second of the peak levels that are stored, coarse to fine; empty until analysed. */
  peakLevels: z.array(z.number()),
})
export type RecordingDetail = z.infer<typeof RecordingDetail>

/** Everything the review seat shows of one call. */
export const CallDetail = CallSummary.extend({
  traceId: z.string(),
  feedback: z.string(),
  dropoffPoint: z.string(),
  assistantId: z.string(),
  createdAt: z.string(),
  /** 1 for the first payload; sending new content under the same call id adds one. */
  revision: z.int(),
  transcriptType: TranscriptType.nullable(),
  /** How the speakers were told apart, where the format does not say. */
  speakerRule: z.string().nullable(),
  transcriptWarnings: z.array(z.string()),
  segments: z.array(Segment),
  metadata: z.record(z.string(), z.unknown()),
  dynamicVariables: z.record(z.string(), z.unknown()),
  /** Where the sender said the recording is; null for uploads. */
  recordingUrl: z.string().nullable(),
  /** Null until the file is here. While `recordingState` is `analysing` the numbers are the header's. */
  recording: RecordingDetail.nullable(),
})
export type CallDetail = z.infer<typeof CallDetail>

/** What a list can be ordered by. `relevance` is for searches: how well the transcript fits, best first; without one it is the newest first. */
export const CallSortKey = z.enum([
  'startedAt',
  'durationSeconds',
  'status',
  'agentName',
  'customerNumber',
  'endedReason',
  'topic',
  'relevance',
])
export type CallSortKey = z.infer<typeof CallSortKey>

/** `metric:12` orders by the numbers that metric 12 gave; calls without one come last both ways. */
export type MetricSortKey = `metric:${number}`
export type CallOrderKey = CallSortKey | MetricSortKey

const METRIC_SORT = /^metric:([1-9]\d{0,14})$/

/** `-startedAt` is newest first; without the minus ascending. Equal values are ordered by id. */
export const CallSort = z.string().refine((sort) => orderKey(sort) !== null, {
  error: `expected one of ${CallSortKey.options.join(', ')}, metric:<id>, with a leading - for descending`,
})
export type CallSort = string

/** Splits a sort such as `-startedAt` into its key and direction. Throws for what is no sort. */
export function parseCallSort(sort: CallSort): { key: CallOrderKey; direction: 'asc' | 'desc' } {
  const key = orderKey(sort)
  if (key === null) throw new Error(`${JSON.stringify(sort)} is no order of calls.`)
  return { key, direction: sort.startsWith('-') ? 'desc' : 'asc' }
}

function orderKey(sort: string): CallOrderKey | null {
  const name = sort.replace(/^-/, '')
  const metricId = sortedMetric(name)
  return metricId === null ? (CallSortKey.safeParse(name).data ?? null) : `metric:${metricId}`
}

/** The metric of a key such as `metric:12`; null for the other keys. */
export function sortedMetric(key: string): number | null {
  const id = METRIC_SORT.exec(key)?.[1]
  return id === undefined ? null : Number(id)
}

/** The list's default order: newest first. */
export const NEWEST_FIRST: CallSort = '-startedAt'

/** Which calls: those that a text finds and a filter lets through. Part of the URL, the query key and the request alike. */
export const CallSelection = z.object({
  /** What a person typed: words, "a phrase", a pref*, an id or a number. */
  search: z.string().max(200).optional(),
  /** As `filter-url.ts` spells a filter; empty or absent for every call. */
  filter: z.string().max(60_000).optional(),
})
export type CallSelection = z.infer<typeof CallSelection>

/** Which calls a list shows, and in which order. */
export const CallListQuery = CallSelection.extend({ sort: CallSort.optional() })
export type CallListQuery = z.infer<typeof CallListQuery>
