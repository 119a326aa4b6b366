import type { Cue } from './transcript-cues.ts'

/** SubRip, cue by cue: numbered, the speaker before the first line. It knows no escapes: text stands as it is. */
export function* toSrt(cues: readonly Cue[]): Generator<string> {
  for (const [index, cue] of cues.entries()) {
    const gap = index === 0 ? '' : '\n'
    const times = `${timestamp(cue.startMs, ',')} --> ${timestamp(cue.endMs, ',')}`
    yield `${gap}${index + 1}\n${times}\n${cue.speaker}: ${cue.lines.join('\n')}\n`
  }
}

/** WebVTT, cue by cue, with the speaker as voice. Source: W3C, WebVTT, 4.1 and 4.2.2. */
export function* toVtt(cues: readonly Cue[]): Generator<string> {
  yield 'WEBVTT\n'
  for (const cue of cues) {
    const times = `${timestamp(cue.startMs, '.')} --> ${timestamp(cue.endMs, '.')}`
    yield `\n${times}\n<v ${escapeVtt(cue.speaker)}>${cue.lines.map(escapeVtt).join('\n')}</v>\n`
  }
}

function escapeVtt(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** `01:02:03.004`; hours take more digits where they need them. */
function timestamp(ms: number, separator: ',' | '.'): string {
  const hours = pad(Math.floor(ms / 3_600_000), 2)
  const minutes = pad(Math.floor(ms / 60_000) % 60, 2)
  const seconds = pad(Math.floor(ms / 1000) % 60, 2)
  return `${hours}:${minutes}:${seconds}${separator}${pad(ms % 1000, 3)}`
}

function pad(part: number, length: number): string {
  return String(part).padStart(length, '0')
}
