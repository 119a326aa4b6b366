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
  type TranscriptIssue,
} from './format.ts'
import { entryText, isObject, type JsonObject, shortForm, toObject } from './json-value.ts'
import { dataToolCall, dataToolResult } from './tool-drafts.ts'

/** The format's own roles. Case counts, as it does in Cekura. */
const OWN_ROLES: ReadonlySet<unknown> = new Set([
  'Main Agent',
  'Testing Agent',
  'Function Call',
  'Function Call Result',
])

// `user` and `assistant` are in a published sample that says `transcript_type: cekura`.
const SPEAKERS = new Map<unknown, Speaker>([
  ['Main Agent', 'agent'],
  ['assistant', 'agent'],
  ['Testing Agent', 'caller'],
  ['user', 'caller'],
])
const CALL_ROLES: ReadonlySet<unknown> = new Set(['Function Call', 'function_call', 'tool_call'])
const RESULT_ROLES: ReadonlySet<unknown> = new Set([
  'Function Call Result',
  'function_call_result',
  'tool_call_result',
])

const CONTAINERS = [
  ['transcript_json'],
  ['transcript_object'],
  ['transcript'],
  ['transcripts'],
  ['messages'],
] as const

/** Strict about roles, unlike the provider formats: a role we dropped would be a sentence lost in silence. */
export const cekuraFormat: TranscriptFormat = {
  type: 'cekura',
  expects: 'role "Main Agent" or "Testing Agent" with text in "content"',
  containers: CONTAINERS,
  locate: (payload) => locateEntries(payload, CONTAINERS),
  recognises: (entry) =>
    OWN_ROLES.has(entry.role) || (isFunctionRole(entry.role) && isObject(entry.data)),
  read: readCekura,
}

/** `vocera` is the former name of the same format. */
export const voceraFormat: TranscriptFormat = { ...cekuraFormat, type: 'vocera' }

function isFunctionRole(role: unknown): boolean {
  return role === 'function_call' || role === 'function_call_result'
}

function readCekura({ entries, path }: EntryList): FormatReading {
  const issues = entries.flatMap((entry, index) => roleIssue(entry, [...path, index]))
  if (issues.length > 0) return { ...EMPTY_READING, issues }
  const objects = entries.map(toObject)
  const clock = createCallClock(
    earliestEpoch(
      objects.flatMap((entry) => [entry.start_time, entry.time, entry.timestamp, entry.end_time]),
    ),
  )
  return { ...EMPTY_READING, ...readEntries(entries, (entry) => readEntry(entry, clock)) }
}

function roleIssue(entry: unknown, path: (string | number)[]): TranscriptIssue[] {
  if (!isObject(entry)) return [{ path, message: `must be an object, got ${shortForm(entry)}` }]
  const { role } = entry
  if (SPEAKERS.has(role) || CALL_ROLES.has(role) || RESULT_ROLES.has(role)) return []
  const known = 'Main Agent, Testing Agent, Function Call, Function Call Result, assistant or user'
  return [{ path: [...path, 'role'], message: `role must be ${known}, got ${shortForm(role)}` }]
}

function readEntry(entry: JsonObject, clock: (value: unknown) => number | null): DraftSegment[] {
  const startSeconds = clock(entry.start_time) ?? clock(entry.timestamp) ?? clock(entry.time)
  const endSeconds = clock(entry.end_time)
  const speaker = SPEAKERS.get(entry.role)
  if (speaker === undefined) return [readTool(entry, startSeconds ?? endSeconds, endSeconds)]

  const text = entryText(entry, 'content')
  if (text === '') return []
  // Senders that know one instant copy it to both keys, so such an end says nothing: it is estimated.
  const end = endSeconds === startSeconds ? null : endSeconds
  return [{ kind: 'speech', speaker, text, startSeconds, endSeconds: end }]
}

function readTool(entry: JsonObject, start: number | null, end: number | null): DraftSegment {
  const draft = CALL_ROLES.has(entry.role)
    ? dataToolCall(entry, start)
    : dataToolResult(entry, start)
  return { ...draft, endSeconds: end ?? start }
}
