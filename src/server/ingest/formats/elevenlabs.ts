import type { Speaker } from '#contract/transcript.ts'
import { callSeconds } from './clock.ts'
import type { DraftSegment } from './estimate-times.ts'
import {
  EMPTY_READING,
  type EntryList,
  type FormatReading,
  locateEntries,
  readEntries,
  type TranscriptFormat,
} from './format.ts'
import {
  entryText,
  isObject,
  type JsonObject,
  spokenText,
  toList,
  toNumber,
  valueAt,
} from './json-value.ts'
import { toolCallDraft, toolResultDraft } from './tool-drafts.ts'

const SPEAKERS = new Map<unknown, Speaker>([
  ['agent', 'agent'],
  ['assistant', 'agent'], // minimal senders write it
  ['user', 'caller'],
])

const CONTAINERS = [['data', 'transcript'], ['transcript'], ['messages']] as const

/** `transcript` of a conversation. Source: https://elevenlabs.io/docs, post-call webhooks, and real webhooks. */
export const elevenlabsFormat: TranscriptFormat = {
  type: 'elevenlabs',
  expects: 'role "agent" or "user" with text in "message"',
  containers: CONTAINERS,
  locate: (payload) => locateEntries(payload, CONTAINERS),
  recognises: (entry) =>
    'time_in_call_secs' in entry ||
    (SPEAKERS.has(entry.role) && 'message' in entry && !('secondsFromStart' in entry)),
  read: readElevenlabs,
}

function readElevenlabs({ entries, envelope }: EntryList): FormatReading {
  const duration =
    valueAt(envelope, ['data', 'metadata', 'call_duration_secs']) ??
    valueAt(envelope, ['metadata', 'call_duration_secs'])
  return {
    ...EMPTY_READING,
    ...readEntries(entries, readEntry),
    callDurationSeconds: toNumber(duration),
  }
}

/** Speech before the tools of the same entry: the agent announces what it does. */
function readEntry(entry: JsonObject): DraftSegment[] | null {
  const speaker = SPEAKERS.get(entry.role)
  if (speaker === undefined) return null
  const startSeconds = callSeconds(entry.time_in_call_secs)
  return [
    ...readSpeech(entry, speaker, startSeconds),
    ...toList(entry.tool_calls)
      .filter(isObject)
      .map((call) => readCall(call, startSeconds)),
    ...toList(entry.tool_results)
      .filter(isObject)
      .map((result) => readResult(result, startSeconds)),
  ]
}

function readSpeech(
  entry: JsonObject,
  speaker: Speaker,
  startSeconds: number | null,
): DraftSegment[] {
  const text = entryText(entry, 'message')
  if (text === '') return []
  const intendedText = spokenText(entry.original_message)
  return [
    {
      kind: 'speech',
      speaker,
      text,
      startSeconds,
      endSeconds: null,
      ...(entry.interrupted === true && { isInterrupted: true }),
      ...(intendedText !== '' && { intendedText }),
    },
  ]
}

function readCall(call: JsonObject, startSeconds: number | null): DraftSegment {
  const { request_id: id, tool_name: name, params_as_json } = call
  return toolCallDraft({ id, name, arguments: params_as_json, startSeconds })
}

function readResult(result: JsonObject, startSeconds: number | null): DraftSegment {
  const { request_id: id, tool_name: name, result_value, is_error } = result
  const isError = typeof is_error === 'boolean' ? is_error : null
  return toolResultDraft({ id, name, result: result_value ?? result.result, isError, startSeconds })
}
