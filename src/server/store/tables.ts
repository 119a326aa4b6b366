import type { Generated, GeneratedAlways } from 'kysely'
import type { AccessScope } from '#contract/access.ts'
import type { CallStatus, RecordingState, TranscriptState } from '#contract/call.ts'
import type { DuplicatePolicy } from '#contract/project.ts'

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
  call_attribute: CallAttributeTable
  recording: RecordingTable
  recording_peaks: RecordingPeaksTable
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

type CallAttributeTable = {
  call_id: number
  source: 'metadata' | 'dynamic_variables'
  path: string
  text_value: string
  number_value: number | null
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
