import type { Segment, TranscriptType } from '#contract/transcript.ts'
import { blandFormat } from './bland.ts'
import { cekuraFormat, voceraFormat } from './cekura.ts'
import { deepgramFormat } from './deepgram.ts'
import { elevenlabsFormat } from './elevenlabs.ts'
import { estimateTimes } from './estimate-times.ts'
import {
  type EntryList,
  entryLabel,
  type FormatReading,
  type IgnoredEntry,
  type TranscriptContext,
  type TranscriptFormat,
  type TranscriptIssue,
} from './format.ts'
import { isObject, shortForm } from './json-value.ts'
import { livekitFormat } from './livekit.ts'
import { pipecatFormat } from './pipecat.ts'
import { retellFormat } from './retell.ts'
import { linkTools } from './tool-drafts.ts'
import { vapiFormat } from './vapi.ts'

const FORMATS: Record<TranscriptFormat['type'], TranscriptFormat> = {
  cekura: cekuraFormat,
  vocera: voceraFormat,
  vapi: vapiFormat,
  retell: retellFormat,
  elevenlabs: elevenlabsFormat,
  deepgram: deepgramFormat,
  livekit: livekitFormat,
  pipecat: pipecatFormat,
  bland: blandFormat,
}

/** Tried in this order where the type is not named; with equal votes the earlier one wins. */
const DETECTABLE = [
  vapiFormat,
  retellFormat,
  elevenlabsFormat,
  deepgramFormat,
  livekitFormat,
  pipecatFormat,
  blandFormat,
] as const

const MAX_ISSUES = 10
const MAX_TEXT_LAYERS = 3

export type TranscriptInput = {
  /** Null: as `cekura`, or detected by keys if no entry has one of its roles. */
  transcriptType: TranscriptType | null
  /** A list of entries, an object that contains it, or JSON text of either. */
  transcriptJson: unknown
  context: TranscriptContext
}

export type ParsedTranscript =
  | {
      ok: true
      detectedType: TranscriptType
      /** In the sender's order, with at least one utterance. */
      segments: Segment[]
      warnings: string[]
      /** How it was decided who the agent is, for formats that do not say it. */
      speakerRule: string | null
    }
  | { ok: false; issues: TranscriptIssue[] }

/** Never throws, and never gives a transcript in which nobody speaks. */
export function parseTranscript({
  transcriptType,
  transcriptJson,
  context,
}: TranscriptInput): ParsedTranscript {
  if (transcriptType === 'none-mono') {
    return refuse(
      'transcript type none-mono means audio alone; leave transcript_json out, or name its format',
    )
  }
  const payload = decodeText(transcriptJson, MAX_TEXT_LAYERS)
  if (!payload.ok) return refuse(payload.message)
  const format = FORMATS[transcriptType ?? detectType(payload.value)]
  const list = format.locate(payload.value)
  if (list === null) return refuse(expectedList(format, payload.value))
  const reading = format.read(list, context)
  if (reading.drafts.some((draft) => draft.kind === 'speech'))
    return finish(format, reading, context)
  const issues = reading.issues.length > 0 ? reading.issues : [nothingSpoken(format, list)]
  return { ok: false, issues: shorten(issues, otherType(format, payload.value)) }
}

/** One line for a person: `entry 3: role must be …, got "bot"`. Entries are counted from 1, as people do. */
export function describeIssue({ path, message }: TranscriptIssue): string {
  const index = path.find((key) => typeof key === 'number')
  return index === undefined ? message : `entry ${index + 1}: ${message}`
}

/**
 * The format whose keys most entries have. `cekura` if any entry has one of its roles, and also if nothing
 * fits: its parser names the entries that it cannot take.
 */
function detectType(payload: unknown): TranscriptFormat['type'] {
  if (countRecognised(cekuraFormat, payload) > 0) return 'cekura'
  return mostRecognised(payload)?.type ?? 'cekura'
}

function mostRecognised(payload: unknown): TranscriptFormat | null {
  let best: TranscriptFormat | null = null
  let bestCount = 0
  for (const format of DETECTABLE) {
    const count = countRecognised(format, payload)
    if (count > bestCount) [best, bestCount] = [format, count]
  }
  return best
}

