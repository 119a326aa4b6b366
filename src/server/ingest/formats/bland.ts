import type { Speaker } from '#contract/transcript.ts'
import { createCallClock, earliestEpoch, epochSeconds } from './clock.ts'
import type { DraftSegment } from './estimate-times.ts'
import {
  EMPTY_READING,
  type EntryList,
  type FormatReading,
  locateEntries,
  readEntries,
  type TranscriptFormat,
} from './format.ts'
import { entryText, isObject, type JsonObject, toNumber } from './json-value.ts'

// The key that holds the role is named `user`.
const SPEAKERS = new Map<unknown, Speaker>([
  ['assistant', 'agent'],
  ['user', 'caller'],
])
const EVENT_ROLES: ReadonlySet<unknown> = new Set(['agent-action', 'robot'])

const CONTAINERS = [['transcripts'], ['call', 'transcripts']] as const

/** `transcripts` of a call. Source: https://docs.bland.ai, call details, and a real call. */
export const blandFormat: TranscriptFormat = {
  type: 'bland',
  expects: 'user "user" or "assistant" with text in "text"',
  containers: CONTAINERS,
  locate: (payload) => locateEntries(payload, CONTAINERS),
  recognises: (entry) => !('role' in entry) && typeof entry.user === 'string' && 'text' in entry,
  read: readBland,
}

function readBland({ entries, envelope }: EntryList): FormatReading {
  const call = isObject(envelope.call) ? envelope.call : envelope
  const rowTimes = entries.filter(isObject).map((entry) => entry.created_at)
  const clock = createCallClock(epochSeconds(call.started_at) ?? earliestEpoch(rowTimes))
  return {
    ...EMPTY_READING,
    ...readEntries(entries, (entry) => readEntry(entry, clock)),
    callDurationSeconds: blandDurationSeconds(call),
  }
}

/** `corrected_duration` is seconds as text; `call_length` is minutes. */
export function blandDurationSeconds(call: JsonObject): number | null {
  const corrected = toNumber(call.corrected_duration)
  if (corrected !== null) return corrected
  const minutes = toNumber(call.call_length)
  return minutes === null ? null : minutes * 60
}

function readEntry(
  entry: JsonObject,
  clock: (value: unknown) => number | null,
): DraftSegment[] | null {
  const startSeconds = clock(entry.created_at)
  const text = entryText(entry, 'text')
  if (EVENT_ROLES.has(entry.user)) {
    return [
      { kind: 'event', name: String(entry.user), text, startSeconds, endSeconds: startSeconds },
    ]
  }
  const speaker = SPEAKERS.get(entry.user)
  if (speaker === undefined) return null
  if (text === '') return []
  return [
    {
      kind: 'speech',
      speaker,
      text,
      startSeconds,
      endSeconds: null,
      hasRoughStart: true, // when the row was written, which is after the speech
      ...(text.endsWith('-') && { isInterrupted: true }),
    },
  ]
}
