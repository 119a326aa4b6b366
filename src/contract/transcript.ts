import { z } from 'zod'

/** Who speaks: `agent` is the voice AI (wire: "Main Agent"), `caller` the person (wire: "Testing Agent"). */
export const Speaker = z.enum(['agent', 'caller'])
export type Speaker = z.infer<typeof Speaker>

/**
 * How far the times of a segment can be trusted.
 * `given`: start and end came from the sender. `estimated-end`: the start was given, the end is ours.
 * `estimated`: both are ours, from the neighbours. `none`: no time at all; start and end are null.
 */
export const Timing = z.enum(['given', 'estimated-end', 'estimated', 'none'])
export type Timing = z.infer<typeof Timing>

/** One spoken word. Seconds from the start of the recording, end never before start. */
export const Word = z.object({
  text: z.string(),
  startSeconds: z.number(),
  endSeconds: z.number(),
  confidence: z.number().optional(),
})
export type Word = z.infer<typeof Word>

const Span = z.object({
  startSeconds: z.number().nullable(),
  endSeconds: z.number().nullable(),
  timing: Timing,
})

/** What one party said without the list of entries moving on to another; text is as sent, trimmed. */
export const SpeechSegment = Span.extend({
  kind: z.literal('speech'),
  speaker: Speaker,
  text: z.string(),
  words: z.array(Word).optional(),
  /** The sender says the speaker was cut off. */
  isInterrupted: z.boolean().optional(),
  /** What the agent meant to say where it was cut off. */
  intendedText: z.string().optional(),
  /** Neither the agent nor the first caller: a transfer target, a third diarised voice. */
  party: z.string().optional(),
})
export type SpeechSegment = z.infer<typeof SpeechSegment>

/** The agent calls a tool. `argumentsText` is the text as sent: usually JSON, sometimes empty. */
export const ToolCallSegment = Span.extend({
  kind: z.literal('tool-call'),
  toolCallId: z.string(),
  name: z.string(),
  argumentsText: z.string(),
})
export type ToolCallSegment = z.infer<typeof ToolCallSegment>

/** What the tool answered; linked to its call by `toolCallId`. `isError` is null where the sender does not say. */
export const ToolResultSegment = Span.extend({
  kind: z.literal('tool-result'),
  toolCallId: z.string(),
  name: z.string(),
  resultText: z.string(),
  isError: z.boolean().nullable(),
})
export type ToolResultSegment = z.infer<typeof ToolResultSegment>

/** Something that happened and is neither speech nor a tool: a transfer, a key press, a node transition. */
export const EventSegment = Span.extend({
  kind: z.literal('event'),
  name: z.string(),
  text: z.string(),
})
export type EventSegment = z.infer<typeof EventSegment>

/** In the sender's order, which is the reading order; starts may step back where speakers overlap. */
export const Segment = z.discriminatedUnion('kind', [
  SpeechSegment,
  ToolCallSegment,
  ToolResultSegment,
  EventSegment,
])
export type Segment = z.infer<typeof Segment>

/** The transcript formats of the wire, and `bland`. Source: Cekura API, `observe`, `transcript_type`. */
export const TranscriptType = z.enum([
  'cekura',
  'vocera',
  'vapi',
  'retell',
  'deepgram',
  'pipecat',
  'livekit',
  'elevenlabs',
  'bland',
  'none-mono',
])
export type TranscriptType = z.infer<typeof TranscriptType>

/** What was said, one text per speech segment, in order: what a search looks into. Tools and events are no speech. */
export function spokenTexts(segments: readonly Segment[]): string[] {
  return segments.flatMap((segment) => (segment.kind === 'speech' ? [segment.text] : []))
}

/** The last known second of a transcript; null without any time. */
export function transcriptEndSeconds(segments: readonly Segment[]): number | null {
  let end: number | null = null
  for (const segment of segments) {
    const last = segment.endSeconds ?? segment.startSeconds
    if (last !== null && (end === null || last > end)) end = last
  }
  return end
}
