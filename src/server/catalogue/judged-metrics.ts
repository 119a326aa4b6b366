import type { MetricContent, PredefinedMetric } from '#contract/metric.ts'
import {
  type CatalogueEntry,
  COUNT,
  EVERY_CALL,
  LABEL,
  ratingOf,
  YES_NO,
} from './catalogue-entry.ts'
import { JUDGE_PROMPTS } from './judge-prompts.ts'

/** What a language model is asked about a call's transcript. */
export const JUDGED_METRICS: readonly CatalogueEntry[] = [
  judged('check_critical_deviations', {
    code: '5dedc41b', // the one code that Cekura publishes
    name: 'Instruction Follow',
    category: 'Accuracy',
    direction: 'higher',
    description:
      'No where the agent departs from its description in a way that is critical. Every deviation is named and put in a category.',
    inputs: ['transcript', 'judge'],
    answer: YES_NO,
    isOnByDefault: true,
  }),
  judged('check_hallucination', {
    code: 'hallucination',
    name: 'Hallucination',
    category: 'Accuracy',
    direction: 'higher',
    description:
      'Yes where everything the agent says is supported by its knowledge, or at least does not contradict it.',
    inputs: ['transcript', 'knowledge', 'judge'],
    answer: YES_NO,
    isOnByDefault: false,
  }),
  judged('check_relevancy', {
    code: 'relevancy',
    name: 'Relevancy',
    category: 'Accuracy',
    direction: 'higher',
    description: 'No where any reply of the agent has nothing to do with what the caller wants.',
    inputs: ['transcript', 'judge'],
    answer: YES_NO,
    isOnByDefault: true,
  }),
  judged('check_response_consistency', {
    code: 'response-consistency',
    name: 'Response Consistency',
    category: 'Accuracy',
    direction: 'higher',
    description:
      'No where the agent contradicts itself, or gives back wrongly what the caller has told it.',
    inputs: ['transcript', 'judge'],
    answer: YES_NO,
    isOnByDefault: true,
  }),
  judged('check_main_agent_termination', {
    code: 'appropriate-termination',
    name: 'Appropriate Termination by Main Agent',
    category: 'Conversation Quality',
    direction: 'higher',
    description:
      'No where the agent ends the call too early: in the middle of the conversation, after a question, or with the matter open and no reason given.',
    inputs: ['transcript', 'ended-reason', 'judge'],
    answer: YES_NO,
    isOnByDefault: true,
  }),
  judged('check_testing_agent_termination', {
    code: 'appropriate-termination-by-caller',
    name: 'Appropriate Termination by Testing Agent',
    category: 'Conversation Quality',
    direction: 'higher',
    description: 'No where the caller ends the call before the conversation is over.',
    inputs: ['transcript', 'ended-reason', 'judge'],
    answer: YES_NO,
    isOnByDefault: false,
  }),
  judged('get_sentiment', {
    code: 'sentiment',
    name: 'Sentiment',
    category: 'Customer Experience',
    direction: 'higher',
    description:
      'How the caller feels: positive with clear thanks, negative with open frustration, else neutral.',
    inputs: ['transcript', 'judge'],
    answer: LABEL,
    enumValues: ['positive', 'neutral', 'negative'],
    isOnByDefault: true,
  }),
  judged('get_csat', {
    code: 'csat',
    name: 'CSAT',
    category: 'Customer Experience',
    direction: 'higher',
    description:
      'How satisfied the caller is: the mean of sentiment and cooperation, as a share of 100. Above 70 is good.',
    inputs: ['transcript', 'judge'],
    answer: ratingOf(0, 100),
    isOnByDefault: true,
  }),
  judged('observability_topics', {
    code: 'topic-of-call',
    name: 'Topic of Call',
    category: 'Customer Experience',
    direction: 'neutral',
    description: 'Which of the agent’s topics the call is about; `other` where none fits.',
    inputs: ['transcript', 'configuration', 'judge'],
    answer: LABEL,
    isOnByDefault: false,
  }),
  judged('observability_dropoff', {
    code: 'dropoff-node',
    name: 'Dropoff Node',
    category: 'Customer Experience',
    direction: 'neutral',
    description: 'The last of the agent’s stages that the conversation reached.',
    inputs: ['transcript', 'configuration', 'judge'],
    answer: LABEL,
    isOnByDefault: false,
  }),
  judged('check_voicemail', {
    code: 'voicemail-detection',
    name: 'Voicemail Detection',
    category: 'Accuracy',
    direction: 'neutral',
    description: 'Yes where a voicemail box answered the call and no person did.',
    inputs: ['transcript', 'judge'],
    answer: YES_NO,
    isOnByDefault: false,
  }),
  judged('get_verbosity', {
    code: 'verbosity',
    name: 'Verbosity',
    category: 'Conversation Quality',
    direction: 'higher',
    description:
      'How concise the agent is, from 1 (bloated) to 5 (to the point). Detail that was asked for counts for nothing.',
    inputs: ['transcript', 'judge'],
    answer: ratingOf(1, 5),
    isOnByDefault: false,
  }),
  judged('get_repetition_count', {
    code: 'unnecessary-repetition-count',
    name: 'Unnecessary Repetition Count',
    category: 'Conversation Quality',
    direction: 'lower',
    description: 'How often the agent says again, without need, what it has already said.',
    inputs: ['transcript', 'judge'],
    answer: COUNT,
    isOnByDefault: false,
  }),
  judged('get_repetition_score', {
    code: 'unnecessary-repetition-score',
    name: 'Unnecessary Repetition Score',
    category: 'Conversation Quality',
    direction: 'higher',
    description:
      'How free the call is of needless repetition: 5 without any, 0 where there is one in every turn of the agent.',
    inputs: ['transcript', 'judge'],
    answer: ratingOf(0, 5),
    isOnByDefault: false,
  }),
  judged('get_casual_chat_response', {
    code: 'casual-chat-response',
    name: 'Casual Chat Response',
    category: 'Conversation Quality',
    direction: 'higher',
    description:
      'How friendly the agent stays when it is asked something off its topic, from 1 to 5; 5 where nobody asks.',
    inputs: ['transcript', 'judge'],
    answer: ratingOf(1, 5),
    isOnByDefault: false,
  }),
]

type JudgedMetric = Pick<
  PredefinedMetric,
  'code' | 'name' | 'category' | 'direction' | 'description' | 'inputs' | 'isOnByDefault'
> & {
  answer: Pick<MetricContent, 'evalType' | 'unit' | 'range'>
  enumValues?: string[]
}

function judged(
  functionName: keyof typeof JUDGE_PROMPTS,
  { answer, enumValues = [], ...described }: JudgedMetric,
): CatalogueEntry {
  const prompt = JUDGE_PROMPTS[functionName]
  const own = { kind: 'llm_judge', functionName, prompt, enumValues } as const
  return {
    ...described,
    content: { ...EVERY_CALL, ...own, ...answer },
    unavailable: null,
  }
}
