import type { Segment, SpeechSegment } from '#contract/transcript.ts'
import { toClock } from '#contract/wire/duration.ts'

/** Of arguments and results of tools; what is longer is data for programs rather than for a judgement. */
const LONGEST_TOOL_TEXT = 600
const SPEAKER = { agent: 'Main Agent', caller: 'Testing Agent' } as const

/**
 * One line per segment, `[12] 01:34 Main Agent: text`, numbered as the segments are, from 0; without the clock where
 * there is no time. Line breaks become spaces: nothing said can pass for a line of its own. Speech stays whole.
 * Written once for all metrics that ask about the same segments.
 */
export function numberTranscript(segments: readonly Segment[]): string {
  const known = NUMBERED.get(segments)
  if (known !== undefined) return known
  const numbered = writeLines(segments)
  NUMBERED.set(segments, numbered)
  return numbered
}

const NUMBERED = new WeakMap<readonly Segment[], string>()

function writeLines(segments: readonly Segment[]): string {
  return segments
    .map((segment, index) => {
      const clock = segment.startSeconds === null ? '' : `${toClock(segment.startSeconds)} `
      return `[${index}] ${clock}${contentOf(segment)}`
    })
    .join('\n')
}

function contentOf(segment: Segment): string {
  switch (segment.kind) {
    case 'speech':
      return `${whoSpeaks(segment)}: ${oneLine(segment.text)}${segment.isInterrupted === true ? ' [cut off]' : ''}`
    case 'tool-call':
      return `Function Call: ${oneLine(segment.name)}(${shorten(segment.argumentsText)})`
    case 'tool-result': {
      const mark = segment.isError === true ? ' [error]' : ''
      return `Function Call Result${mark}: ${oneLine(segment.name)}: ${shorten(segment.resultText)}`
    }
    case 'event':
      return `Event: ${oneLine(segment.name)} ${shorten(segment.text)}`.trimEnd()
    default:
      return segment satisfies never
  }
}

function whoSpeaks({ speaker, party }: SpeechSegment): string {
  return party === undefined ? SPEAKER[speaker] : `Third party (${oneLine(party)})`
}

function shorten(text: string): string {
  const line = oneLine(text)
  return line.length <= LONGEST_TOOL_TEXT ? line : `${line.slice(0, LONGEST_TOOL_TEXT - 1)}…`
}

function oneLine(text: string): string {
  return text.replace(/[\s\u0085]+/g, ' ').trim()
}
