import { z } from 'zod'
import { JsonValue } from './json-value.ts'
import { EvalType } from './metric-result.ts'

/**
 * Where a metric's results come from. `computed`: our own code, from transcript times and sound. `llm_judge`: a
 * language model that is asked `prompt`. `custom_code`: the user's JavaScript. `recorded`: came with the call.
 */
export const MetricKind = z.enum(['computed', 'llm_judge', 'custom_code', 'recorded'])
export type MetricKind = z.infer<typeof MetricKind>

/** Which results are the better ones. `neutral`: the number alone does not say. */
export const MetricDirection = z.enum(['higher', 'lower', 'neutral'])
export type MetricDirection = z.infer<typeof MetricDirection>

/** What a metric looks at. `times`: of the transcript, or better of the sound. `stereo`: one speaker a channel. */
export const MetricInputKind = z.enum([
  'transcript',
  'times',
  'tool-calls',
  'ended-reason',
  'audio',
  'stereo',
  'judge',
  'knowledge',
  'configuration',
])
export type MetricInputKind = z.infer<typeof MetricInputKind>

/** Source: Cekura API, predefined metrics, `category`; a metric of one's own has none. */
export const MetricCategory = z.enum([
  'Speech Quality',
  'Conversation Quality',
  'Accuracy',
  'Customer Experience',
])
export type MetricCategory = z.infer<typeof MetricCategory>

/** Characters of a script. */
export const MAX_CODE_LENGTH = 100_000

/** Seconds of silence that are allowed where a configuration names none. Source: Cekura API, configuration keys. */
export const PATIENCE_SECONDS = 10

/** When a metric applies. `automatic`: the judge decides by the metric's text. Source: Cekura API, `evaluation_trigger`. */
export const MetricTrigger = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('always') }),
  z.object({ kind: z.literal('automatic') }),
  /** The judge decides by what is said here. */
  z.object({ kind: z.literal('prompt'), prompt: z.string().trim().min(1).max(20_000) }),
  /** A script that sets `_result` to true or false. */
  z.object({ kind: z.literal('code'), code: z.string().trim().min(1).max(MAX_CODE_LENGTH) }),
])
export type MetricTrigger = z.infer<typeof MetricTrigger>

/** Numbers of a metric lie between these; null where they are unbounded. */
export const MetricRange = z.object({ min: z.number(), max: z.number() })
export type MetricRange = z.infer<typeof MetricRange>

/** What decides a metric's results: changing any of it makes a new version. */
export const MetricContent = z.object({
  kind: MetricKind,
  /** Which of our own functions computes it, or which question is asked; null for the user's own. */
  functionName: z.string().max(255).nullable(),
  evalType: EvalType,
  unit: z.string().max(40),
  range: MetricRange.nullable(),
  enumValues: z.array(z.string().trim().min(1).max(200)).max(100),
  /** What the judge is asked, with `{{variables}}`; of the others, words for people. */
  prompt: z.string().max(100_000),
  code: z.string().max(MAX_CODE_LENGTH),
  trigger: MetricTrigger,
  /** Of instruction following: how the judge finds the priority of a category. */
  priorityPrompt: z.string().max(20_000),
  configuration: z.record(z.string(), JsonValue),
})
export type MetricContent = z.infer<typeof MetricContent>

/** A metric of one's own of which nothing is said yet: a yes-or-no question to the judge. */
export const NEW_CONTENT: MetricContent = {
  kind: 'llm_judge',
  functionName: null,
  evalType: 'binary',
  unit: '',
  range: null,
  enumValues: [],
  prompt: '',
  code: '',
  trigger: { kind: 'always' },
  priorityPrompt: '',
  configuration: {},
}

/** What can change without touching any result. */
export const MetricSettings = z.object({
  name: z.string().trim().min(1).max(255),
  direction: MetricDirection,
  category: MetricCategory.nullable(),
  /** Off: calls are not judged by it. Results stay. */
  isEnabled: z.boolean(),
  /** Only the project's share of new calls is judged by it. */
  isSampled: z.boolean(),
  /** Empty: every agent's calls. */
  agentIds: z.array(z.int()).max(500),
})
export type MetricSettings = z.infer<typeof MetricSettings>

/** A metric as it stands. */
export const Metric = MetricSettings.extend({
  id: z.int(),
  /** Stable name, unique in its project; of predefined metrics the catalogue's. */
  code: z.string(),
  /** Snake case, for people and links. */
  slug: z.string(),
  /** 1 for the first; 0 for a metric that is only known from recorded results. */
  version: z.int(),
  content: MetricContent,
  isPredefined: z.boolean(),
  inputs: z.array(MetricInputKind),
  createdAt: z.string(),
  updatedAt: z.string(),
})
export type Metric = z.infer<typeof Metric>

/** A metric that is to be made. */
export const MetricInput = z.object({ ...MetricSettings.shape, content: MetricContent })
export type MetricInput = z.infer<typeof MetricInput>

/** A change: the given settings, and the content as a whole. */
export const MetricChange = z
  .object({ ...MetricSettings.shape, content: MetricContent, addToRubric: z.boolean() })
  .partial()
export type MetricChange = z.infer<typeof MetricChange>

/** An earlier or the present content of a metric. */
export const MetricVersion = z.object({
  version: z.int(),
  content: MetricContent,
  author: z.string(),
  createdAt: z.string(),
})
export type MetricVersion = z.infer<typeof MetricVersion>

/** One metric of the predefined catalogue. Source: Cekura API, predefined catalogue. */
export const PredefinedMetric = z.object({
  code: z.string(),
  name: z.string(),
  category: MetricCategory.nullable(),
  direction: MetricDirection,
  /** One or two sentences: what is computed. */
  description: z.string(),
  inputs: z.array(MetricInputKind),
  content: MetricContent,
  /** Judged by in a new project without anyone asking. */
  isOnByDefault: z.boolean(),
  /** Why this version cannot compute it; null where it can. */
  unavailable: z.string().nullable(),
  /** The project's metric of this code, if it was added. */
  metricId: z.int().nullable(),
})
export type PredefinedMetric = z.infer<typeof PredefinedMetric>

/** How many bins a distribution has at most. */
export const HISTOGRAM_BINS = 20

/** How a metric's current results on the calls of the last days are spread, by the time of the calls. */
export const MetricStatistics = z.object({
  scoredCount: z.int(),
  skippedCount: z.int(),
  failedCount: z.int(),
  /** Of those that passed or failed; null without any. */
  passRate: z.number().nullable(),
  mean: z.number().nullable(),
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  /** Of numbers: bins of equal width, in order. Of labels and yes / no: one per value. */
  bins: z.array(
    z.object({
      from: z.number().nullable(),
      to: z.number().nullable(),
      label: z.string(),
      count: z.int(),
    }),
  ),
  /** One per UTC day that has results, in order. */
  days: z.array(
    z.object({
      day: z.string(),
      count: z.int(),
      passedCount: z.int(),
      failedCount: z.int(),
      mean: z.number().nullable(),
    }),
  ),
  /** False: time ran out, and the newest calls alone were counted. */
  isExact: z.boolean(),
})
export type MetricStatistics = z.infer<typeof MetricStatistics>

/** What the judge is, for the pages that need one. */
export const JudgeSetting = z.object({
  isConfigured: z.boolean(),
  model: z.string().nullable(),
  /** US dollars per million tokens; null where no price was given. */
  inputPrice: z.number().nullable(),
  outputPrice: z.number().nullable(),
})
export type JudgeSetting = z.infer<typeof JudgeSetting>
