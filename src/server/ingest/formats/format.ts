import type { TranscriptType } from '#contract/transcript.ts'
import type { DraftSegment } from './estimate-times.ts'
import { isObject, type JsonObject, shortForm, valueAt } from './json-value.ts'

/** What the call record knows and a transcript alone does not say. */
export type TranscriptContext = {
  agentIsInbound: boolean | null
  /** Which channel (or diarised speaker) of the recording is the agent. */
  mainAgentChannelIndex: 0 | 1 | null
  callDurationSeconds: number | null
}

/** `path` leads into the sent transcript, entries counted from 0; `message` says what was expected and what came. */
export type TranscriptIssue = { path: (string | number)[]; message: string }

/** The list of entries of a payload, the whole payload if that was an object, and the keys from one to the other. */
export type EntryList = {
  entries: readonly unknown[]
  envelope: JsonObject
  path: string[]
}

export type IgnoredEntry = { index: number; label: string }

/** What an adapter makes of a list of entries. */
export type FormatReading = {
  /** In the sender's order. */
  drafts: DraftSegment[]
  /** Entries of a kind the adapter does not know. */
  ignored: IgnoredEntry[]
  warnings: string[]
  /** Not empty: the transcript is refused. */
  issues: TranscriptIssue[]
  /** Which rule said who the agent is, where the format does not; else null. */
  speakerRule: string | null
  /** The length of the call, where the envelope has it. */
  callDurationSeconds: number | null
}

/** One transcript format. Pure: no function throws, whatever JSON comes. */
export type TranscriptFormat = {
  type: Exclude<TranscriptType, 'none-mono'>
  /** What a spoken entry needs, for the error message of a transcript without any. */
  expects: string
  /** Keys under which the list of entries may come, for the error message. */
  containers: readonly (readonly string[])[]
  /** Null: the payload holds no list of entries where this format has it. */
  locate: (payload: unknown) => EntryList | null
  /** Whether the keys of an entry are those of this format rather than of another. */
  recognises: (entry: JsonObject) => boolean
  read: (list: EntryList, context: TranscriptContext) => FormatReading
}

export const EMPTY_READING: FormatReading = {
  drafts: [],
  ignored: [],
  warnings: [],
  issues: [],
  speakerRule: null,
  callDurationSeconds: null,
}

/**
 * The payload itself if it is a list, else the first non-empty list at one of the paths: some payloads carry
 * the list twice, and of these some leave the first one empty. An empty one counts if there is no other.
 */
export function locateEntries(
  payload: unknown,
  containers: readonly (readonly string[])[],
): EntryList | null {
  if (Array.isArray(payload)) return { entries: payload, envelope: {}, path: [] }
  if (!isObject(payload)) return null
  const lists = containers.flatMap((path): EntryList[] => {
    const entries = valueAt(payload, path)
    return Array.isArray(entries) ? [{ entries, envelope: payload, path: [...path] }] : []
  })
  return lists.find((list) => list.entries.length > 0) ?? lists[0] ?? null
}

/** Reads entry by entry; `readEntry` gives null for a kind it does not know, and an empty list for one it skips. */
export function readEntries(
  entries: readonly unknown[],
  readEntry: (entry: JsonObject, index: number) => DraftSegment[] | null,
): { drafts: DraftSegment[]; ignored: IgnoredEntry[] } {
  const drafts: DraftSegment[] = []
  const ignored: IgnoredEntry[] = []
  for (const [index, entry] of entries.entries()) {
    const read = isObject(entry) ? readEntry(entry, index) : null
    if (read === null) ignored.push({ index, label: entryLabel(entry) })
    else for (const draft of read) drafts.push(draft)
  }
  return { drafts, ignored }
}

/** What an entry calls itself, for messages: `role "bot"`, `type "note"`, or its short form. */
export function entryLabel(entry: unknown): string {
  if (!isObject(entry)) return shortForm(entry)
  for (const key of ['role', 'type', 'user']) {
    if (entry[key] !== undefined) return `${key} ${shortForm(entry[key])}`
  }
  return shortForm(entry)
}
