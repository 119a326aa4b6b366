import type { MetricContent, PredefinedMetric } from '#contract/metric.ts'
import { type CatalogueEntry, EVERY_CALL, ratingOf, YES_NO } from './catalogue-entry.ts'

const NO_SPEECH_RECOGNITION =
  'Needs speech recognition that works on its own, to compare the transcript with; none is built in.'
const NO_LISTENER = 'Needs a model that listens to the sound itself; the judge reads text alone.'
const NO_PHONEMES = 'Needs a model that hears single phonemes; none is built in.'
const NO_VOICE_PRINT = 'Needs a model that tells voices apart; none is built in.'
const NO_VOICE_QUALITY = 'Needs a model trained on how clear voices sound; none is built in.'

/** Known metrics that this version cannot compute. Results of them that come with a call are shown. */
export const UNAVAILABLE_METRICS: readonly CatalogueEntry[] = [
  unavailable(NO_SPEECH_RECOGNITION, {
    code: 'transcription-accuracy',
    name: 'Transcription Accuracy',
    category: 'Accuracy',
    direction: 'higher',
    description: 'How much of what was said the transcript has right, weighted by meaning.',
    inputs: ['transcript', 'audio', 'judge'],
    answer: ratingOf(0, 100),
  }),
  unavailable(NO_LISTENER, {
    code: 'gibberish-detection',
    name: 'Gibberish Detection',
    category: 'Speech Quality',
    direction: 'higher',
    description: 'Yes where everything the agent says can be understood.',
    inputs: ['audio', 'stereo'],
    answer: YES_NO,
  }),
  unavailable(NO_LISTENER, {
    code: 'humanness',
    name: 'Humanness',
    category: 'Speech Quality',
    direction: 'higher',
    description: 'How human the agent’s voice sounds, from 1 (robotic) to 5.',
    inputs: ['audio', 'transcript'],
    answer: ratingOf(1, 5),
  }),
  unavailable(NO_LISTENER, {
    code: 'letterwise-pronunciation',
    name: 'Letterwise Pronunciation',
    category: 'Speech Quality',
    direction: 'higher',
    description: 'Yes where words of the configured kinds are spelled out letter by letter.',
    inputs: ['audio', 'configuration'],
    answer: YES_NO,
  }),
  unavailable(NO_PHONEMES, {
    code: 'pronunciation-check',
    name: 'Pronunciation Check',
    category: 'Speech Quality',
    direction: 'higher',
    description: 'How well the configured words are pronounced.',
    inputs: ['audio', 'configuration'],
    answer: ratingOf(0, 100),
  }),
  unavailable(NO_VOICE_PRINT, {
    code: 'voice-change-detection',
    name: 'Voice Change Detection',
    category: 'Speech Quality',
    direction: 'higher',
    description: 'Yes where one and the same voice speaks in all turns of the agent.',
    inputs: ['audio'],
    answer: YES_NO,
  }),
  unavailable(NO_VOICE_QUALITY, {
    code: 'voice-tone-clarity',
    name: 'Voice Tone + Clarity',
    category: 'Speech Quality',
    direction: 'higher',
    description: 'How clear and steady the agent’s voice is. Above 70 is good.',
    inputs: ['audio'],
    answer: ratingOf(0, 100),
  }),
  unavailable(NO_VOICE_QUALITY, {
    code: 'voice-quality-index',
    name: 'Voice Quality Index',
    category: 'Speech Quality',
    direction: 'higher',
    description: 'How good the agent’s voice sounds, from 0 to 5.',
    inputs: ['audio'],
    answer: ratingOf(0, 5),
  }),
]

type UnavailableMetric = Pick<
  PredefinedMetric,
  'code' | 'name' | 'category' | 'direction' | 'description' | 'inputs'
> & { answer: Pick<MetricContent, 'evalType' | 'unit' | 'range'> }

function unavailable(reason: string, { answer, ...described }: UnavailableMetric): CatalogueEntry {
  const own = { kind: 'recorded', functionName: null, prompt: described.description } as const
  return {
    ...described,
    content: { ...EVERY_CALL, ...own, ...answer },
    isOnByDefault: false,
    unavailable: reason,
  }
}
