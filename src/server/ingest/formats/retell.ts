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
import { entryText, type JsonObject, spokenText, toText, valueAt } from './json-value.ts'
import { toolCallDraft, toolResultDraft } from './tool-drafts.ts'
import { readWords } from './words.ts'

const SPEAKERS = new Map<unknown, Speaker>([
  ['agent', 'agent'],
  ['user', 'caller'],
  ['transfer_target', 'caller'],
])
const EVENT_ROLES: ReadonlySet<unknown> = new Set(['node_transition', 'dtmf', 'sms', 'injected'])

/** The list with the tools before the one without; redacted twins only where nothing else is left. */
const LISTS = [
  'transcript_with_tool_calls',
  'scrubbed_transcript_with_tool_calls',
  'transcript_object',
  'scrubbed_transcript_object',
] as const
const CONTAINERS = [
  ...LISTS.map((list) => ['call', list]),
  ...LISTS.map((list) => ['data', list]),
  ...LISTS.map((list) => [list]),
]

/** `transcript_with_tool_calls` of a call. Source: https://docs.retellai.com, retell-sdk, and real webhooks. */
export const retellFormat: TranscriptFormat = {
  type: 'retell',
  expects: 'role "agent" or "user" with text in "content"',
  containers: CONTAINERS,
  locate: (payload) => locateEntries(payload, CONTAINERS),
  recognises,
  read: readRetell,
}

function recognises(entry: JsonObject): boolean {
  if (entry.role === 'tool_call_invocation' || EVENT_ROLES.has(entry.role)) return true
  if (entry.role === 'tool_call_result') return 'tool_call_id' in entry
  return SPEAKERS.has(entry.role) && 'content' in entry && Array.isArray(entry.words)
}

function readRetell({ entries }: EntryList): FormatReading {
  return { ...EMPTY_READING, ...readEntries(entries, readEntry) }
}

function readEntry(entry: JsonObject): DraftSegment[] | null {
  const speaker = SPEAKERS.get(entry.role)
  if (speaker !== undefined) return readSpeech(entry, speaker)
  // Not in the published types, but in every payload since 2025.
  const startSeconds = callSeconds(entry.time_sec)
  if (entry.role === 'tool_call_invocation') {
    const { tool_call_id: id, name, arguments: args } = entry
    return [toolCallDraft({ id, name, arguments: args, startSeconds })]
  }
  if (entry.role === 'tool_call_result') return [readResult(entry, startSeconds)]
  return EVENT_ROLES.has(entry.role) ? [readEvent(entry, startSeconds)] : null
}

function readSpeech(entry: JsonObject, speaker: Speaker): DraftSegment[] {
  const text = entryText(entry, 'content') || spokenWords(entry)
  if (text === '') return []
  const words = readWords(entry.words, callSeconds)
  return [
    {
      kind: 'speech',
      speaker,
      text,
      startSeconds: words[0]?.startSeconds ?? null,
      endSeconds: words.at(-1)?.endSeconds ?? null,
      ...(words.length > 0 ? { words } : { isUnheard: true }),
      ...(toText(valueAt(entry, ['metadata', 'interrupt_id'])) !== null && { isInterrupted: true }),
      ...(entry.role === 'transfer_target' && { party: 'transfer target' }),
    },
  ]
}

/** The words keep their own spaces, so they join without one. */
function spokenWords({ words }: JsonObject): string {
  if (!Array.isArray(words)) return ''
  const texts = words.map((word) => valueAt(word, ['word']))
  return texts
    .filter((text) => typeof text === 'string')
    .join('')
    .trim()
}

function readResult(entry: JsonObject, startSeconds: number | null): DraftSegment {
  const { tool_call_id: id, name, content: result, successful } = entry
  const isError = typeof successful === 'boolean' ? !successful : null
  return toolResultDraft({ id, name, result, isError, startSeconds })
}

function readEvent(entry: JsonObject, startSeconds: number | null): DraftSegment {
  const name = String(entry.role)
  return { kind: 'event', name, text: eventText(entry), startSeconds, endSeconds: startSeconds }
}

function eventText(entry: JsonObject): string {
  if (entry.role === 'dtmf') return toText(entry.digit) ?? ''
  if (entry.role !== 'node_transition') return spokenText(entry.content)
  const from = toText(entry.former_node_name) ?? toText(entry.former_node_id) ?? ''
  const to = toText(entry.new_node_name) ?? toText(entry.new_node_id) ?? ''
  return `${from} → ${to}`
}
