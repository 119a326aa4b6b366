import type { Evidence, Verdict } from '#contract/metric-result.ts'

/** Evidence that has a place in the call, and whose it is. */
export type EvidenceMoment = Evidence & {
  metricId: number
  metricName: string
  /** Place in the result's own list, from 0. */
  index: number
  hasFailed: boolean
}

/**
 * Everything that results rest on and that can be gone to, in order of time, at one second what failed first. What has
 * no time of its own comes last.
 */
export function evidenceMoments(verdicts: readonly Verdict[]): EvidenceMoment[] {
  return verdicts
    .flatMap((verdict) => verdict.evidence.map((each, index) => toMoment(verdict, each, index)))
    .filter(hasPlace)
    .sort((a, b) => compare(startOf(a), startOf(b)) || Number(b.hasFailed) - Number(a.hasFailed))
}

function toMoment(
  { metricId, name, passed }: Verdict,
  evidence: Evidence,
  index: number,
): EvidenceMoment {
  return { ...evidence, metricId, metricName: name, index, hasFailed: passed === false }
}

/** Infinities alike are equal, which a difference cannot say. */
function compare(a: number, b: number): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}

/** Whether it can be gone to: found in the transcript, or a moment of the sound. */
export function hasPlace({ isFound, segmentIndex, startSeconds }: Evidence): boolean {
  return isFound && (segmentIndex !== null || startSeconds !== null)
}

/** A seek may land a few milliseconds beside its target, and nobody hears the difference. */
const SAME_PLACE_SECONDS = 0.05

type StepOptions = {
  /** Where the playback is. */
  seconds: number
  /** Where the last step led; null where the person has gone elsewhere since. */
  from: EvidenceMoment | null
  direction: -1 | 1
}

/**
 * The next or previous place of `moments` (as `evidenceMoments` orders them), beginning again past either end. A place
 * that several results speak of is one step. Null where there is none.
 */
export function stepEvidence(
  moments: readonly EvidenceMoment[],
  { seconds, from, direction }: StepOptions,
): EvidenceMoment | null {
  const stops = moments.filter((moment, i) => !isSamePlace(moments[i - 1], moment))
  const here = placeOf(stops, { seconds, from })
  const next = direction === 1 ? Math.floor(here) + 1 : Math.ceil(here) - 1
  return stops.at(next % stops.length) ?? null
}

function isSamePlace(a: EvidenceMoment | undefined, b: EvidenceMoment): boolean {
  if (!a) return false
  if (a.startSeconds === null || b.startSeconds === null) {
    return a.startSeconds === b.startSeconds && a.segmentIndex === b.segmentIndex
  }
  return Math.abs(a.startSeconds - b.startSeconds) <= SAME_PLACE_SECONDS
}

/** Position of the stop where the playback is; between two stops a number between their positions. */
function placeOf(
  stops: readonly EvidenceMoment[],
  { seconds, from }: Pick<StepOptions, 'seconds' | 'from'>,
): number {
  const passed = stops.findLastIndex((stop) => startOf(stop) <= seconds + SAME_PLACE_SECONDS)
  const known = from ? stops.findIndex((stop) => isSamePlace(stop, from)) : -1
  // Playing on from a stop, a person is still at it until the next; one without a time cannot be left by playing.
  if (known >= 0 && (known === passed || stops[known]?.startSeconds === null)) return known
  const isOn = passed >= 0 && seconds - startOf(stops[passed]) <= SAME_PLACE_SECONDS
  return isOn ? passed : passed + 0.5
}

function startOf(moment: EvidenceMoment | undefined): number {
  return moment?.startSeconds ?? Number.POSITIVE_INFINITY
}
