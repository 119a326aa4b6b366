import { ENDED_REASON_CLASSES } from '#contract/ended-reason-class.ts'
import { type MetricContent, PATIENCE_SECONDS, type PredefinedMetric } from '#contract/metric.ts'
import {
  type CatalogueEntry,
  COUNT,
  EVERY_CALL,
  LABEL,
  numberIn,
  ratingOf,
  SHARE,
  YES_NO,
} from './catalogue-entry.ts'

/** What our own code computes from a call's transcript and sound: costs nothing and needs no judge. */
export const COMPUTED_METRICS: readonly CatalogueEntry[] = [
  computed('get_latency', {
    code: 'latency',
    name: 'Latency (in ms)',
    category: 'Conversation Quality',
    direction: 'lower',
    description:
      'How long callers wait for a reply: the mean time from the end of their speech to the first word of the agent. Below 2,000 ms is good. Shows every turn and the percentiles P25 to P99.',
    inputs: ['times'],
    answer: numberIn('ms'),
  }),
  computed('get_latency_p95', {
    code: 'latency-p95',
    name: 'Latency P95 (in ms)',
    category: 'Conversation Quality',
    direction: 'lower',
    description:
      'The wait that 95 of 100 replies of the agent stay within: what the slow turns of a call feel like, which the mean hides.',
    inputs: ['times'],
    answer: numberIn('ms'),
  }),
  computed('get_ai_interrupting_user', {
    code: 'ai-interrupting-user',
    name: 'AI Interrupting User',
    category: 'Conversation Quality',
    direction: 'lower',
    description:
      'How often the agent starts to speak while the caller is speaking, for at least 0.2 seconds.',
    inputs: ['times'],
    answer: COUNT,
  }),
  computed('get_user_interrupting_ai', {
    code: 'user-interrupting-ai',
    name: 'User Interrupting AI',
    category: 'Conversation Quality',
    direction: 'neutral',
    description:
      'How often the caller starts to speak while the agent is speaking, for at least 0.2 seconds.',
    inputs: ['times'],
    answer: COUNT,
  }),
  computed('get_stop_time_after_user_interruption', {
    code: 'stop-time-after-user-interruption',
    name: 'Stop Time After User Interruption (ms)',
    category: 'Conversation Quality',
    direction: 'lower',
    description:
      'How long the agent goes on speaking after the caller cuts in: the mean over all interruptions by the caller. Below 500 ms is good.',
    inputs: ['times'],
    answer: numberIn('ms'),
  }),
  computed('get_interruption_score', {
    code: 'interruption-score',
    name: 'Interruption Score',
    category: 'Conversation Quality',
    direction: 'higher',
    description:
      'How well the agent lets callers finish: 5 where it never cuts in, 0 where it does in every turn of its own.',
    inputs: ['times'],
    answer: ratingOf(0, 5),
  }),
  computed('check_silence', {
    code: 'detect-silence',
    name: 'Detect Silence in Conversation',
    category: 'Conversation Quality',
    direction: 'higher',
    description:
      'No where both sides are silent for longer than `silence_duration` seconds at any time of the call.',
    inputs: ['times', 'configuration'],
    answer: YES_NO,
    configuration: { silence_duration: PATIENCE_SECONDS },
  }),
  computed('check_infrastructure_issues', {
    code: 'infrastructure-issues',
    name: 'Infrastructure Issues',
    category: 'Conversation Quality',
    direction: 'higher',
    description:
      'No where the agent leaves a caller without an answer for longer than `infra_issues_timeout` seconds.',
    inputs: ['times', 'configuration'],
    answer: YES_NO,
    configuration: { infra_issues_timeout: PATIENCE_SECONDS },
  }),
  computed('get_silence_share', {
    code: 'silence-share',
    name: 'Silence Share',
    category: 'Conversation Quality',
    direction: 'neutral',
    description: 'The part of the call in which nobody speaks.',
    inputs: ['times'],
    answer: SHARE,
  }),
  computed('get_repeated_phrases', {
    code: 'repeated-phrases',
    name: 'Repeated Phrases',
    category: 'Conversation Quality',
    direction: 'lower',
    description:
      'How often the agent says a run of six or more words that it has said before in the call, word for word.',
    inputs: ['transcript'],
    answer: COUNT,
  }),
  computed('get_drop_off_position', {
    code: 'drop-off-position',
    name: 'Drop-off Position',
    category: 'Conversation Quality',
    direction: 'neutral',
    description:
      'After how many turns of both sides a call ended that the agent did not end: where callers leave, lines drop and time runs out.',
    inputs: ['transcript', 'ended-reason'],
    answer: numberIn('turns'),
  }),
  computed('check_tool_call_success', {
    code: 'tool-call-success',
    name: 'Tool Call Success',
    category: 'Accuracy',
    direction: 'higher',
    description: 'No where the result of any tool call is an error.',
    inputs: ['tool-calls'],
    answer: YES_NO,
  }),
  computed('get_ended_reason_class', {
    code: 'ended-reason-class',
    name: 'Ended Reason Class',
    category: null,
    direction: 'neutral',
    description: 'How the call ended, in classes that are the same for every provider.',
    inputs: ['ended-reason'],
    answer: LABEL,
    enumValues: [...ENDED_REASON_CLASSES],
  }),
  computed('get_call_duration', {
    code: 'call-duration',
    name: 'Call Duration',
    category: null,
    direction: 'neutral',
    description: 'How long the call lasted.',
    inputs: ['times'],
    answer: numberIn('s'),
  }),
  computed('get_talk_ratio', {
    code: 'talk-ratio',
    name: 'Talk Ratio',
    category: 'Speech Quality',
    direction: 'neutral',
    description:
      'The part of the call in which the agent speaks. Between 0.4 and 0.6 is usual for a conversation.',
    inputs: ['times'],
    answer: SHARE,
  }),
  computed('get_words_per_minute', {
    code: 'words-per-minute',
    name: 'Words Per Minute (WPM)',
    category: 'Speech Quality',
    direction: 'neutral',
    description: 'How fast the agent speaks: its words, by the minutes in which it is speaking.',
    inputs: ['transcript', 'times'],
    answer: numberIn('words/min'),
  }),
  computed('check_speaking_rate', {
    code: 'speaking-rate',
    name: 'Speaking Rate',
    category: 'Speech Quality',
    direction: 'higher',
    description:
      'No where the agent speaks one of its turns 1.6 times as fast or as slowly as it usually does. Turns of fewer than ten words are left out.',
    inputs: ['transcript', 'times'],
    answer: YES_NO,
    // Where turns carry pauses inside them, the rate falls without the voice slowing down.
    isOnByDefault: false,
  }),
  computed('get_average_pitch', {
    code: 'average-pitch',
    name: 'Average Pitch (in Hz)',
    category: 'Speech Quality',
    direction: 'neutral',
    description: 'The mean pitch of the agent’s voice.',
    inputs: ['audio', 'stereo'],
    answer: numberIn('Hz'),
  }),
  computed('get_speech_loudness', {
    code: 'speech-loudness',
    name: 'Speech Loudness',
    category: 'Speech Quality',
    direction: 'neutral',
    description:
      'How loud the agent speaks, below full scale. Between -30 and -15 dBFS is usual on telephones.',
    inputs: ['audio'],
    answer: numberIn('dBFS'),
  }),
  computed('get_signal_to_noise_ratio', {
    code: 'signal-to-noise-ratio',
    name: 'Signal-to-Noise Ratio',
    category: 'Speech Quality',
    direction: 'higher',
    description:
      'By how much speech is louder than what is heard between it, on the noisier channel. Above 20 dB is good.',
    inputs: ['audio'],
    answer: numberIn('dB'),
  }),
  computed('get_clipping', {
    code: 'clipping',
    name: 'Clipping',
    category: 'Speech Quality',
    direction: 'lower',
    description:
      'The part of the sound that stands at full scale and is distorted, on the channel that has more of it.',
    inputs: ['audio'],
    answer: { ...numberIn('%'), range: { min: 0, max: 100 } },
  }),
]

type ComputedMetric = Pick<
  PredefinedMetric,
  'code' | 'name' | 'category' | 'direction' | 'description' | 'inputs'
> & {
  answer: Pick<MetricContent, 'evalType' | 'unit' | 'range'>
  enumValues?: string[]
  configuration?: MetricContent['configuration']
  isOnByDefault?: boolean
}

function computed(
  functionName: string,
  {
    answer,
    enumValues = [],
    configuration = {},
    isOnByDefault = true,
    ...described
  }: ComputedMetric,
): CatalogueEntry {
  const own = { kind: 'computed', functionName, prompt: described.description } as const
  return {
    ...described,
    content: { ...EVERY_CALL, ...own, ...answer, enumValues, configuration },
    isOnByDefault,
    unavailable: null,
  }
}
