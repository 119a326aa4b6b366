import type { Speaker } from '#contract/transcript.ts'
import { createCallClock, earliestEpoch } from './clock.ts'
import type { DraftSegment } from './estimate-times.ts'
import {
  EMPTY_READING,
  type EntryList,
  type FormatReading,
  locateEntries,
  readEntries,
  type TranscriptFormat,
} from './format.ts'
import { entryText, isObject, type JsonObject, toList } from './json-value.ts'
import { dataToolCall, dataToolResult, modelToolCall, toolResultDraft } from './tool-drafts.ts'

const SPEAKERS = new Map<unknown, Speaker>([
  ['assistant', 'agent'],
  ['user', 'caller'],
])
const CALL_ROLES: ReadonlySet<unknown> = new Set(['tool_call', 'function_call'])
const RESULT_ROLES: ReadonlySet<unknown> = new Set(['tool_call_result', 'function_call_result'])
const PROMPT_ROLES: ReadonlySet<unknown> = new Set(['system', 'developer'])

const CONTAINERS = [
  ['messages'],
  ['transcript'],
  ['context', 'messages'],
  ['transcript_json'],
] as const

/**
 * The framework posts nothing by itself, so four shapes are read: the list of Cekura's page with or without times,
 * the transcript processor's messages, its later turn events without a role, and a dump of the model's context.
 * Source: pipecat-ai/pipecat, and Cekura's transcript-format page.
 */
export const pipecatFormat: TranscriptFormat = {
  type: 'pipecat',
  expects: 'role "user" or "assistant" with text in "content"',
  containers: CONTAINERS,
  locate: (payload) => locateEntries(payload, CONTAINERS),
  recognises,
  read: readPipecat,
}

function recognises(entry: JsonObject): boolean {
  if (CALL_ROLES.has(entry.role) || RESULT_ROLES.has(entry.role)) return isObject(entry.data)
  if (entry.role === 'tool') return 'tool_call_id' in entry
  const isOther =
    typeof entry.timestamp === 'number' || Array.isArray(entry.words) || 'type' in entry
  return !isOther && SPEAKERS.has(roleOf(entry)) && ('content' in entry || 'tool_calls' in entry)
}

/** Turn events have no role: the user's name their `user_id`, the assistant's say whether it was interrupted. */
function roleOf(entry: JsonObject): unknown {
  if (entry.role !== undefined || !('content' in entry)) return entry.role
  if ('user_id' in entry) return 'user'
  return 'interrupted' in entry ? 'assistant' : undefined
}

function readPipecat({ entries }: EntryList): FormatReading {
  const objects = entries.filter(isObject)
  const zero = earliestEpoch(objects.flatMap((entry) => [entry.start_time, entry.timestamp]))
  const clock = createCallClock(zero)
  return { ...EMPTY_READING, ...readEntries(entries, (entry) => readEntry(entry, clock)) }
}

function readEntry(
  entry: JsonObject,
  clock: (value: unknown) => number | null,
): DraftSegment[] | null {
  const startSeconds = clock(entry.start_time) ?? clock(entry.timestamp)
  const role = roleOf(entry)
  const speaker = SPEAKERS.get(role)
  if (speaker !== undefined) {
    const calls = toList(entry.tool_calls).flatMap((call) => modelToolCall(call, startSeconds))
    return [...readSpeech(entry, speaker, startSeconds, clock(entry.end_time)), ...calls]
  }
  if (CALL_ROLES.has(role)) return [dataToolCall(entry, startSeconds)]
  if (RESULT_ROLES.has(role)) return [dataToolResult(entry, startSeconds)]
  if (role === 'tool') return [readToolMessage(entry, startSeconds)]
  return PROMPT_ROLES.has(role) ? [] : null
}

function readSpeech(
  entry: JsonObject,
  speaker: Speaker,
  startSeconds: number | null,
  endSeconds: number | null,
): DraftSegment[] {
  const text = entryText(entry, 'content')
  if (text === '') return []
  return [
    {
      kind: 'speech',
      speaker,
      text,
      startSeconds,
      endSeconds,
      ...(entry.interrupted === true && { isInterrupted: true }),
    },
  ]
}

/** `IN_PROGRESS`, `COMPLETED` and `CANCELLED` are texts of the framework, kept as sent like any result. */
function readToolMessage(entry: JsonObject, startSeconds: number | null): DraftSegment {
  const { tool_call_id: id, name, content: result } = entry
  return toolResultDraft({ id, name, result, isError: null, startSeconds })
}
