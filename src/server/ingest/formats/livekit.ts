import type { Speaker } from '#contract/transcript.ts'
import { createCallClock, epochSeconds, readInstant, secondsBetween } from './clock.ts'
import type { DraftSegment } from './estimate-times.ts'
import {
  EMPTY_READING,
  type EntryList,
  type FormatReading,
  locateEntries,
  readEntries,
  type TranscriptFormat,
} from './format.ts'
import { entryText, isObject, type JsonObject, toObject, toText } from './json-value.ts'
import { toolCallDraft, toolResultDraft } from './tool-drafts.ts'

const SPEAKERS = new Map<unknown, Speaker>([
  ['assistant', 'agent'],
  ['user', 'caller'],
])
const PROMPT_ROLES: ReadonlySet<unknown> = new Set(['system', 'developer'])
const ITEM_TYPES: ReadonlySet<unknown> = new Set([
  'message',
  'function_call',
  'function_call_output',
  'agent_handoff',
  'agent_config_update',
])

const CONTAINERS = [
  ['chat_history', 'items'],
  ['chatHistory', 'items'],
  ['history', 'items'],
  ['items'],
  ['messages'],
] as const

/**
 * Items of a chat history, of a session report, or the plain list `{role, content, timestamp}`.
 * Source: livekit/agents, ChatContext.to_dict and SessionReport.to_dict; @livekit/agents for the camelCase keys.
 */
export const livekitFormat: TranscriptFormat = {
  type: 'livekit',
  expects: 'role "user" or "assistant" with text in "content"',
  containers: CONTAINERS,
  locate: (payload) => locateEntries(payload, CONTAINERS),
  recognises: (entry) =>
    ITEM_TYPES.has(entry.type) ||
    (SPEAKERS.has(entry.role) && 'content' in entry && typeof entry.timestamp === 'number'),
  read: readLivekit,
}

/** Where the keys of an item differ between the Python and the Node package, both are read. */
type Item = {
  createdAt: number | null
  startedAt: number | null
  stoppedAt: number | null
  timestamp: unknown
}

function readLivekit({ entries, envelope }: EntryList): FormatReading {
  const objects = entries.filter(isObject)
  const zero = findZero(objects, envelope)
  const suspects = countInjected(objects)
  const warnings =
    suspects > 0
      ? [`${suspects} user message(s) without speech metrics may be injected text, not speech`]
      : []
  return { ...EMPTY_READING, ...readEntries(entries, (entry) => readEntry(entry, zero)), warnings }
}

function timesOf(entry: JsonObject): Item {
  const metrics = toObject(entry.metrics)
  return {
    createdAt: epochSeconds(entry.created_at ?? entry.createdAt),
    startedAt: epochSeconds(metrics.started_speaking_at ?? metrics.startedSpeakingAt),
    stoppedAt: epochSeconds(metrics.stopped_speaking_at ?? metrics.stoppedSpeakingAt),
    timestamp: entry.timestamp,
  }
}

/** The start of the recording; else the first speaking start; else the first instant of a spoken item. */
function findZero(items: readonly JsonObject[], envelope: JsonObject): number | null {
  const recordingStart = epochSeconds(
    envelope.audio_recording_started_at ?? envelope.audioRecordingStartedAt,
  )
  if (recordingStart !== null && recordingStart > 0) return recordingStart
  const spoken = items
    .filter((item) => SPEAKERS.has(item.role) && !isInstruction(item))
    .map(timesOf)
  return (
    smallest(spoken.map((item) => item.startedAt)) ??
    smallest(spoken.map((item) => item.createdAt)) ??
    smallest(spoken.map((item) => epochTimestamp(item.timestamp)))
  )
}

function epochTimestamp(value: unknown): number | null {
  const instant = readInstant(value)
  return instant?.scale === 'epoch' ? instant.seconds : null
}

function smallest(values: readonly (number | null)[]): number | null {
  return values.reduce(
    (low, value) => (low === null || (value !== null && value < low) ? value : low),
    null,
  )
}

function readEntry(entry: JsonObject, zero: number | null): DraftSegment[] | null {
  const type = entry.type ?? 'message'
  const startSeconds = instantOf(entry, zero)
  if (type === 'message') return readMessage(entry, zero)
  if (type === 'function_call') {
    const args = entry.arguments ?? entry.args
    return [
      toolCallDraft({
        id: entry.call_id ?? entry.callId,
        name: entry.name,
        arguments: args,
        startSeconds,
      }),
    ]
  }
  if (type === 'function_call_output') return [readOutput(entry, startSeconds)]
  if (!ITEM_TYPES.has(type)) return null
  const text = type === 'agent_handoff' ? handoffText(entry) : ''
  return [{ kind: 'event', name: String(type), text, startSeconds, endSeconds: startSeconds }]
}

function readMessage(entry: JsonObject, zero: number | null): DraftSegment[] | null {
  if (PROMPT_ROLES.has(entry.role) || isInstruction(entry)) return []
  const speaker = SPEAKERS.get(entry.role)
  if (speaker === undefined) return null
  const text = entryText(entry, 'content')
  if (text === '') return []
  return [
    {
      kind: 'speech',
      speaker,
      text,
      ...speechTimes(entry, zero),
      ...(entry.interrupted === true && { isInterrupted: true }),
    },
  ]
}

type SpeechTimes = Pick<DraftSegment, 'startSeconds' | 'endSeconds' | 'hasRoughStart'>

/** `created_at` is the end of a caller's turn and about a second before the agent's voice: fit for order only. */
function speechTimes(entry: JsonObject, zero: number | null): SpeechTimes {
  const { startedAt, stoppedAt, createdAt, timestamp } = timesOf(entry)
  const [startSeconds, endSeconds] = [since(zero, startedAt), since(zero, stoppedAt)]
  if (startSeconds !== null || endSeconds !== null) return { startSeconds, endSeconds }
  const given = createCallClock(zero)(timestamp)
  if (given !== null) return { startSeconds: given, endSeconds: null }
  return { startSeconds: since(zero, createdAt), endSeconds: null, hasRoughStart: true }
}

function instantOf(entry: JsonObject, zero: number | null): number | null {
  return since(zero, timesOf(entry).createdAt) ?? createCallClock(zero)(entry.timestamp)
}

function since(zero: number | null, instant: number | null): number | null {
  return zero === null || instant === null ? null : secondsBetween(zero, instant)
}

function readOutput(entry: JsonObject, startSeconds: number | null): DraftSegment {
  const isError = entry.is_error ?? entry.isError
  return toolResultDraft({
    id: entry.call_id ?? entry.callId,
    name: entry.name,
    result: entry.output,
    isError: typeof isError === 'boolean' ? isError : null,
    startSeconds,
  })
}

function handoffText(entry: JsonObject): string {
  const from = toText(entry.old_agent_id) ?? toText(entry.oldAgentId) ?? ''
  const to = toText(entry.new_agent_id) ?? toText(entry.newAgentId) ?? ''
  return `${from} → ${to}`
}

/** The framework files its own instructions under ids that begin so. */
function isInstruction({ id }: JsonObject): boolean {
  return typeof id === 'string' && id.startsWith('lk.')
}

/** Only where other user messages show that this session measures speech. */
function countInjected(items: readonly JsonObject[]): number {
  const messages = items.filter((item) => item.role === 'user' && !isInstruction(item))
  const measured = messages.filter(
    (item) => timesOf(item).startedAt !== null || 'transcript_confidence' in item,
  )
  return measured.length === 0 ? 0 : messages.length - measured.length
}
