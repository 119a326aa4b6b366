import type { Generated, GeneratedAlways } from 'kysely'
import type { AccessScope } from '#contract/access.ts'
import type { BulkState } from '#contract/bulk-action.ts'
import type { CallStatus, RecordingState, TranscriptState } from '#contract/call.ts'
import type { AttributeSource } from '#contract/filter.ts'
import type { MetricCategory, MetricDirection, MetricKind } from '#contract/metric.ts'
import type {
  EvalType,
  MeasureBasis,
  ResultSource,
  ResultState,
  SkipReason,
} from '#contract/metric-result.ts'
import type { DuplicatePolicy } from '#contract/project.ts'
import type { ViewVisibility } from '#contract/view.ts'

/**
 * Rows as the database holds them, `snake_case` as in SQL. Times are epoch milliseconds, flags 0 or 1,
 * JSON is text that SQL never looks into. They never leave this room unmapped.
 */
export type Tables = {
  project: ProjectTable
  agent: AgentTable
  api_key: ApiKeyTable
  session: SessionTable
  sign_in_token: SignInTokenTable
  call: CallTable
  call_content: CallContentTable
  call_payload: CallPayloadTable
  attribute_path: AttributePathTable
  call_attribute: CallAttributeTable
  call_tag: CallTagTable
  metric: MetricTable
  metric_version: MetricVersionTable
  metric_sampling: MetricSamplingTable
  critical_category: CriticalCategoryTable
  verdict: VerdictTable
  judge_answer: JudgeAnswerTable
  stability_check: StabilityCheckTable
  review_event: ReviewEventTable
  metric_vote: MetricVoteTable
  category_mark: CategoryMarkTable
  call_comment: CallCommentTable
  review_queue: ReviewQueueTable
  review_queue_call: ReviewQueueCallTable
  share_link: ShareLinkTable
  saved_view: SavedViewTable
  bulk_action: BulkActionTable
  bulk_action_call: BulkActionCallTable
  recording: RecordingTable
  recording_peaks: RecordingPeaksTable
  recording_speech: RecordingSpeechTable
  job: JobTable
  dead_job: DeadJobTable
  audit_log: AuditLogTable
}

type Flag = number
type EpochMs = number

type ProjectTable = {
  id: Generated<number>
  name: string
  duplicate_policy: DuplicatePolicy
  accepts_metadata_only: Flag
  /** JSON of `Rubric`. */
  rubric: Generated<string>
  /** Part of the new calls, 0 to 1, that sampled metrics judge. */
  sample_rate: Generated<number>
  /** A reply after this long is slow. */
  response_budget_ms: Generated<number>
  created_at: EpochMs
  updated_at: EpochMs
}

type AgentTable = {
  id: GeneratedAlways<number>
  project_id: number
  name: string
  assistant_id: string
  provider: string
  description: string
  language: string
  is_inbound: Flag | null
  contact_number: string
  /** Kept readable: checking a provider's HMAC needs the secret itself. */
  webhook_secret: string | null
  is_demo: Flag
  /** What the agent may know: the judge holds claims against it. */
  knowledge: Generated<string>
  /** JSON lists of `TopicNode`. */
  topic_nodes: Generated<string>
  dropoff_nodes: Generated<string>
  created_at: EpochMs
  updated_at: EpochMs
}

type ApiKeyTable = {
  id: GeneratedAlways<number>
  /** Null: every project, which only the scope `admin` may have. */
  project_id: number | null
  name: string
  scope: AccessScope
  key_hash: string
  hint: string
  created_at: EpochMs
  last_used_at: EpochMs | null
  revoked_at: EpochMs | null
}

type SessionTable = {
  token_hash: string
  /** Null for sessions opened by a sign-in link. */
  api_key_id: number | null
  project_id: number | null
  scope: AccessScope
  name: string
  created_at: EpochMs
  expires_at: EpochMs
}

type SignInTokenTable = {
  token_hash: string
  created_at: EpochMs
  expires_at: EpochMs
  used_at: EpochMs | null
}

