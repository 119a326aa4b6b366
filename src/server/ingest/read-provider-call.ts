import type { Problem } from '#contract/problem.ts'
import type { AgentIdentity } from '../store/agents.ts'
import { describeIssue, parseTranscript } from './formats/parse-transcript.ts'
import type {
  CallDetails,
  IncomingCall,
  IncomingSource,
  IncomingTranscript,
} from './incoming-call.ts'
import type { ProviderCall } from './providers/provider-call.ts'
import type { ReadResult } from './read-observe.ts'

/** A provider's finished call as a call of ours; or why its turns cannot be read. Pure. */
export function readProviderCall({
  call,
  agent,
  source,
}: {
  call: ProviderCall
  agent: AgentIdentity
  source: IncomingSource
}): ReadResult {
  const problem = callIdProblem(call.callId)
  if (problem) return { ok: false, problem }
  const transcript = transcriptOf(call, agent)
  if ('problem' in transcript) return { ok: false, problem: transcript.problem }
  return {
    ok: true,
    call: {
      projectId: agent.projectId,
      agent: { id: agent.id, name: agent.name },
      callId: call.callId,
      source,
      body: JSON.stringify(call.rawToStore),
      transcript,
      recording: call.recordingUrl ? { kind: 'url', url: call.recordingUrl } : { kind: 'absent' },
      details: detailsOf(call),
      defersEvaluation: false,
      isDemo: false,
    } satisfies IncomingCall,
  }
}

function detailsOf(call: ProviderCall): CallDetails {
  return {
    startedAt: call.startedAt ?? undefined,
    durationSeconds: call.durationSeconds ?? undefined,
    endedReason: call.endedReason ?? undefined,
    customerNumber: call.customerNumber ?? undefined,
    metadata: isEmpty(call.metadata) ? undefined : call.metadata,
    dynamicVariables: isEmpty(call.dynamicVariables) ? undefined : call.dynamicVariables,
  }
}

function transcriptOf(
  call: ProviderCall,
  agent: AgentIdentity,
): IncomingTranscript | { problem: Record<string, string[]> } {
  if (call.notConnected) {
    const reason = call.endedReason ? ` (${call.endedReason})` : ''
    return { kind: 'not-connected', reason: `The call was never connected${reason}.` }
  }
  if (call.transcriptJson === null) {
    return call.recordingUrl ? { kind: 'needs-transcription' } : { kind: 'absent' }
  }
  const parsed = parseTranscript({
    transcriptType: call.transcriptType,
    transcriptJson: call.transcriptJson,
    context: {
      agentIsInbound: call.isInbound ?? agent.isInbound,
      mainAgentChannelIndex: null,
      callDurationSeconds: call.durationSeconds,
    },
  })
  if (!parsed.ok) return { problem: { transcript: parsed.issues.map(describeIssue) } }
  return {
    kind: 'parsed',
    type: parsed.detectedType,
    segments: parsed.segments,
    warnings: parsed.warnings,
    speakerRule: parsed.speakerRule,
  }
}

function isEmpty(value: Record<string, unknown>): boolean {
  return Object.keys(value).length === 0
}

const MAX_CALL_ID_LENGTH = 100

/** The rule that `observe` has for its senders' ids; null where an id keeps it. */
export function callIdProblem(callId: string): Problem | null {
  if (callId.includes('\0')) return { call_id: ['Null characters are not allowed.'] }
  if (callId.length <= MAX_CALL_ID_LENGTH) return null
  return { call_id: [`Ensure this field has no more than ${MAX_CALL_ID_LENGTH} characters.`] }
}
