import type { Stretch } from '#contract/conversation.ts'
import { FRAME_SECONDS, LOWEST_DBFS } from './frame-levels.ts'
import { valueAtShare } from './value-at-share.ts'

/**
 * Speech begins at the first and ends below the second. Source: silero-vad, `get_speech_timestamps`, which ends at 0.35
 * and cuts half of a muffled "No!" off; here the loudness trims what a lower end adds.
 */
const ENTER_PROBABILITY = 0.5
const LEAVE_PROBABILITY = 0.15
const SHORTEST_SPEECH_SECONDS = 0.25
const SHORTEST_SILENCE_SECONDS = 0.1
/** A "No!" of this length counts where more speech of its channel is this near: alone, it may be a click. */
const SHORTEST_WORD_SECONDS = 0.09
const NEAR_SECONDS = 0.5

/** The edge of a word lies this far below its loud part, unless noise covers it. */
const EDGE_BELOW_SPEECH_DB = 35
const EDGE_ABOVE_NOISE_DB = 6
/** How far outside of what the model heard an edge may lie: it hears late, and no more than that. */
const REACH_SECONDS = 0.2
/** A closed consonant is as quiet as a pause, and part of its word. */
const LONGEST_CLOSURE_SECONDS = 0.05
/** The model hears on through short pauses. From here on a listener notices one, and no consonant is as long. */
const SHORTEST_PAUSE_SECONDS = 0.2
/**
 * The model may not yet hear the "Oh" of "Oh, today?". What stands this near before speech, lasts as long as a word,
 * is about as loud and far above the noise is one: breaths and echoes are quieter, clicks shorter.
 */
const LEADING_PAUSE_SECONDS = 0.3
const LONGEST_LEADING_WORD_SECONDS = 0.5
const LEADING_BELOW_SPEECH_DB = 10
const LEADING_ABOVE_NOISE_DB = 20

export type SpeechInput = {
  /** How likely each window holds speech, 0 to 1, from the start without holes. */
  probabilities: Float32Array
  windowSeconds: number
  /** The level of every frame of `FRAME_SECONDS`. */
  levelsDbfs: Float32Array
  durationSeconds: number
}

/** First and last + 1 of windows or frames. */
type Run = { first: number; end: number }

/**
 * When someone speaks, by start and apart from each other. What the model heard, in windows, tells speech from noise;
 * the loudness around it tells to the frame where speech begins and ends.
 */
export function findSpeech(input: SpeechInput): Stretch[] {
  const { windowSeconds, levelsDbfs, durationSeconds } = input
  const heard = longEnough(joinClose(runsOf(input.probabilities), windowSeconds), windowSeconds)
  const framesPerWindow = windowSeconds / FRAME_SECONDS
  const runs = heard.map(({ first, end }) => ({
    first: Math.round(first * framesPerWindow),
    end: Math.min(levelsDbfs.length, Math.round(end * framesPerWindow)),
  }))
  const noiseDbfs = valueAtShare(framesOutside(runs, levelsDbfs), 0.25) ?? LOWEST_DBFS
  const edges = runs.flatMap((run) => withEdges(run, { levelsDbfs, noiseDbfs }))
  return joinClose(edges, FRAME_SECONDS).map(({ first, end }) => ({
    startSeconds: toMilliseconds(Math.min(first * FRAME_SECONDS, durationSeconds)),
    endSeconds: toMilliseconds(Math.min(end * FRAME_SECONDS, durationSeconds)),
  }))
}

/** The frames that lie in none of `runs`, in order. */
export function framesOutside(runs: readonly Run[], levelsDbfs: Float32Array): Float32Array {
  const outside = levelsDbfs.slice()
  let length = 0
  let from = 0
  for (const { first, end } of [...runs, { first: levelsDbfs.length, end: levelsDbfs.length }]) {
    const pause = levelsDbfs.subarray(Math.min(from, first), first)
    outside.set(pause, length)
    length += pause.length
    from = Math.max(from, end)
  }
  return outside.subarray(0, length)
}

function runsOf(probabilities: Float32Array): Run[] {
  const runs: Run[] = []
  let first = -1
  for (const [window, probability] of probabilities.entries()) {
    if (first < 0 && probability >= ENTER_PROBABILITY) first = window
    if (first < 0 || probability >= LEAVE_PROBABILITY) continue
    runs.push({ first, end: window })
    first = -1
  }
  if (first >= 0) runs.push({ first, end: probabilities.length })
  return runs
}

/** Takes runs by their first; one that begins inside or close behind another becomes part of it. */
function joinClose(runs: readonly Run[], stepSeconds: number): Run[] {
  const joined: Run[] = []
  for (const { first, end } of runs) {
    const last = joined.at(-1)
    if (last && (first - last.end) * stepSeconds < SHORTEST_SILENCE_SECONDS) {
      last.end = Math.max(last.end, end)
    } else {
      joined.push({ first, end })
    }
  }
  return joined
}

