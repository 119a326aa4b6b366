import type { Stretch } from '#contract/conversation.ts'
import type { Finding } from '#contract/metric-result.ts'
import type { ChannelSpeech, RecordingSpeech } from '#contract/recording-speech.ts'
import type { Segment, SpeechSegment, ToolResultSegment } from '#contract/transcript.ts'
import type { Configuration } from './configuration.ts'
import { measure } from './measure.ts'
import { type MeasuredCall, prepareCall } from './prepare-call.ts'

type Span = readonly [startSeconds: number, endSeconds: number]

export function agentSays(span: Span | null, more: Partial<SpeechSegment> = {}): SpeechSegment {
  return { kind: 'speech', speaker: 'agent', text: 'one two', ...timesOf(span), ...more }
}

export function callerSays(span: Span | null, more: Partial<SpeechSegment> = {}): SpeechSegment {
  return { kind: 'speech', speaker: 'caller', text: 'one two', ...timesOf(span), ...more }
}

export function toolAnswers(more: Partial<ToolResultSegment>): ToolResultSegment {
  const tool = { toolCallId: 't', name: 'find_slot', resultText: '', isError: null }
  return { kind: 'tool-result', ...tool, ...timesOf(null), ...more }
}

/** A call without anything but what is given. */
export function aCall(more: Partial<MeasuredCall>): MeasuredCall {
  return { durationSeconds: null, endedReason: '', segments: [], heard: null, ...more }
}

/** A call of which only the sound is known, with the agent on the first channel. */
export function aHeardCall(
  { agent, caller, durationSeconds }: { agent: Span[]; caller: Span[]; durationSeconds: number },
  more: Partial<MeasuredCall> = {},
): MeasuredCall {
  const speech = aSound({
    durationSeconds,
    channels: [aChannel(agent), aChannel(caller)],
    areChannelsSeparable: agent.length > 0 && caller.length > 0,
  })
  return aCall({ heard: { speech, agentChannel: 0 }, ...more })
}

export function aSound(more: Partial<RecordingSpeech>): RecordingSpeech {
  const mono = { channels: [aChannel([])], areChannelsSeparable: false }
  return { engine: 'silero-v6', durationSeconds: 60, ...mono, ...more }
}

export function aChannel(spans: readonly Span[], more: Partial<ChannelSpeech> = {}): ChannelSpeech {
  const levels = { meanPitchHz: null, speechLevelDbfs: null, noiseLevelDbfs: null }
  return { stretches: spans.map(toStretch), ...levels, clippedShare: 0, ...more }
}

/** What the measure says of a call that nobody has prepared yet. */
export function measured(
  functionName: string,
  call: MeasuredCall,
  configuration: Configuration = {},
): Finding {
  return measure(functionName, { call: prepareCall(call), configuration })
}

function toStretch([startSeconds, endSeconds]: Span): Stretch {
  return { startSeconds, endSeconds }
}

function timesOf(span: Span | null): Pick<Segment, 'startSeconds' | 'endSeconds' | 'timing'> {
  if (span === null) return { startSeconds: null, endSeconds: null, timing: 'none' }
  return { ...toStretch(span), timing: 'given' }
}