function countRecognised(format: TranscriptFormat, payload: unknown): number {
  const entries = format.locate(payload)?.entries ?? []
  return entries.filter((entry) => isObject(entry) && format.recognises(entry)).length
}

/** Only where no entry at all has the keys of the named format: one odd entry does not make it another format. */
function otherType(format: TranscriptFormat, payload: unknown): string | null {
  if (countRecognised(format, payload) > 0) return null
  return mostRecognised(payload)?.type ?? null
}

function finish(
  format: TranscriptFormat,
  reading: FormatReading,
  context: TranscriptContext,
): ParsedTranscript {
  const duration = context.callDurationSeconds ?? reading.callDurationSeconds
  const segments = estimateTimes(linkTools(reading.drafts), duration)
  return {
    ok: true,
    detectedType: format.type,
    segments,
    warnings: [
      ...reading.warnings,
      ...ignoredWarnings(reading.ignored),
      ...orderWarnings(segments),
    ],
    speakerRule: reading.speakerRule,
  }
}

function ignoredWarnings(ignored: readonly IgnoredEntry[]): string[] {
  const groups = Map.groupBy(ignored, (entry) => entry.label)
  return [...groups].slice(0, MAX_ISSUES).map(([label, entries]) => {
    const first = (entries[0]?.index ?? 0) + 1
    return `ignored ${entries.length} of unknown kind, first is entry ${first}: ${label}`
  })
}

/** Overlapping speakers step back by moments; more than this is another order. */
const STEP_BACK_SECONDS = 1

/** The sender's order stays, because it is how the call reads (docs/wire.md B5); but a reader should know. */
function orderWarnings(segments: readonly Segment[]): string[] {
  let latest = Number.NEGATIVE_INFINITY
  for (const segment of segments) {
    if (segment.kind !== 'speech' || segment.startSeconds === null) continue
    if (segment.timing === 'estimated') continue
    if (segment.startSeconds < latest - STEP_BACK_SECONDS) {
      return [
        'entries are not in the order of their times; they are kept in the order they came in',
      ]
    }
    latest = Math.max(latest, segment.startSeconds)
  }
  return []
}

function nothingSpoken(format: TranscriptFormat, { entries, path }: EntryList): TranscriptIssue {
  const needed = `nothing is spoken in this ${format.type} transcript: an utterance needs ${format.expects}`
  if (entries.length === 0) return { path, message: `${needed}; got an empty list` }
  const [first] = entries
  const keys = isObject(first) ? ` in ${shortForm(first)}` : ''
  return { path: [...path, 0], message: `${needed}; got ${entryLabel(first)}${keys}` }
}

function expectedList(format: TranscriptFormat, payload: unknown): string {
  const keys = format.containers.map((path) => path.join('.')).join(', ')
  return `expected a list of ${format.type} entries, or an object with it at one of ${keys}; got ${shortForm(payload)}`
}

function shorten(issues: readonly TranscriptIssue[], hint: string | null): TranscriptIssue[] {
  const shown = issues.slice(0, MAX_ISSUES)
  const more = issues.length - shown.length
  if (more > 0) shown.push({ path: [], message: `and ${more} more entries with such problems` })
  if (hint !== null)
    shown.push({ path: [], message: `the entries look like transcript_type "${hint}"` })
  return shown
}

function refuse(message: string): ParsedTranscript {
  return { ok: false, issues: [{ path: [], message }] }
}

type Decoded = { ok: true; value: unknown } | { ok: false; message: string }

/** Multipart forms send text, and some senders encode twice. */
function decodeText(value: unknown, layers: number): Decoded {
  if (typeof value !== 'string') return { ok: true, value }
  if (layers === 0)
    return { ok: false, message: 'is JSON text inside JSON text, too many times over' }
  try {
    // Editors on Windows put a byte order mark first, which the JSON parser refuses.
    return decodeText(JSON.parse(value.replace(/^\uFEFF/, '')), layers - 1)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return {
      ok: false,
      message: `is not valid JSON: expected a list or an object, got ${shortForm(value)}`,
    }
  }
}
