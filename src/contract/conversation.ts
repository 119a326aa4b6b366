import {
  type Segment,
  type Speaker,
  type SpeechSegment,
  transcriptEndSeconds,
} from './transcript.ts'

/** What a transcript alone says about how a call went. What depends on times is null, never 0, without usable ones. */
export type ConversationMeasures = {
  /** Segments of every kind. */
  segmentCount: number
  /** The longest of `responseGaps`, in seconds, 0 or more; null where no handover has given times. */
  longestGapSeconds: number | null
  /** How many `overlaps` there are; null unless everyone who speaks has given times. */
  overlapCount: number | null
  /** `countInterruptions` by the agent; null where neither times nor the sender tell. */
  interruptionCount: number | null
  /** Part of the call, 0 to 1, in which nobody speaks; null unless everyone who speaks has given times. */
  silenceShare: number | null
  /** The agent's part, 0 to 1, of the speaking time of both; null unless everyone who speaks has given times. */
  talkShare: number | null
  /** Words of the agent per minute of speaking, from the segments with given times alone; null without any. */
  wordsPerMinute: number | null
  /** Tool results that the sender marks as errors; one that does not say is none. */
  toolErrorCount: number
}

/** A part of the recording. Seconds, the end never before the start. */
export type Stretch = { startSeconds: number; endSeconds: number }

/** A stretch in which both speak, and who joined in; null where both began at once. */
export type Overlap = Stretch & { startedBy: Speaker | null }

/** Speech that the sender marks as cut off, and the overlap in which it shows; null where the times show none. */
export type CutOff = { segment: SpeechSegment; overlap: Overlap | null }

/** Speech with both times, whoever vouches for them. */
export type TimedSpeech = SpeechSegment & Stretch

/** Below this, two speakers touch rather than overlap: times of transcripts are no better. */
const SHORTEST_OVERLAP_SECONDS = 0.2

/**
 * Measures a transcript in O(n log n), in any order of its segments and without throwing.
 * `durationSeconds` is the length of the call; where it is null or not positive, the last known time stands in.
 * Source: the definitions of latency, interruptions, talk ratio and words per minute in Cekura's metric catalogue,
 * taken from the transcript's times instead of the sound.
 */
export function measureConversation(
  segments: readonly Segment[],
  durationSeconds: number | null,
): ConversationMeasures {
  const speech = timedSpeech(segments)
  const found = overlaps(segments)
  const hasTimes = haveAllSpeakersGivenTimes(segments)
  const totalSeconds = (durationSeconds ?? 0) > 0 ? durationSeconds : transcriptEndSeconds(segments)
  return {
    segmentCount: segments.length,
    longestGapSeconds: longestSeconds(responseGaps(segments)),
    overlapCount: hasTimes ? found.length : null,
    interruptionCount:
      interruptionsBy(segments, { speaker: 'agent', found, hasTimes })?.count ?? null,
    silenceShare:
      hasTimes && totalSeconds !== null && totalSeconds > 0
        ? silenceShare(speech, totalSeconds)
        : null,
    talkShare: hasTimes ? talkShare(speech) : null,
    wordsPerMinute: wordsPerMinute(speech.filter(({ speaker }) => speaker === 'agent')),
    toolErrorCount: segments.filter((it) => it.kind === 'tool-result' && it.isError === true)
      .length,
  }
}

/**
 * The waits of the caller, by start: for every handover from caller to agent, from the moment both are silent to the
 * agent's next word; of length 0 where the agent takes over before the caller has ended.
 * What the agent says entirely inside the caller's speech answers nothing, and the caller's own pauses are no gaps.
 * Handovers whose times are estimates are left out: the speech before needs a given end, the reply a given start.
 */
export function responseGaps(segments: readonly Segment[]): Stretch[] {
  const gaps: Stretch[] = []
  let lastHeard: TimedSpeech | null = null
  let unanswered: TimedSpeech | null = null
  for (const segment of timedSpeech(segments).filter(takesTime)) {
    if (segment.speaker === 'caller') {
      unanswered = laterToEnd(unanswered, segment)
    } else if (lastHeard && unanswered && segment.endSeconds >= unanswered.endSeconds) {
      const gap = gapBetween(lastHeard, segment)
      if (gap && hasGivenEnd(unanswered)) gaps.push(gap)
      unanswered = null
    }
    lastHeard = laterToEnd(lastHeard, segment)
  }
  return gaps
}

/**
 * Where both speak at once for 0.2 s or longer, by start and apart from each other. Given times only.
 * Segments of one speaker that touch or overlap count as one, so a turn sent in sentences makes one overlap.
 */
