import type { Speaker, Word } from '#contract/transcript.ts'
import { callSeconds, createCallClock, epochSeconds, readInstant, secondsBetween } from './clock.ts'
import type { DraftSegment } from './estimate-times.ts'
import {
  EMPTY_READING,
  type EntryList,
  type FormatReading,
  locateEntries,
  readEntries,
  type TranscriptFormat,
} from './format.ts'
import { entryText, type JsonObject, toList, toObject, valueAt } from './json-value.ts'
import { modelToolCall, toolCallDraft, toolResultDraft } from './tool-drafts.ts'
import { readWords } from './words.ts'

const SPEAKERS = new Map<unknown, Speaker>([
  ['bot', 'agent'],
  ['assistant', 'agent'],
  ['user', 'caller'],
])
const CALL_ROLES: ReadonlySet<unknown> = new Set(['tool_calls', 'function_call'])
const RESULT_ROLES: ReadonlySet<unknown> = new Set([
  'tool_call_result',
  'function_result',
  'function_call_result',
  'tool',
])
const PROMPT_ROLES: ReadonlySet<unknown> = new Set(['system', 'developer'])

/** Where an end-of-call report, a call of the REST API or a pasted part of one has its messages, best first. */
const CONTAINERS = [
  ['message', 'artifact', 'messages'],
  ['message', 'messages'],
  ['message', 'call', 'artifact', 'messages'],
  ['message', 'call', 'messages'],
  ['artifact', 'messages'],
  ['messages'],
] as const

/** `artifact.messages` of the end-of-call report. Source: https://docs.vapi.ai, server events, and real reports. */
export const vapiFormat: TranscriptFormat = {
  type: 'vapi',
  expects: 'role "user" or "bot" with text in "message"',
  containers: CONTAINERS,
  locate: (payload) => locateEntries(payload, CONTAINERS),
  recognises,
  read: readVapi,
}

function recognises(entry: JsonObject): boolean {
  if ('time_in_call_secs' in entry) return false
  if ('secondsFromStart' in entry || 'toolCalls' in entry || 'toolCallId' in entry) return true
  if (!('message' in entry)) return entry.role === 'function_result'
  return (
    entry.role === 'bot' ||
    PROMPT_ROLES.has(entry.role) ||
    (SPEAKERS.has(entry.role) && 'time' in entry)
  )
}

type VapiClock = (value: unknown) => number | null

function readVapi({ entries }: EntryList): FormatReading {
  const clock = createCallClock(findZero(entries.map(toObject)))
  return { ...EMPTY_READING, ...readEntries(entries, (entry) => readEntry(entry, clock)) }
}

/**
 * The instant of second 0, from a spoken entry: prompts and tool entries count their `secondsFromStart` from
 * other zeros, and `startedAt` of the report is up to 4 s off. Without any, the first entry is at 0.
 */
function findZero(entries: readonly JsonObject[]): number | null {
  for (const { role, time, secondsFromStart } of entries) {
    const [instant, offset] = [readInstant(time), callSeconds(secondsFromStart)]
    if (SPEAKERS.has(role) && instant?.scale === 'epoch' && offset !== null)
      return instant.seconds - offset
  }
  const first = entries.find(({ time }) => readInstant(time)?.scale === 'epoch')
  return first === undefined ? null : epochSeconds(first.time)
}

function readEntry(entry: JsonObject, clock: VapiClock): DraftSegment[] | null {
  const speaker = SPEAKERS.get(entry.role)
  if (speaker !== undefined)
    return [...readSpeech(entry, speaker, clock), ...readCalls(entry, clock)]
  if (CALL_ROLES.has(entry.role)) return readCalls(entry, clock)
  if (RESULT_ROLES.has(entry.role)) return [readResult(entry, clock)]
  return PROMPT_ROLES.has(entry.role) ? [] : null
}

function readSpeech(entry: JsonObject, speaker: Speaker, clock: VapiClock): DraftSegment[] {
  const text = entryText(entry, 'message')
  if (text === '') return []
  const startSeconds = callSeconds(entry.secondsFromStart) ?? clock(entry.time)
  const words = wordsOf(entry, clock)
  return [
    {
      kind: 'speech',
      speaker,
      text,
      startSeconds,
      endSeconds: endOf(entry, startSeconds, clock),
      ...(words.length > 0 && { words }),
    },
  ]
}

/** By `endTime - time`, pauses included. `duration` is voiced milliseconds at best, and sometimes wild. */
function endOf(entry: JsonObject, startSeconds: number | null, clock: VapiClock): number | null {
  const [from, to] = [readInstant(entry.time), readInstant(entry.endTime)]
  if (startSeconds === null || from === null || from.scale !== to?.scale)
    return clock(entry.endTime)
  return secondsBetween(from.seconds, startSeconds + to.seconds)
}

function wordsOf(entry: JsonObject, clock: VapiClock): Word[] {
  return readWords(valueAt(entry, ['metadata', 'wordLevelConfidence']), clock)
}

function toolTime(entry: JsonObject, clock: VapiClock): number | null {
  return clock(entry.time) ?? callSeconds(entry.secondsFromStart)
}

function readCalls(entry: JsonObject, clock: VapiClock): DraftSegment[] {
  const startSeconds = toolTime(entry, clock)
  if (entry.role === 'function_call') {
    const { id, name, args } = entry
    return [toolCallDraft({ id, name, arguments: args ?? entry.arguments, startSeconds })]
  }
  const calls = toList(entry.toolCalls ?? entry.tool_calls)
  return calls.flatMap((call) => modelToolCall(call, startSeconds))
}

function readResult(entry: JsonObject, clock: VapiClock): DraftSegment {
  return toolResultDraft({
    id: entry.toolCallId ?? entry.tool_call_id,
    name: entry.name,
    result: entry.result ?? entry.content,
    isError: null,
    startSeconds: toolTime(entry, clock),
  })
}
