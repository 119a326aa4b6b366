import type { Problem } from '#contract/problem.ts'
import type { Project } from '#contract/project.ts'
import type { WireObserve } from '#contract/wire/observe.ts'
import type { AgentIdentity } from '../store/agents.ts'
import type { StoredFile } from '../store/recording-files.ts'
import { describeIssue, parseTranscript } from './formats/parse-transcript.ts'
import type {
  IncomingCall,
  IncomingRecording,
  IncomingSource,
  IncomingTranscript,
} from './incoming-call.ts'

export type UploadedFile = { file: StoredFile; fileName: string }

export type ObserveInput = {
  body: WireObserve
  upload: UploadedFile | null
  agent: AgentIdentity
  project: Project
  source: IncomingSource
  /** The payload as it arrived, as JSON text. */
  rawBody: string
}

export type ReadResult = { ok: true; call: IncomingCall } | { ok: false; problem: Problem }

/** A checked `observe` body as a call of ours; or why it cannot be one, by field. Pure. */
export function readObserve(input: ObserveInput): ReadResult {
  const { body, agent } = input
  const redaction = refuseRedaction(body)
  if (redaction) return { ok: false, problem: redaction }
  const recording = recordingOf(input)
  const transcript = transcriptOf(input, recording)
  if ('problem' in transcript) return { ok: false, problem: transcript.problem }
  return {
    ok: true,
    call: {
      projectId: agent.projectId,
      agent: { id: agent.id, name: agent.name },
      callId: body.call_id,
      source: input.source,
      body: input.rawBody,
      transcript,
      recording,
      details: {
        startedAt: body.timestamp,
        endedReason: body.call_ended_reason,
        customerNumber: body.customer_number,
        traceId: body.trace_id,
        feedback: body.feedback,
        metadata: body.metadata,
        dynamicVariables: body.dynamic_variables,
        metricIds: body.metric_ids,
        mainAgentChannelIndex: body.main_agent_channel_index,
      },
      defersEvaluation: body.defer_evaluation ?? body.metadata?.defer_evaluation === true,
      isDemo: false,
    },
  }
}

/** Storing what the sender asked to have removed would be a leak: refused until it can be removed (docs/wire.md E5, E7). */
function refuseRedaction({ redact_fields }: WireObserve): Problem | null {
  if (redact_fields === undefined || redact_fields.length === 0) return null
  return {
    redact_fields: [
      'This server cannot redact yet, and storing the call unredacted would keep what was asked to be removed. ' +
        `Redact ${redact_fields.join(', ')} before sending, or leave redact_fields out.`,
    ],
  }
}

function recordingOf({ body, upload }: ObserveInput): IncomingRecording {
  if (upload) return { kind: 'file', ...upload }
  if (body.voice_recording_url) return { kind: 'url', url: body.voice_recording_url }
  return { kind: 'absent' }
}

function transcriptOf(
  { body, agent, project }: ObserveInput,
  recording: IncomingRecording,
): IncomingTranscript | { problem: Problem } {
  const hasAudio = recording.kind !== 'absent'
  if (!isGiven(body.transcript_json) || (isEmptyList(body.transcript_json) && hasAudio)) {
    return withoutTranscript({ body, project, hasAudio })
  }
  const parsed = parseTranscript({
    transcriptType: body.transcript_type ?? null,
    transcriptJson: body.transcript_json,
    context: {
      agentIsInbound: agent.isInbound,
      mainAgentChannelIndex: body.main_agent_channel_index ?? null,
      callDurationSeconds: null,
    },
  })
  if (!parsed.ok) return { problem: { transcript_json: parsed.issues.map(describeIssue) } }
  return {
    kind: 'parsed',
    type: parsed.detectedType,
    segments: parsed.segments,
    warnings: parsed.warnings,
    speakerRule: parsed.speakerRule,
  }
}

function withoutTranscript({
  body,
  project,
  hasAudio,
}: {
  body: WireObserve
  project: Project
  hasAudio: boolean
}): IncomingTranscript | { problem: Problem } {
  if (hasAudio) return { kind: 'needs-transcription' }
  if (body.transcript_type === 'none-mono') {
    return {
      problem: {
        voice_recording: [
          'This field is required with transcript_type none-mono, or voice_recording_url.',
        ],
      },
    }
  }
  if (project.acceptsMetadataOnly) return { kind: 'absent' }
  return {
    problem: {
      non_field_errors: [
        'A call needs transcript_json, voice_recording or voice_recording_url; none of them was sent.',
      ],
    },
  }
}

function isGiven(value: unknown): boolean {
  if (value === undefined || value === null) return false
  return typeof value !== 'string' || value.trim() !== ''
}

function isEmptyList(value: unknown): boolean {
  if (typeof value === 'string') return value.trim() === '[]'
  return Array.isArray(value) && value.length === 0
}
