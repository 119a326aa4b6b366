import type { TranscriptType } from '#contract/transcript.ts'
import { readTranscriptText } from './transcript-text.ts'

/** The form's fields, each with room for one error. */
export type AddCallField =
  | 'recording'
  | 'transcript'
  | 'transcriptType'
  | 'agent'
  | 'newAgent'
  | 'callId'
  | 'customerNumber'
  | 'startedAt'
  | 'metadata'

/** Where the wire's messages belong in the form. */
export const FIELD_OF: Readonly<Record<string, AddCallField>> = {
  voice_recording: 'recording',
  voice_recording_url: 'recording',
  transcript_json: 'transcript',
  transcript_type: 'transcriptType',
  agent: 'agent',
  assistant_id: 'agent',
  name: 'newAgent',
  call_id: 'callId',
  customer_number: 'customerNumber',
  timestamp: 'startedAt',
  metadata: 'metadata',
}

export type AddCallDraft = {
  recording: File | null
  /** JSON or lines of `Speaker: text`. */
  transcript: string
  transcriptType: TranscriptType | 'detect'
  /** Null: none chosen yet. */
  agent: number | 'new' | null
  newAgentName: string
  callId: string
  customerNumber: string
  /** The value of a `datetime-local` input, in the viewer's time zone; empty: now. */
  startedAt: string
  /** JSON text of an object, or empty. */
  metadata: string
}

export function emptyDraft(now: Date): AddCallDraft {
  return {
    recording: null,
    transcript: '',
    transcriptType: 'detect',
    agent: null,
    newAgentName: '',
    callId: suggestCallId(now),
    customerNumber: '',
    startedAt: '',
    metadata: '',
  }
}

/** `manual-20260102-030405`: unique enough for one person, and readable in a list. In UTC. */
export function suggestCallId(now: Date): string {
  const [date = '', time = ''] = now.toISOString().replace(/[-:]/g, '').split('T')
  return `manual-${date}-${time.slice(0, 6)}`
}

export type ObserveFields =
  | { ok: true; fields: Record<string, string> }
  | { ok: false; errors: Partial<Record<AddCallField, string>> }

/** The wire's form fields but for the agent, which may have to be made first. Blank ones are left out. */
export function toObserveFields(draft: AddCallDraft): ObserveFields {
  const errors: Partial<Record<AddCallField, string>> = {}
  const transcript = draft.transcript.trim() ? readTranscriptText(draft.transcript) : null
  if (transcript && !transcript.ok) errors.transcript = transcript.message
  if (draft.metadata.trim() && !isJsonObject(draft.metadata)) {
    errors.metadata = 'Expected a JSON object such as {"region": "EU"}.'
  }
  if (draft.agent === null) errors.agent = 'Choose whose call this is.'
  if (draft.agent === 'new' && !draft.newAgentName.trim()) {
    errors.newAgent = 'The new agent needs a name.'
  }
  if (Object.keys(errors).length > 0) return { ok: false, errors }

  const fields = {
    call_id: draft.callId.trim(),
    transcript_json: transcript?.ok ? transcript.json : '',
    transcript_type: draft.transcriptType === 'detect' ? '' : draft.transcriptType,
    customer_number: draft.customerNumber.trim(),
    timestamp: draft.startedAt ? new Date(draft.startedAt).toISOString() : '',
    metadata: draft.metadata.trim(),
  }
  return { ok: true, fields: withoutBlanks(fields) }
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

// `call_id` stays even if blank, so that the server's own words for it are shown.
function withoutBlanks(fields: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).filter(([name, value]) => value !== '' || name === 'call_id'),
  )
}
