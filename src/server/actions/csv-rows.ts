import { stringify } from 'csv-stringify/sync'
import type { ExportedCall, ExportedMetric, ExportedResult } from '../store/exported-calls.ts'

type Cell = string | number | boolean | null

/** The columns of the file from left to right, spelled as on the wire where the wire has them. */
const COLUMNS: Record<string, (call: ExportedCall) => Cell> = {
  id: (call) => call.id,
  call_id: (call) => call.callId,
  trace_id: (call) => call.traceId,
  agent_id: (call) => call.agentId,
  agent_name: (call) => call.agentName,
  assistant_id: (call) => call.assistantId,
  timestamp: (call) => call.startedAt,
  is_timestamp_receipt: (call) => call.isStartedAtReceipt,
  duration_seconds: (call) => call.durationSeconds,
  status: (call) => call.status,
  success: (call) => call.success,
  is_judged: (call) => call.isJudged,
  judge_success: (call) => call.judgeSuccess,
  is_reviewed: (call) => call.isReviewed,
  reviewer: (call) => call.reviewer,
  reviewed_at: (call) => call.reviewedAt,
  feedback: (call) => call.feedback,
  tags: (call) => call.tags.join(', '),
  customer_number: (call) => call.customerNumber,
  call_ended_reason: (call) => call.endedReason,
  topic: (call) => call.topic,
  dropoff_point: (call) => call.dropoffPoint,
  segment_count: (call) => call.segmentCount,
  longest_response_gap_seconds: (call) => call.longestGapSeconds,
  interruptions: (call) => call.interruptionCount,
  overlaps: (call) => call.overlapCount,
  silence_share: (call) => call.silenceShare,
  talk_share: (call) => call.talkShare,
  words_per_minute: (call) => call.wordsPerMinute,
  tool_errors: (call) => call.toolErrorCount,
  comments: (call) => call.commentCount,
  votes: (call) => call.voteCount,
  transcript_state: (call) => call.transcriptState,
  recording_state: (call) => call.recordingState,
  error_message: (call) => call.errorMessage,
  is_demo: (call) => call.isDemo,
  revision: (call) => call.revision,
  created_at: (call) => call.createdAt,
  updated_at: (call) => call.updatedAt,
}

/** Spreadsheets take UTF-8 for their local encoding without it. */
const BYTE_ORDER_MARK = '\uFEFF'

/** The byte order mark and the header: the fixed columns, a column per metric, then what the sender attached. */
export function csvHeader(metrics: readonly ExportedMetric[]): string {
  const names = [
    ...Object.keys(COLUMNS),
    ...metricColumnNames(metrics),
    'metadata',
    'dynamic_variables',
  ]
  return BYTE_ORDER_MARK + toLines([names.map(toSafeCell)])
}

/** The lines of some calls. Metadata and dynamic variables are JSON; a metric has its label, score or true and false. */
export function csvLines(
  calls: readonly ExportedCall[],
  metrics: readonly ExportedMetric[],
): string {
  return toLines(calls.map((call) => toCells(call, metrics).map(toSafeCell)))
}

function toCells(call: ExportedCall, metrics: readonly ExportedMetric[]): Cell[] {
  const results = new Map(call.metricResults.map((result) => [result.metricId, result]))
  return [
    ...Object.values(COLUMNS).map((read) => read(call)),
    ...metrics.map(({ id }) => resultCell(results.get(id))),
    JSON.stringify(call.metadata),
    JSON.stringify(call.dynamicVariables),
  ]
}

function resultCell(result: ExportedResult | undefined): Cell {
  return result?.valueText ?? result?.score ?? result?.passed ?? null
}

/** Names of metrics need not differ: where they do not, the number says which. */
function metricColumnNames(metrics: readonly ExportedMetric[]): string[] {
  const names = metrics.map(({ name }) => name)
  return metrics.map(({ id, name }) => {
    const isShared = names.indexOf(name) !== names.lastIndexOf(name)
    return isShared ? `metric: ${name} (${id})` : `metric: ${name}`
  })
}

/**
 * What makes a spreadsheet take text for a formula, also behind what it does not show, and in the wide forms that some
 * of them read alike.
 */
const FORMULA_START = /^[\s\p{C}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u

/** Text from a caller must not run on a reviewer's machine. Numbers stay numbers, also negative ones. */
function toSafeCell(cell: Cell): Cell {
  if (typeof cell !== 'string' || !FORMULA_START.test(cell)) return cell
  return `'${cell}`
}

/** Text is quoted, so that a spreadsheet that parts cells elsewhere than at commas finds no formula in the middle. Source: RFC 4180. */
function toLines(rows: Cell[][]): string {
  return stringify(rows, {
    record_delimiter: '\r\n',
    quote_record_delimiter: true,
    quoted_string: true,
    cast: { boolean: String },
  })
}
