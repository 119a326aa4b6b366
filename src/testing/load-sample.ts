import { readFileSync } from 'node:fs'
import type { Segment, TranscriptType } from '#contract/transcript.ts'
import type { TranscriptContext } from '#server/ingest/formats/format.ts'
import { type ParsedTranscript, parseTranscript } from '#server/ingest/formats/parse-transcript.ts'

const SAMPLES = new URL('../server/ingest/formats/samples/', import.meta.url)

/** For tests: a payload of `ingest/formats/samples/`, as `JSON.parse` gives it. */
export function loadSample(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`${name}.json`, SAMPLES), 'utf8'))
}

/** For tests: nothing is known of the call but what the transcript says. */
export const NO_CONTEXT: TranscriptContext = {
  agentIsInbound: null,
  mainAgentChannelIndex: null,
  callDurationSeconds: null,
}

export type AcceptedTranscript = Extract<ParsedTranscript, { ok: true }>

/** For tests: parses what must be accepted; throws with the issues if it is not. */
export function parseAccepted(
  transcriptType: TranscriptType | null,
  transcriptJson: unknown,
  context: Partial<TranscriptContext> = {},
): AcceptedTranscript {
  const parsed = parseTranscript({
    transcriptType,
    transcriptJson,
    context: { ...NO_CONTEXT, ...context },
  })
  if (!parsed.ok) throw new Error(`refused: ${JSON.stringify(parsed.issues)}`)
  return parsed
}

/** For tests: the segments as one line each, `agent 1.5-3.25 text` or `call 2 name(arguments)`. */
export function outline(segments: readonly Segment[]): string[] {
  return segments.map((segment) => {
    const { startSeconds: start, endSeconds: end } = segment
    const instant = start === end ? `${start}` : `${start}-${end}`
    switch (segment.kind) {
      case 'speech':
        return `${segment.speaker} ${instant} ${segment.text}`
      case 'tool-call':
        return `call ${instant} ${segment.name}(${segment.argumentsText}) ${segment.toolCallId}`
      case 'tool-result':
        return `result ${instant} ${segment.name}: ${segment.resultText} ${segment.toolCallId}`
      case 'event':
        return `event ${instant} ${segment.name} ${segment.text}`
      default:
        return segment satisfies never
    }
  })
}