export function overlaps(segments: readonly Segment[]): Overlap[] {
  const { agent: agentRuns, caller: callerRuns } = givenRuns(segments)
  const found: Overlap[] = []
  let a = 0
  let c = 0
  for (;;) {
    const agent = agentRuns[a]
    const caller = callerRuns[c]
    if (!agent || !caller) return found
    const overlap = overlapOf(agent, caller)
    if (lengthSeconds(overlap) >= SHORTEST_OVERLAP_SECONDS) found.push(overlap)
    if (agent.endSeconds < caller.endSeconds) a++
    else c++
  }
}

/** When each of the two speaks, by start and apart from each other. Given times only. */
export function givenRuns(segments: readonly Segment[]): Record<Speaker, Stretch[]> {
  const speech = timedSpeech(segments).filter(hasGivenEnd)
  return {
    agent: union(speech.filter(({ speaker }) => speaker === 'agent')),
    caller: union(speech.filter(({ speaker }) => speaker === 'caller')),
  }
}

/**
 * The speech that the sender marks as interrupted, in the transcript's order, each with the last overlap in it that
 * the other speaker started. `found` is what `overlaps` gives for the same segments.
 */
export function cutOffs(segments: readonly Segment[], found: readonly Overlap[]): CutOff[] {
  const startedBy = {
    agent: found.filter((overlap) => overlap.startedBy === 'agent'),
    caller: found.filter((overlap) => overlap.startedBy === 'caller'),
  }
  return segments.flatMap((segment) => {
    if (segment.kind !== 'speech' || segment.isInterrupted !== true) return []
    const candidates = startedBy[otherSpeaker(segment.speaker)]
    return [{ segment, overlap: lastOverlapIn(candidates, segment) }]
  })
}

/** By start; `marked` is speech of the other that was cut off where no overlap shows it. */
export type Interruptions = { heard: Overlap[]; marked: SpeechSegment[]; count: number }

/**
 * Where `speaker` cuts in: overlaps that `speaker` starts, and speech of the other that the sender marks as
 * interrupted where no such overlap shows it. Null where the sender marks nothing and the times cannot tell. `found`
 * is what `overlaps` gives for the same segments.
 */
export function interruptionsBy(
  segments: readonly Segment[],
  { speaker, found, hasTimes }: { speaker: Speaker; found: readonly Overlap[]; hasTimes: boolean },
): Interruptions | null {
  const heard = found.filter(({ startedBy }) => startedBy === speaker)
  const marked = cutOffs(segments, found).flatMap(({ segment, overlap }) =>
    segment.speaker !== speaker && overlap === null ? [segment] : [],
  )
  const count = heard.length + marked.length
  return count > 0 || hasTimes ? { heard, marked, count } : null
}

/** How often `speaker` cuts in, as `interruptionsBy` says. */
export function countInterruptions(segments: readonly Segment[], speaker: Speaker): number | null {
  const hasTimes = haveAllSpeakersGivenTimes(segments)
  const found = overlaps(segments)
  return interruptionsBy(segments, { speaker, found, hasTimes })?.count ?? null
}

/** Seconds to the microsecond, without the noise of floats: 1.2 - 1 is 0.2. Negative for what is no stretch. */
export function lengthSeconds({ startSeconds, endSeconds }: Stretch): number {
  return Math.round((endSeconds - startSeconds) * 1e6) / 1e6
}

/** How many `splitWords` there are. */
export function countWords(text: string): number {
  return splitWords(text).length
}

/** Runs of characters between spaces; in scripts written without spaces, words as Unicode segments them. */
export function splitWords(text: string): string[] {
  if (!WRITTEN_WITHOUT_SPACES.test(text)) return text.match(/\S+/g) ?? []
  const words: string[] = []
  for (const { segment, isWordLike } of WORDS.segment(text)) if (isWordLike) words.push(segment)
  return words
}

const WRITTEN_WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u

const WORDS = new Intl.Segmenter(undefined, { granularity: 'word' })

/** A client without ends copies the start to the end: speech of no length has a start that counts, but no end. */
export function hasGivenEnd({ timing, startSeconds, endSeconds }: TimedSpeech): boolean {
  return timing === 'given' && lengthSeconds({ startSeconds, endSeconds }) > 0
}

function hasGivenStart({ timing }: TimedSpeech): boolean {
  return timing === 'given' || timing === 'estimated-end'
}

/** False for text that was never heard: it is estimated to take no time. */
export function takesTime({ timing, startSeconds, endSeconds }: TimedSpeech): boolean {
  return timing !== 'estimated' || endSeconds > startSeconds
}

