import type { TranscriptType } from '#contract/transcript.ts'
import type { TranscriptContext, TranscriptFormat, TranscriptIssue } from '../formats/format.ts'
import { toText } from '../formats/json-value.ts'

/** A finished call as a provider's webhook tells it. */
export type ProviderCall = {
  callId: string
  /** The provider's id of the agent; null for one that was defined inside the call. */
  assistantId: string | null
  /** Null: the provider gives no time; take the time of receipt. */
  startedAt: Date | null
  durationSeconds: number | null
  /** The provider's own word, from an open list. */
  endedReason: string | null
  customerNumber: string | null
  /** May be signed and short-lived: fetch it at once. Two channels before one. */
  recordingUrl: string | null
  transcriptType: TranscriptType
  /** The list of entries; null if there are no turns. Anything unreadable stays, so that parsing names it. */
  transcriptJson: unknown
  /** The call was never answered: a failed call without turns, not an error of the sender. */
  notConnected: boolean
  dynamicVariables: Record<string, unknown>
  metadata: Record<string, unknown>
  isInbound: boolean | null
  /** The whole body without the secrets that providers put into it. */
  rawToStore: unknown
}

export type ProviderEvent =
  | { kind: 'call'; call: ProviderCall }
  /** The sound of a call, sent before or after the call itself; join by `conversationId`. */
  | { kind: 'audio'; conversationId: string; agentId: string | null }
  /** Answer 2xx and keep nothing. */
  | { kind: 'ignored'; reason: string }
  | { kind: 'invalid'; issues: TranscriptIssue[] }

export function ignoredEvent(reason: string): ProviderEvent {
  return { kind: 'ignored', reason }
}

export function invalidEvent(path: (string | number)[], message: string): ProviderEvent {
  return { kind: 'invalid', issues: [{ path, message }] }
}

const NO_CONTEXT: TranscriptContext = {
  agentIsInbound: null,
  mainAgentChannelIndex: null,
  callDurationSeconds: null,
}

/**
 * The list of entries, or null if nobody speaks in it although every entry is of a known kind. A list with unknown
 * kinds is kept: it may be speech in a spelling that the provider has just introduced.
 */
export function findTurns(format: TranscriptFormat, payload: unknown): readonly unknown[] | null {
  const list = format.locate(payload)
  if (list === null || list.entries.length === 0) return null
  const reading = format.read(list, NO_CONTEXT)
  const hasSpeech = reading.drafts.some((draft) => draft.kind === 'speech')
  return hasSpeech || reading.ignored.length > 0 ? list.entries : null
}

/** The first of the values that is an http(s) address. */
export function firstUrl(values: readonly unknown[]): string | null {
  for (const value of values) {
    const text = toText(value)
    if (text !== null && /^https?:\/\//i.test(text) && URL.canParse(text)) return text
  }
  return null
}

/** As sent, but telephone numbers without inner spaces, so that one customer has one spelling. */
export function phoneNumber(value: unknown): string | null {
  const text = toText(value)
  return text !== null && /^\+?[\d\s]+$/.test(text) ? text.replace(/\s+/g, '') : text
}