type CallTable = {
  id: GeneratedAlways<number>
  project_id: number
  agent_id: number | null
  /** The agent's name at rest beside the call, so that a list can be ordered by it through an index. */
  agent_name: string
  call_id: string
  /** 0 for the first call of this `call_id`; higher where the project allows duplicates. */
  duplicate_ordinal: number
  trace_id: string
  started_at: EpochMs
  is_started_at_receipt: Flag
  duration_ms: number | null
  status: CallStatus
  success: Flag | null
  is_judged: Flag
  is_reviewed: Flag
  feedback: string
  customer_number: string
  ended_reason: string
  topic: string
  dropoff_point: string
  transcript_state: TranscriptState
  recording_state: RecordingState
  error_message: string | null
  is_demo: Flag
  /** What the judge decided, also after a person did; null while nothing was judged. */
  judge_success: Generated<Flag | null>
  /** Who decided last; empty if nobody did. */
  reviewer: Generated<string>
  reviewed_at: Generated<EpochMs | null>
  /** Comments that are not deleted, replies included; threads of them that nobody resolved; votes that stand. */
  comment_count: Generated<number>
  open_comment_count: Generated<number>
  vote_count: Generated<number>
  /** Measures of the transcript, see `contract/conversation.ts`; null without trustworthy times. */
  segment_count: Generated<number>
  longest_gap_ms: Generated<number | null>
  overlap_count: Generated<number | null>
  interruption_count: Generated<number | null>
  silence_share: Generated<number | null>
  talk_share: Generated<number | null>
  words_per_minute: Generated<number | null>
  tool_error_count: Generated<number>
  revision: number
  /** SHA-256 of the content of the newest payload: equal content is not a new revision. */
  fingerprint: string
  created_at: EpochMs
  updated_at: EpochMs
}

type CallContentTable = {
  call_id: number
  transcript_type: string | null
  speaker_rule: string | null
  segments: string
  warnings: string
  transcript_text: string
  metadata: string
  dynamic_variables: string
  recording_url: string | null
  main_agent_channel_index: number | null
  /** Comma-separated metric ids the sender asked for; null: all. */
  metric_ids: string | null
  /** JSON of `RubricOutcome`: what the rubric said when the call was last judged. */
  rubric_outcome: Generated<string | null>
}

type CallPayloadTable = {
  id: GeneratedAlways<number>
  call_id: number
  revision: number
  source: PayloadSource
  body: string
  received_at: EpochMs
}

/** How a payload reached us. */
export type PayloadSource =
  | 'observe'
  | 'vapi'
  | 'retell'
  | 'elevenlabs'
  | 'import'
  | 'demo'
  /** A later change of the call, by a person or a client. */
  | 'patch'

type AttributePathTable = {
  id: GeneratedAlways<number>
  project_id: number
  source: AttributeSource
  path: string
  /** Whether it ever held text, or a number: what an editor of its values offers. */
  has_text: Flag
  has_number: Flag
}

type CallAttributeTable = {
  call_id: number
  path_id: number
  kind: AttributeKind
  /** Empty for null. */
  text_value: string
  /** Also of text that spells a number. */
  number_value: number | null
}

export type AttributeKind = 'text' | 'number' | 'boolean' | 'null'

type CallTagTable = { call_id: number; tag: string }

type MetricTable = {
  id: GeneratedAlways<number>
  project_id: number
  /** Stable name of the definition, unique in the project. */
  code: string
  slug: Generated<string>
  name: string
  eval_type: EvalType
  unit: string
  /** JSON list of labels. */
  enum_values: string
  /** The scale of a rating or of bounded numbers. Both or neither. */
  min_score: Generated<number | null>
  max_score: Generated<number | null>
  kind: Generated<MetricKind>
  /** Empty for the user's own. */
  function_name: Generated<string>
  /** The newest of `metric_version`; 0 where results were only recorded. */
  version: Generated<number>
  direction: Generated<MetricDirection>
  category: Generated<MetricCategory | null>
  is_predefined: Generated<Flag>
  is_enabled: Generated<Flag>
  is_sampled: Generated<Flag>
  /** JSON list; empty for every agent. */
  agent_ids: Generated<string>
  /** The old name of a binary metric's type on the wire; empty for the usual one. */
  wire_type: Generated<string>
  created_at: EpochMs
  updated_at: Generated<EpochMs>
  deleted_at: Generated<EpochMs | null>
}

/** Append-only. `content` is JSON of `{content: MetricContent, inputs: MetricInputKind[]}`. */
type MetricVersionTable = {
  id: GeneratedAlways<number>
  metric_id: number
  version: number
  content: string
  author: string
  created_at: EpochMs
}

