import type { Generated, GeneratedAlways } from 'kysely'

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
  duplicate_policy: 'update' | 'reject' | 'allow'
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
  scope: 'admin' | 'project' | 'read-only'
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
  scope: 'admin' | 'project' | 'read-only'
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
  status: 'evaluating' | 'success' | 'failure' | 'reviewed_success' | 'reviewed_failure'
  success: Flag | null
  is_judged: Flag
  is_reviewed: Flag
  feedback: string
  customer_number: string
  ended_reason: string
  topic: string
  dropoff_point: string
  transcript_state: 'ready' | 'needs-transcription' | 'none'
  recording_state: 'none' | 'waiting' | 'analysing' | 'ready' | 'failed'
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
  /** `observe`, `vapi`, `retell`, `elevenlabs`, `patch`, `import`. */
  source: string
  body: string
  received_at: EpochMs
}

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
  /** One waiting job per kind and subject: asking again while it waits changes nothing but the time. */
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