/** One speaker with times and one without would look like a monologue, and the other's words like silence. */
export function haveAllSpeakersGivenTimes(segments: readonly Segment[]): boolean {
  const speaking = new Set<Speaker>()
  const timed = new Set<Speaker>()
  for (const segment of segments) {
    if (segment.kind !== 'speech') continue
    speaking.add(segment.speaker)
    if (isTimedSpeech(segment) && hasGivenEnd(segment)) timed.add(segment.speaker)
  }
  return timed.size > 0 && timed.size === speaking.size
}

/** Speech that lies outside the call counts for nothing. */
function silenceShare(speech: readonly TimedSpeech[], totalSeconds: number): number {
  const inCall = speech.map(({ startSeconds, endSeconds }) => ({
    startSeconds: within(startSeconds, totalSeconds),
    endSeconds: within(endSeconds, totalSeconds),
  }))
  return within(1 - totalLength(union(inCall)) / totalSeconds, 1)
}

/** Some speech must have a length. */
function talkShare(speech: readonly TimedSpeech[]): number {
  const agentSeconds = totalLength(union(speech.filter(({ speaker }) => speaker === 'agent')))
  const callerSeconds = totalLength(union(speech.filter(({ speaker }) => speaker === 'caller')))
  return agentSeconds / (agentSeconds + callerSeconds)
}

function wordsPerMinute(speech: readonly TimedSpeech[]): number | null {
  const given = speech.filter(hasGivenEnd)
  const minutes = totalLength(union(given)) / 60
  if (minutes === 0) return null
  return given.reduce((words, { text }) => words + countWords(text), 0) / minutes
}

/** By start; in the transcript's order where starts are equal, as senders that count whole seconds make them. */
export function timedSpeech(segments: readonly Segment[]): TimedSpeech[] {
  return segments.filter(isTimedSpeech).sort((a, b) => a.startSeconds - b.startSeconds)
}

function isTimedSpeech(segment: Segment): segment is TimedSpeech {
  return segment.kind === 'speech' && segment.startSeconds !== null && segment.endSeconds !== null
}

function laterToEnd(before: TimedSpeech | null, segment: TimedSpeech): TimedSpeech {
  return before && before.endSeconds > segment.endSeconds ? before : segment
}

function gapBetween(lastHeard: TimedSpeech, reply: TimedSpeech): Stretch | null {
  if (!hasGivenEnd(lastHeard) || !hasGivenStart(reply)) return null
  const endSeconds = reply.startSeconds
  return { startSeconds: Math.min(lastHeard.endSeconds, endSeconds), endSeconds }
}

/** Ends before it starts where the two do not meet. */
function overlapOf(agent: Stretch, caller: Stretch): Overlap {
  return {
    startSeconds: Math.max(agent.startSeconds, caller.startSeconds),
    endSeconds: Math.min(agent.endSeconds, caller.endSeconds),
    startedBy: laterToStart(agent, caller),
  }
}

function laterToStart(agent: Stretch, caller: Stretch): Speaker | null {
  if (agent.startSeconds === caller.startSeconds) return null
  return agent.startSeconds > caller.startSeconds ? 'agent' : 'caller'
}

function otherSpeaker(speaker: Speaker): Speaker {
  return speaker === 'agent' ? 'caller' : 'agent'
}

/** The last of `found` (by start, apart from each other) that meets the segment. */
function lastOverlapIn(
  found: readonly Overlap[],
  { startSeconds, endSeconds }: SpeechSegment,
): Overlap | null {
  if (startSeconds === null || endSeconds === null) return null
  let low = 0
  let high = found.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((found[middle]?.startSeconds ?? Number.POSITIVE_INFINITY) <= endSeconds) low = middle + 1
    else high = middle
  }
  const last = found[low - 1]
  return last && last.endSeconds >= startSeconds ? last : null
}

/** The same time without overlaps: stretches apart from each other, by start. Takes them by start. */
export function union(stretches: readonly Stretch[]): Stretch[] {
  const runs: Stretch[] = []
  for (const { startSeconds, endSeconds } of stretches) {
    const last = runs.at(-1)
    if (last && startSeconds <= last.endSeconds) {
      last.endSeconds = Math.max(last.endSeconds, endSeconds)
    } else {
      runs.push({ startSeconds, endSeconds })
    }
  }
  return runs
}

/** Seconds in all; overlaps count twice. */
export function totalLength(stretches: readonly Stretch[]): number {
  return stretches.reduce((sum, stretch) => sum + lengthSeconds(stretch), 0)
}

function longestSeconds(stretches: readonly Stretch[]): number | null {
  let longest: number | null = null
  for (const stretch of stretches) longest = Math.max(longest ?? 0, lengthSeconds(stretch))
  return longest
}

function within(value: number, most: number): number {
  return Math.min(Math.max(value, 0), most)
}