/** The running sum of a sampled metric: it judges a call whenever the sum reaches 1. */
type MetricSamplingTable = { metric_id: number; accumulator: number }

/** Categories of deviations from instructions, found once and reused. */
type CriticalCategoryTable = {
  id: GeneratedAlways<number>
  metric_id: number
  name: string
  priority: 'critical' | 'non-critical' | 'not_a_bug'
  created_at: EpochMs
}

/** Every result of a metric on a call; at most one per call and metric is current. Append-only but for `is_current`. */
type VerdictTable = {
  id: GeneratedAlways<number>
  call_id: number
  metric_id: number
  is_current: Flag
  /** `recorded`: came with the demo. */
  source: ResultSource
  state: Generated<ResultState>
  skip_reason: Generated<SkipReason | null>
  score: number | null
  /** The chosen label of an enum metric. */
  value_text: string | null
  passed: Flag | null
  explanation: string
  /** 0 to 100. */
  confidence: number | null
  metric_version: Generated<number | null>
  /** The bulk action that asked for it. */
  run_id: Generated<number | null>
  basis: Generated<MeasureBasis | null>
  /** JSON list of `Evidence`. */
  evidence: Generated<string>
  /** JSON of `ResultExtra`. */
  extra: Generated<string>
  model: Generated<string | null>
  input_tokens: Generated<number | null>
  output_tokens: Generated<number | null>
  cost_micro_usd: Generated<number | null>
  took_ms: Generated<number | null>
  /** SHA-256 of what was looked at; empty for recorded ones. */
  input_hash: Generated<string>
  /** As the metric was when it gave this result: it may change afterwards. */
  eval_type: Generated<EvalType>
  unit: Generated<string>
  /** Both null where the metric had no range. */
  min_score: Generated<number | null>
  max_score: Generated<number | null>
  created_at: EpochMs
}

/** What the judge answered to a question, so that nobody pays for it twice. */
type JudgeAnswerTable = {
  /** SHA-256 of metric version, question and model. */
  key: string
  /** The answer quotes it, and goes with it. */
  call_id: number
  /** JSON. */
  answer: string
  model: string
  input_tokens: number | null
  output_tokens: number | null
  took_ms: number
  created_at: EpochMs
}

type StabilityCheckTable = {
  id: GeneratedAlways<number>
  call_id: number
  metric_id: number
  metric_version: number
  times: number
  state: 'running' | 'done' | 'failed' | 'cancelled'
  /** JSON list of `Verdict`. */
  answers: string
  error_message: string | null
  created_at: EpochMs
}

/** What people decided and said, in order; never changed, but that a call's erasure empties the words. The tables after it, and the call row, hold the outcome. */
type ReviewEventTable = {
  id: GeneratedAlways<number>
  call_id: number
  kind: 'status' | 'feedback' | 'vote' | 'category' | 'undo'
  reviewer: string
  /** JSON: what was set, and what stood before. */
  body: string
  bulk_action_id: number | null
  /** Of votes. */
  metric_id: Generated<number | null>
  /** Of an `undo` of one event: which. Undoing a bulk action names that instead. */
  undoes_id: Generated<number | null>
  created_at: EpochMs
}

/** The standing vote of each reviewer. */
type MetricVoteTable = {
  call_id: number
  metric_id: number
  reviewer: string
  /** The event that set it. */
  event_id: number
  verdict_id: number | null
  agrees: Flag | null
  /** JSON of `ExpectedValue`. */
  expected_value: string | null
  note: string
  created_at: EpochMs
}

/** A category of deviations that a person found wrong on a call. */
type CategoryMarkTable = {
  call_id: number
  category_id: number
  event_id: number
  reviewer: string
  feedback: string
  created_at: EpochMs
}

type CallCommentTable = {
  id: GeneratedAlways<number>
  call_id: number
  parent_id: number | null
  /** Whose it is: a key, or the sign-in link. */
  owner: string
  author: string
  text: string
  at_ms: number | null
  segment_index: number | null
  resolved_at: EpochMs | null
  resolved_by: string
  created_at: EpochMs
  updated_at: EpochMs
  deleted_at: EpochMs | null
}

