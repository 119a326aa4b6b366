import { z } from 'zod'
import type { Segment, Speaker } from '../transcript.ts'
import { toClock } from './duration.ts'

export const WireRole = z.enum([
  'Main Agent',
  'Testing Agent',
  'Function Call',
  'Function Call Result',
])
export type WireRole = z.infer<typeof WireRole>

/** `arguments` and `result` are text as the provider sent it: usually JSON, sometimes empty. */
export const WireToolData = z.union([
  z.object({ id: z.string(), name: z.string(), arguments: z.string() }),
  z.object({ id: z.string(), name: z.string(), result: z.string() }),
])
export type WireToolData = z.infer<typeof WireToolData>

/**
 * One entry of `transcript_object`. Times are seconds from the start of the call; `time` is the start as `MM:SS`
 * and `timestamp` equals `start_time`, because published schema and published samples name different keys.
 * An entry without a time has none of the four: a zero would read as "at the start of the call".
 * `data` is there on function entries only. Source: Cekura API, call-log record, `transcript_object`.
 */
export const WireTranscriptEntry = z.object({
  role: WireRole,
  content: z.string(),
  time: z.string().optional(),
  start_time: z.number().optional(),
  end_time: z.number().optional(),
  timestamp: z.number().optional(),
  data: WireToolData.optional(),
})
export type WireTranscriptEntry = z.infer<typeof WireTranscriptEntry>

const ROLE: Record<Speaker, WireRole> = { agent: 'Main Agent', caller: 'Testing Agent' }

/** One entry per segment in the same order. Events are left out: the wire has no role for them. */
export function toTranscriptObject(segments: readonly Segment[]): WireTranscriptEntry[] {
  return segments.flatMap(toEntries)
}

/**
 * One line per utterance, `[MM:SS] Main Agent: text`, without the clock where there is no time. Line breaks inside
 * an utterance become spaces, so that a line stays an utterance. Tools and events are left out: what the
 * wire would print for them is not documented, and the function entries of `transcript_object` carry them.
 */
export function renderTranscript(segments: readonly Segment[]): string {
  return segments
    .flatMap((segment) => (segment.kind === 'speech' ? [renderLine(segment)] : []))
    .join('\n')
}

function renderLine({ speaker, text, startSeconds }: Extract<Segment, { kind: 'speech' }>): string {
  const clock = startSeconds === null ? '' : `[${toClock(startSeconds)}] `
  return `${clock}${ROLE[speaker]}: ${text.replace(/\s*[\r\n\u2028\u2029]\s*/g, ' ')}`
}

function toEntries(segment: Segment): WireTranscriptEntry[] {
  const times = wireTimes(segment)
  switch (segment.kind) {
    case 'speech':
      return [{ role: ROLE[segment.speaker], content: segment.text, ...times }]
    case 'tool-call': {
      const { toolCallId: id, name, argumentsText } = segment
      return [
        {
          role: 'Function Call',
          content: '',
          ...times,
          data: { id, name, arguments: argumentsText },
        },
      ]
    }
    case 'tool-result': {
      const { toolCallId: id, name, resultText: result } = segment
      return [{ role: 'Function Call Result', content: '', ...times, data: { id, name, result } }]
    }
    case 'event':
      return []
    default:
      return segment satisfies never
  }
}

function wireTimes({ startSeconds, endSeconds }: Segment): Partial<WireTranscriptEntry> {
  if (startSeconds === null) return {}
  return {
    time: toClock(startSeconds),
    start_time: startSeconds,
    end_time: endSeconds ?? startSeconds,
    timestamp: startSeconds,
  }
}
