import type { Segment } from '#contract/transcript.ts'
import { html, type Markup } from './markup.ts'
import { clock } from './result-words.ts'
import { speakerName } from './transcript-cues.ts'

/** A moment that can be heard, or a mere time where there is no sound; nothing where the moment is not known. */
export function timeMark(
  seconds: number | null,
  { hasAudio, what }: { hasAudio: boolean; what: string },
): Markup {
  if (seconds === null) return html``
  if (!hasAudio) return html`<span class="time">${clock(seconds)}</span>`
  return html`<button type="button" class="time" data-seek="${seconds}" aria-label="Play ${what} at ${clock(seconds)}">${clock(seconds)}</button>`
}

/** The transcript in reading order, row by row; turns with times carry them for the script that follows the sound. */
export function* transcriptSection(
  segments: readonly Segment[],
  { hasAudio }: { hasAudio: boolean },
): Generator<Markup> {
  yield html`
<section aria-labelledby="transcript-title" class="transcript">
<h2 id="transcript-title">Transcript</h2>
${segments.length === 0 ? html`<p class="soft">There is no transcript.</p>` : html`<ol>`}`
  for (const segment of segments) yield rowOf(segment, hasAudio)
  yield html`${segments.length > 0 && html`</ol>`}
</section>`
}

type Row = { kind: string; name: string; body: Markup }

function rowOf(segment: Segment, hasAudio: boolean): Markup {
  const { kind, name, body } = toRow(segment)
  const { startSeconds: start, endSeconds: end } = segment
  const times =
    start !== null && html` data-start="${start}" data-end="${Math.max(start, end ?? start)}"`
  const mark = timeMark(start, { hasAudio, what: name })
  return html`<li class="row ${kind}"${times}><div class="who"><b>${name}</b> ${mark}</div>${body}</li>\n`
}

function toRow(segment: Segment): Row {
  switch (segment.kind) {
    case 'speech': {
      const note = segment.isInterrupted === true && html` <i class="soft">(cut off)</i>`
      const body = html`<p dir="auto">${segment.text}${note}</p>`
      return { kind: segment.speaker, name: speakerName(segment), body }
    }
    case 'tool-call':
      return { kind: 'tool', name: `Calls ${segment.name}`, body: code(segment.argumentsText) }
    case 'tool-result': {
      const name = `${segment.name} ${segment.isError === true ? 'failed' : 'answered'}`
      return { kind: 'tool', name, body: code(segment.resultText) }
    }
    case 'event':
      return { kind: 'tool', name: segment.name, body: html`<p>${segment.text}</p>` }
    default:
      return segment satisfies never
  }
}

function code(text: string): Markup {
  return text === '' ? html`` : html`<pre>${text}</pre>`
}
