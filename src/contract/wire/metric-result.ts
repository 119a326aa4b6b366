import { z } from 'zod'
import { EvalType, type MetricResult } from '../metric-result.ts'

/** The two generations of the API name binary metrics differently. Source: Cekura API, v1 against v2 naming. */
export type WireFamily = 'v1' | 'v2'

/** A result in short: all six keys, docs/wire.md A6. Source: Cekura API, list shape, `metrics[]`. */
export const WireMetric = z.object({
  id: z.int(),
  name: z.string(),
  type: z.string(),
  score: z.number().nullable(),
  enum: z.string().nullable(),
  value: z.string().nullable(),
})
export type WireMetric = z.infer<typeof WireMetric>

/** A result in full. Source: Cekura API, `evaluation.metrics[]`; the last four keys are of the newer generation. */
export const WireMetricEvaluation = WireMetric.extend({
  explanation: z.array(z.string()),
  extra: z.record(z.string(), z.unknown()),
  function_name: z.string(),
  vocera_defined_metric_code: z.string(),
  eval_type: EvalType,
  passed: z.boolean().nullable(),
  score_normalized: z.number().nullable().describe('0 to 1; null for numbers and labels'),
  confidence: z.number().nullable().describe('0 to 100'),
})
export type WireMetricEvaluation = z.infer<typeof WireMetricEvaluation>

/** Scores of binary metrics and ratings run from 0 to this. */
const TOP_SCORE = 5

const TYPE_NAMES: Record<WireFamily, Record<EvalType, string>> = {
  v1: {
    binary: 'binary_workflow_adherence',
    rating: 'continuous_qualitative',
    numeric: 'numeric',
    enum: 'enum',
  },
  v2: { binary: 'binary', rating: 'continuous_qualitative', numeric: 'numeric', enum: 'enum' },
}

/** `value` repeats the result as text: the label, `true` or `false`, or the number (docs/wire.md A7). */
export function toWireMetric(result: MetricResult, family: WireFamily): WireMetric {
  const isLabel = result.evalType === 'enum'
  return {
    id: result.metricId,
    name: result.name,
    type: TYPE_NAMES[family][result.evalType],
    score: isLabel ? null : result.score,
    enum: isLabel ? result.valueText : null,
    value: toValueText(result),
  }
}

export function toWireMetricEvaluation(
  result: MetricResult,
  family: WireFamily,
): WireMetricEvaluation {
  return {
    ...toWireMetric(result, family),
    explanation: result.explanation === '' ? [] : [result.explanation],
    extra: {},
    function_name: '',
    vocera_defined_metric_code: result.code,
    eval_type: result.evalType,
    passed: result.passed,
    score_normalized: normalizedScore(result),
    confidence: result.confidence,
  }
}

function toValueText({ evalType, valueText, passed, score }: MetricResult): string | null {
  if (evalType === 'enum') return valueText
  const value = evalType === 'binary' ? passed : score
  return value === null ? null : String(value)
}

function normalizedScore({ evalType, score }: MetricResult): number | null {
  const isBounded = evalType === 'binary' || evalType === 'rating'
  return isBounded && score !== null ? score / TOP_SCORE : null
}