/** Leaves out what is too short for speech, unless it is a word close to longer speech. */
function longEnough(runs: readonly Run[], stepSeconds: number): Run[] {
  const lengthSeconds = ({ first, end }: Run) => (end - first) * stepSeconds
  const long = runs.filter((run) => lengthSeconds(run) >= SHORTEST_SPEECH_SECONDS)
  let next = 0
  return runs.filter((run) => {
    if (lengthSeconds(run) >= SHORTEST_SPEECH_SECONDS) return true
    if (lengthSeconds(run) < SHORTEST_WORD_SECONDS) return false
    while ((long[next]?.first ?? Number.POSITIVE_INFINITY) < run.first) next++
    const [before, after] = [long[next - 1], long[next]]
    const pauses = [before && run.first - before.end, after && after.first - run.end]
    return pauses.some((pause) => pause !== undefined && pause * stepSeconds <= NEAR_SECONDS)
  })
}

/** What was heard as one, from where it becomes loud to where it stops, in parts where it pauses. */
function withEdges(
  run: Run,
  { levelsDbfs, noiseDbfs }: { levelsDbfs: Float32Array; noiseDbfs: number },
): Run[] {
  const speechDbfs = valueAtShare(levelsDbfs.subarray(run.first, run.end), 0.9) ?? LOWEST_DBFS
  // Speech in the midst of noise as loud as itself has no edge to find: the model's word stands.
  if (speechDbfs <= noiseDbfs + EDGE_ABOVE_NOISE_DB) return [run]
  const edgeDbfs = Math.max(speechDbfs - EDGE_BELOW_SPEECH_DB, noiseDbfs + EDGE_ABOVE_NOISE_DB)
  const isLoud = (frame: number) => (levelsDbfs[frame] ?? LOWEST_DBFS) >= edgeDbfs
  const end = edge({ from: run.end - 1, step: 1, stop: run.first, isLoud }) + 1
  const first = edge({ from: run.first, step: -1, stop: end - 1, isLoud })
  const whole = { first: Math.max(0, first), end: Math.min(levelsDbfs.length, end) }
  const parts = partsOf(whole, isLoud)
  const lead = leadBefore(whole.first, isLoud)
  const leadDbfs = lead && valueAtShare(levelsDbfs.subarray(lead.first, lead.end), 0.9)
  const isWord =
    leadDbfs !== null &&
    leadDbfs >= speechDbfs - LEADING_BELOW_SPEECH_DB &&
    leadDbfs >= noiseDbfs + LEADING_ABOVE_NOISE_DB
  return lead && isWord ? [lead, ...parts] : parts
}

/** The loud run that ends last before `start`, if it is as long as a word. */
function leadBefore(start: number, isLoud: (frame: number) => boolean): Run | null {
  const nearest = start - LEADING_PAUSE_SECONDS / FRAME_SECONDS
  let end = start
  while (end > nearest && !isLoud(end - 1)) end--
  if (end <= nearest) return null
  const earliest = end - LONGEST_LEADING_WORD_SECONDS / FRAME_SECONDS
  let first = end
  while (first >= earliest && isLoud(first - 1)) first--
  const isAWord = first >= earliest && (end - first) * FRAME_SECONDS >= SHORTEST_WORD_SECONDS
  return isAWord ? { first, end } : null
}

/** Cuts at the pauses; a crackle between two of them is no part. */
function partsOf({ first, end }: Run, isLoud: (frame: number) => boolean): Run[] {
  const parts: Run[] = []
  for (let frame = first; frame < end; frame++) {
    if (!isLoud(frame)) continue
    const last = parts.at(-1)
    if (last && (frame - last.end) * FRAME_SECONDS < SHORTEST_PAUSE_SECONDS) last.end = frame + 1
    else parts.push({ first: frame, end: frame + 1 })
  }
  const words = parts.filter(
    (part) => (part.end - part.first) * FRAME_SECONDS >= SHORTEST_WORD_SECONDS,
  )
  return words.length > 0 ? words : [{ first, end }]
}

type EdgeInput = {
  from: number
  /** Where outside lies. */
  step: 1 | -1
  /** How far inside the edge may be. */
  stop: number
  isLoud: (frame: number) => boolean
}

/** The last loud frame on the way out from `from`; where none is near, the first one on the way in. */
function edge({ from, step, stop, isLoud }: EdgeInput): number {
  const reach = REACH_SECONDS / FRAME_SECONDS
  const closure = LONGEST_CLOSURE_SECONDS / FRAME_SECONDS
  let last: number | null = null
  for (let away = 0; away <= reach; away++) {
    const frame = from + away * step
    if (isLoud(frame)) last = away
    else if (away - (last ?? 0) > closure) break
  }
  if (last !== null) return from + last * step
  let inside = from
  while (inside !== stop && !isLoud(inside)) inside -= step
  return inside
}

function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
