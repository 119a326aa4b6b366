import {
  givenRuns,
  haveAllSpeakersGivenTimes,
  type Overlap,
  overlaps,
  responseGaps,
  type Stretch,
  timedSpeech,
  union,
} from '#contract/conversation.ts'
import type { MeasureBasis } from '#contract/metric-result.ts'
import type { ChannelSpeech, RecordingSpeech } from '#contract/recording-speech.ts'
import {
  type Segment,
  type Speaker,
  type SpeechSegment,
  transcriptEndSeconds,
} from '#contract/transcript.ts'
import { runAt } from './run-at.ts'

/** What of a call can be measured. */
export type MeasuredCall = {
  /** As the sender says; null where nobody does. */
  durationSeconds: number | null
  endedReason: string
  segments: readonly Segment[]
  /** What the recording holds; null without one that was listened to. */
  heard: { speech: RecordingSpeech; agentChannel: 0 | 1 | null } | null
}

/** A call, and what several measures need of it. */
export type PreparedCall = Pick<MeasuredCall, 'durationSeconds' | 'endedReason' | 'segments'> & {
  sound: RecordingSpeech | null
  /** The agent's channel, where each speaker has one; null elsewhere. */
  agentSound: ChannelSpeech | null
  talk: Talk
  /** When anyone speaks; null where neither sound nor transcript tell. */
  presence: Presence | null
}

/** Who speaks when, by the best times that the call has. */
export type Talk = {
  basis: MeasureBasis
  /** The stretches of the sound as speech without text, or the transcript's segments. */
  segments: readonly Segment[]
  runs: Record<Speaker, Stretch[]>
  /** The waits of the caller, by start. */
  gaps: Stretch[]
  overlaps: Overlap[]
  /** Everyone who speaks has times. */
  isWhole: boolean
  totalSeconds: number
  /** What is missing where times are: a sentence. */
  missing: string
}

export type Presence = { basis: MeasureBasis; runs: Stretch[]; totalSeconds: number }

/** A breath between two words: whoever pauses for less is still speaking. */
const LONGEST_BREATH_SECONDS = 0.3

/**
 * Finds out who speaks when: by the sound where each speaker has a channel and the agent's is known, else by the
 * times that the transcript was given. Never throws.
 */
export function prepareCall({
  durationSeconds,
  endedReason,
  segments,
  heard,
}: MeasuredCall): PreparedCall {
  const sound = heard && heard.speech.engine !== 'none' ? heard.speech : null
  const channels = sound && separateChannels(sound, heard?.agentChannel ?? null)
  const talk = channels
    ? talkOfSound(channels, sound)
    : talkOfTranscript(segments, { durationSeconds, missing: whatIsMissing({ segments, heard }) })
  return {
    durationSeconds,
    endedReason,
    segments,
    sound: heard?.speech ?? null,
    agentSound: channels?.agent ?? null,
    talk,
    presence: presenceOfSound(sound, segments) ?? presenceOfTranscript(talk),
  }
}

type Channels = Record<Speaker, ChannelSpeech>

function separateChannels(
  { areChannelsSeparable, channels: [first, second] }: RecordingSpeech,
  agentChannel: 0 | 1 | null,
): Channels | null {
  if (!areChannelsSeparable || agentChannel === null || !first || !second) return null
  return agentChannel === 0 ? { agent: first, caller: second } : { agent: second, caller: first }
}

function talkOfSound({ agent, caller }: Channels, { durationSeconds }: RecordingSpeech): Talk {
  const agentRuns = withoutBreaths(agent.stretches)
  const callerRuns = withoutBreaths(caller.stretches)
  const spoken = agentRuns.map((run) => speechOf('agent', run))
  const segments = [...spoken, ...callerRuns.map((run) => speechOf('caller', run))]
  // What a caller says while the agent goes on speaking asks for no reply: "mhm" is no turn.
  const turns = callerRuns.filter((run) => !liesInOneOf(agentRuns, run))
  return {
    basis: 'audio',
    segments,
    runs: { agent: agentRuns, caller: callerRuns },
    gaps: responseGaps([...spoken, ...turns.map((run) => speechOf('caller', run))]),
    overlaps: overlaps(segments),
    isWhole: true,
    totalSeconds: lastSecond(durationSeconds, [...agentRuns, ...callerRuns]),
    missing: 'The recording has no speech of the agent.',
  }
}

