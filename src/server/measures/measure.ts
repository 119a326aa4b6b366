import type { Finding } from '#contract/metric-result.ts'
import { measureDuration } from './call-duration.ts'
import type { Configuration } from './configuration.ts'
import { labelEndedReason, measureDropOff } from './ended-reason.ts'
import {
  countAgentInterruptions,
  countCallerInterruptions,
  measureStopTime,
  scoreInterruptions,
} from './interruptions.ts'
import { measureLatency, measureLatencyP95 } from './latency.ts'
import type { PreparedCall } from './prepare-call.ts'
import { countRepeatedPhrases } from './repeated-phrases.ts'
import { checkInfrastructure, checkSilence, measureSilenceShare } from './silence.ts'
import { measureClipping, measureLoudness, measureNoise, measurePitch } from './sound-quality.ts'
import { checkSpeakingRate, measureTalkRatio, measureWordsPerMinute } from './speech-rate.ts'
import { checkToolCalls } from './tool-call-success.ts'

type Measure = (call: PreparedCall, configuration: Configuration) => Finding

/** By the function names of the catalogue's computed metrics. */
const MEASURES: ReadonlyMap<string, Measure> = new Map<string, Measure>([
  ['get_latency', measureLatency],
  ['get_latency_p95', measureLatencyP95],
  ['get_ai_interrupting_user', countAgentInterruptions],
  ['get_user_interrupting_ai', countCallerInterruptions],
  ['get_stop_time_after_user_interruption', measureStopTime],
  ['get_interruption_score', scoreInterruptions],
  ['check_silence', checkSilence],
  ['check_infrastructure_issues', checkInfrastructure],
  ['get_silence_share', measureSilenceShare],
  ['get_repeated_phrases', countRepeatedPhrases],
  ['get_drop_off_position', measureDropOff],
  ['check_tool_call_success', checkToolCalls],
  ['get_ended_reason_class', labelEndedReason],
  ['get_call_duration', measureDuration],
  ['get_talk_ratio', measureTalkRatio],
  ['get_words_per_minute', measureWordsPerMinute],
  ['check_speaking_rate', checkSpeakingRate],
  ['get_average_pitch', measurePitch],
  ['get_speech_loudness', measureLoudness],
  ['get_signal_to_noise_ratio', measureNoise],
  ['get_clipping', measureClipping],
])

export const MEASURE_NAMES: ReadonlySet<string> = new Set(MEASURES.keys())

/** What one computed metric says of a call. Throws for a name that no measure has, and never else. */
export function measure(
  functionName: string,
  { call, configuration }: { call: PreparedCall; configuration: Configuration },
): Finding {
  const found = MEASURES.get(functionName)
  if (!found) throw new Error(`No measure is called ${JSON.stringify(functionName)}`)
  return found(call, configuration)
}
