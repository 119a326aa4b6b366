import { z } from 'zod'
import { FilterMetric } from './facet.ts'

/** How a metric answers: yes or no, on a scale, with a number in a unit, or with one of its labels. */
export const EvalType = FilterMetric.shape.evalType
export type EvalType = z.infer<typeof EvalType>

/** `recorded`: came with the call. `measured`: computed from transcript or sound, also by the user's script. `judge`: a language model's answer. */
export const ResultSource = z.enum(['recorded', 'measured', 'judge'])
export type ResultSource = z.infer<typeof ResultSource>

/** `skipped`: the metric does not apply, or cannot be had of this call; see `skipReason`. `failed`: it broke. */
export const ResultState = z.enum(['scored', 'skipped', 'failed'])
export type ResultState = z.infer<typeof ResultState>

/**
 * Why a metric has no result. `not-judged`: the metric is on, and the call was not judged by it yet; stored only while a sampled metric waits.
 * `no-judge`: no judge is configured. `no-input`: the call lacks what the metric looks at, such as sound or times.
 * `not-configured`: the metric lacks what it needs, such as the agent's knowledge or topics.
 */
export const SkipReason = z.enum([
  'sampling',
  'trigger',
  'no-judge',
  'no-input',
  'not-configured',
  'not-judged',
])
export type SkipReason = z.infer<typeof SkipReason>

/** What a metric says of a call. */
export const MetricResult = z.object({
  metricId: z.int(),
  /** The stable name of the metric's definition, unique in a project. */
  code: z.string(),
  name: z.string(),
  evalType: EvalType,
  unit: z.string(),
  /** Top of the scale of a rating; null for the others. */
  maxScore: z.number().nullable(),
  state: ResultState,
  /** Null unless skipped. */
  skipReason: SkipReason.nullable(),
  source: ResultSource,
  /** In the metric's unit; 5 and 0 for yes and no, up to `maxScore` for a rating; null for a label. */
  score: z.number().nullable(),
  /** The chosen label of an enum metric; null for the others. */
  valueText: z.string().nullable(),
  /** Null where the metric alone does not say what is good. */
  passed: z.boolean().nullable(),
  /** Text that names moments as `(MM:SS)`; may be empty. */
  explanation: z.string(),
  /** 0 to 100; null where nothing was weighed. */
  confidence: z.number().nullable(),
})
export type MetricResult = z.infer<typeof MetricResult>

/** Of ratings that say no range. Source: Cekura API, `score` of ratings. */
export const USUAL_TOP_SCORE = 5

/** `maxScore` of a metric whose range ends at `max`; null for what is no rating. */
export function topScore({
  evalType,
  max,
}: {
  evalType: EvalType
  max: number | null | undefined
}): number | null {
  return evalType === 'rating' ? (max ?? USUAL_TOP_SCORE) : null
}

/**
 * A moment that a result rests on. A quote that stands in no segment is kept with `isFound` false: the judge made it up.
 */
export const Evidence = z.object({
  /** Place in the transcript's segments, from 0; null for a moment of the sound alone, or a quote not found. */
  segmentIndex: z.int().nullable(),
  quote: z.string(),
  startSeconds: z.number().nullable(),
  endSeconds: z.number().nullable(),
  isFound: z.boolean(),
  /** What it shows, in a few words; may be empty. */
  note: z.string(),
})
export type Evidence = z.infer<typeof Evidence>

/** Which times a measured result rests on. */
export const MeasureBasis = z.enum(['transcript', 'audio'])
export type MeasureBasis = z.infer<typeof MeasureBasis>

/** Extra keys of a result that several rooms know. Others pass through to the wire's `extra`. */
export const ResultExtra = z.looseObject({
  /** Of latency: every handover from caller to agent. */
  turns: z
    .array(z.object({ startSeconds: z.number(), endSeconds: z.number(), valueMs: z.number() }))
    .optional(),
  /** Of latency: `p25`, `p50`, `p75`, `p90`, `p95`, `p99` in ms. */
  percentiles: z.record(z.string(), z.number()).optional(),
  /** Of instruction following: deviations, each in a category. */
  categories: z
    .array(
      z.object({
        category_id: z.int(),
        category: z.string(),
        deviation: z.string(),
        priority: z.enum(['critical', 'non-critical', 'not_a_bug']),
      }),
    )
    .optional(),
})
export type ResultExtra = z.infer<typeof ResultExtra>

/** A result with everything that is known of how it came about. Of results that are not stored `id` is null. */
export const Verdict = MetricResult.extend({
  id: z.int().nullable(),
  /** The metric's version that gave it; null for recorded ones. */
  metricVersion: z.int().nullable(),
  /** The rerun that asked for it; null where it was judged on arrival. */
  runId: z.int().nullable(),
  basis: MeasureBasis.nullable(),
  evidence: z.array(Evidence),
  extra: ResultExtra,
  model: z.string().nullable(),
  inputTokens: z.int().nullable(),
  outputTokens: z.int().nullable(),
  costUsd: z.number().nullable(),
  /** How long it took to find out. */
  durationMs: z.int().nullable(),
  createdAt: z.string().nullable(),
})
export type Verdict = z.infer<typeof Verdict>

/** What was found out about a call by one metric, before anything is kept. */
export const Finding = Verdict.pick({
  state: true,
  skipReason: true,
  score: true,
  valueText: true,
  passed: true,
  explanation: true,
  confidence: true,
  basis: true,
  evidence: true,
  extra: true,
})
export type Finding = z.infer<typeof Finding>

const NOTHING_FOUND = {
  skipReason: null,
  score: null,
  valueText: null,
  passed: null,
  explanation: '',
  confidence: null,
  basis: null,
  evidence: [],
  extra: {},
} satisfies Omit<Finding, 'state'>

/** A result; what is not given is empty. */
export function scored(found: Partial<Omit<Finding, 'state' | 'skipReason'>>): Finding {
  return { ...NOTHING_FOUND, ...found, state: 'scored' }
}

/** Yes or no, as 5 or 0. Source: Cekura API, binary metrics. */
export function answeredYesNo(
  passed: boolean,
  found: Partial<Omit<Finding, 'state' | 'skipReason' | 'score' | 'passed'>>,
): Finding {
  return scored({ ...found, passed, score: passed ? 5 : 0 })
}

export function skipped(skipReason: SkipReason, explanation: string): Finding {
  return { ...NOTHING_FOUND, state: 'skipped', skipReason, explanation }
}

export function failed(explanation: string): Finding {
  return { ...NOTHING_FOUND, state: 'failed', explanation }
}