type ReviewQueueTable = {
  id: GeneratedAlways<number>
  project_id: number
  name: string
  reason: string
  /** JSON of `CallSelection`: what its calls matched when it was made. */
  selection: string
  is_blind: Flag
  assignee: string
  created_by: string
  created_at: EpochMs
  deleted_at: EpochMs | null
}

/** The calls of a queue, fixed when it was made, in the order in which they are given out. */
type ReviewQueueCallTable = {
  queue_id: number
  position: number
  call_id: number
  /** Drawn at random from the calls that did not match. */
  is_control: Flag
  /** Put off until the others are done. */
  skipped_at: EpochMs | null
  /** Who has it open; empty for nobody. */
  locked_by: string
  lock_session: string
  locked_until: EpochMs
  /** Since when the one who has it, or had it last, has it open. */
  opened_at: EpochMs | null
  done_at: EpochMs | null
  done_by: string
}

/** Lets anyone who has it read one call. */
type ShareLinkTable = {
  id: GeneratedAlways<number>
  call_id: number
  token_hash: string
  created_by: string
  created_at: EpochMs
  expires_at: EpochMs
  last_opened_at: EpochMs | null
  revoked_at: EpochMs | null
}

type SavedViewTable = {
  id: GeneratedAlways<number>
  project_id: number
  name: string
  visibility: ViewVisibility
  is_pinned: Flag
  /** Whose it is: a key, or the sign-in link. */
  owner: string
  owner_name: string
  /** JSON of `ViewState`. */
  state: string
  created_at: EpochMs
  updated_at: EpochMs
  deleted_at: EpochMs | null
}

type BulkActionTable = {
  id: GeneratedAlways<number>
  project_id: number
  /** JSON of `BulkWork`. */
  work: string
  /** JSON of `CallSelection` until the calls are settled; null from then on. */
  target: string | null
  state: BulkState
  total_count: number
  done_count: number
  skipped_count: number
  /** Of a rerun: calls on which something broke, and what the judge took. */
  failed_count: Generated<number>
  input_tokens: Generated<number>
  output_tokens: Generated<number>
  cost_micro_usd: Generated<number>
  /** Up to this call, in the order of ids, the work is done; undoing comes back down to 0. */
  reached_call_id: Generated<number>
  error_message: string | null
  started_by: string
  created_at: EpochMs
  finished_at: EpochMs | null
}

type BulkActionCallTable = {
  bulk_action_id: number
  call_id: number
  /** JSON: what the action changed, to take it back; null until it came to this call, or where it changed nothing. */
  before: string | null
  /** Of a rerun: how judging this call ended; null until then. */
  outcome: Generated<'judged' | 'failed' | 'skipped' | null>
  error_message: Generated<string | null>
}

type RecordingTable = {
  id: GeneratedAlways<number>
  call_id: number
  storage_key: string
  file_name: string
  format: string | null
  codec: string | null
  mime_type: string | null
  channels: number | null
  sample_rate_hz: number | null
  duration_ms: number | null
  size_bytes: number
  sha256: string
  source_url: string | null
  created_at: EpochMs
  analysed_at: EpochMs | null
  /** A copy that browsers seek exactly, for formats that they do not. All four or none. */
  playback_key: string | null
  playback_mime_type: string | null
  playback_size_bytes: number | null
  playback_sha256: string | null
  /** Channel of a stereo file on which the agent speaks; null for mono, or while unknown. */
  agent_channel: number | null
}

type RecordingPeaksTable = {
  recording_id: number
  points_per_second: number
  channels: number
  bytes: Uint8Array
}

type RecordingSpeechTable = {
  recording_id: number
  /** JSON of `RecordingSpeech`. */
  speech: string
  created_at: EpochMs
}

type JobTable = {
  id: GeneratedAlways<number>
  kind: string
  /** One job per kind and subject: asking again gives it the newer payload and time, and its first attempt. */
  subject: string
  payload: string
  run_at: EpochMs
  attempts: number
  /** Rises whenever the work is asked for again, so that finishing an older request keeps the job. */
  generation: number
  lease_owner: string | null
  lease_until: EpochMs | null
  last_error: string | null
  created_at: EpochMs
}

type DeadJobTable = {
  id: GeneratedAlways<number>
  kind: string
  subject: string
  payload: string
  attempts: number
  error: string
  failed_at: EpochMs
}

type AuditLogTable = {
  id: GeneratedAlways<number>
  at: EpochMs
  actor: string
  action: string
  subject: string
}