function talkOfTranscript(
  segments: readonly Segment[],
  { durationSeconds, missing }: { durationSeconds: number | null; missing: string },
): Talk {
  const isSent = durationSeconds !== null && durationSeconds > 0
  return {
    basis: 'transcript',
    segments,
    runs: givenRuns(segments),
    gaps: responseGaps(segments),
    overlaps: overlaps(segments),
    isWhole: haveAllSpeakersGivenTimes(segments),
    totalSeconds: isSent ? durationSeconds : Math.max(transcriptEndSeconds(segments) ?? 0, 0),
    missing,
  }
}

function speechOf(speaker: Speaker, stretch: Stretch): SpeechSegment {
  return { kind: 'speech', speaker, text: '', timing: 'given', ...stretch }
}

/** Takes stretches by start and apart from each other. */
function withoutBreaths(stretches: readonly Stretch[]): Stretch[] {
  const runs: Stretch[] = []
  for (const { startSeconds, endSeconds } of stretches) {
    const last = runs.at(-1)
    if (last && startSeconds - last.endSeconds < LONGEST_BREATH_SECONDS) {
      last.endSeconds = Math.max(last.endSeconds, endSeconds)
    } else {
      runs.push({ startSeconds, endSeconds })
    }
  }
  return runs
}

function liesInOneOf(runs: readonly Stretch[], { startSeconds, endSeconds }: Stretch): boolean {
  const run = runAt(runs, startSeconds)
  return run !== undefined && run.startSeconds < startSeconds && endSeconds < run.endSeconds
}

/** Also of mono: whoever speaks, it is no silence. Null where the sound lacks someone that the transcript has. */
function presenceOfSound(
  sound: RecordingSpeech | null,
  segments: readonly Segment[],
): Presence | null {
  if (sound === null) return null
  const spoken = sound.channels.filter(({ stretches }) => stretches.length > 0)
  if (spoken.length < Math.min(sound.channels.length, countSpeakers(segments))) return null
  const stretches = spoken.flatMap((channel) => channel.stretches)
  const runs = withoutBreaths(union(stretches.sort((a, b) => a.startSeconds - b.startSeconds)))
  return { basis: 'audio', runs, totalSeconds: lastSecond(sound.durationSeconds, runs) }
}

/** Where everyone has times, speech whose times are estimates is no silence either. */
function presenceOfTranscript({ basis, isWhole, segments, totalSeconds }: Talk): Presence | null {
  if (!isWhole) return null
  return { basis, runs: union(timedSpeech(segments)), totalSeconds }
}

function countSpeakers(segments: readonly Segment[]): number {
  return new Set(segments.flatMap((it) => (it.kind === 'speech' ? [it.speaker] : []))).size
}

function lastSecond(durationSeconds: number, runs: readonly Stretch[]): number {
  return runs.reduce((last, { endSeconds }) => Math.max(last, endSeconds), durationSeconds)
}

function whatIsMissing({ segments, heard }: Pick<MeasuredCall, 'segments' | 'heard'>): string {
  const speakers = countSpeakers(segments)
  const lacksTimes = 'The transcript lacks times that its sender vouches for'
  return `${speakers === 0 ? 'The transcript has no speech' : lacksTimes}, and ${lackOfSound(heard)}.`
}

function lackOfSound(heard: MeasuredCall['heard']): string {
  if (heard === null) return 'there is no recording that could be listened to'
  const { speech, agentChannel } = heard
  if (speech.engine === 'none') return 'no speech could be told from noise in the recording'
  if (speech.channels.length < 2) return 'the recording has one channel for both speakers'
  if (!speech.areChannelsSeparable) return 'the recording has no channel for each speaker'
  return agentChannel === null
    ? 'nobody knows which channel of the recording is the agent’s'
    : 'the recording does not tell'
}
