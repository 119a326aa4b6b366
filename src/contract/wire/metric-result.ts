import { z } from 'zod'
import {
  EvalType,
  type MetricResult,
  ResultState,
  SkipReason,
  USUAL_TOP_SCORE,
  type Verdict,
} from '../metric-result.ts'

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

/** A result in full. Source: Cekura API, `evaluation.metrics[]`; the last keys are of the newer generation, or ours. */
export const WireMetricEvaluation = WireMetric.extend({
  explanation: z.array(z.string()),
  extra: z.record(z.string(), z.unknown()),
  function_name: z.string(),
  vocera_defined_metric_code: z.string(),
  eval_type: EvalType,
  passed: z.boolean().nullable(),
  score_normalized: z.number().nullable().describe('0 to 1; null for numbers and labels'),
  confidence: z.number().nullable().describe('0 to 100'),
  state: ResultState,
  skip_reason: SkipReason.nullable(),
})
export type WireMetricEvaluation = z.infer<typeof WireMetricEvaluation>

/** What the wire says of a metric beside its results. */
export type WireMetricNames = {
  /** Of a predefined metric the catalogue's code; empty for one's own. */
  code: string
  /** Empty for one's own. */
  functionName: string
  /** How `v1` calls this binary metric; empty for the usual name. */
  wireType: string
}

const NO_NAMES: WireMetricNames = { code: '', functionName: '', wireType: '' }

/** How results are put into words; metrics that are not in `names` are the user's own. */
export type WireWords = { family: WireFamily; names: ReadonlyMap<number, WireMetricNames> }

export const USUAL_BINARY_TYPE = 'binary_workflow_adherence'

const TYPE_NAMES: Record<Exclude<EvalType, 'binary'>, string> = {
  rating: 'continuous_qualitative',
  numeric: 'numeric',
  enum: 'enum',
}

/** The name of an eval type under a path family; `wireType` is what its sender called it. */
export function toWireType(
  evalType: EvalType,
  { family, wireType }: { family: WireFamily; wireType: string },
): string {
  if (evalType !== 'binary') return TYPE_NAMES[evalType]
  if (family === 'v2') return 'binary'
  return wireType === '' ? USUAL_BINARY_TYPE : wireType
}

/** `value` repeats the result as text: the label, `true` or `false`, or the number (docs/wire.md A7). */
export function toWireMetric(result: MetricResult, { family, names }: WireWords): WireMetric {
  const isLabel = result.evalType === 'enum'
  const { wireType } = names.get(result.metricId) ?? NO_NAMES
  const known = isScored(result)
  return {
    id: result.metricId,
    name: result.name,
    type: toWireType(result.evalType, { family, wireType }),
    score: known && !isLabel ? result.score : null,
    enum: known && isLabel ? result.valueText : null,
    value: known ? toValueText(result) : null,
  }
}

export function toWireMetricEvaluation(result: Verdict, words: WireWords): WireMetricEvaluation {
  const { code, functionName } = words.names.get(result.metricId) ?? NO_NAMES
  return {
    ...toWireMetric(result, words),
    explanation: toExplanation(result),
    extra: toWireExtra(result),
    function_name: functionName,
    vocera_defined_metric_code: code,
    eval_type: result.evalType,
    passed: isScored(result) ? result.passed : null,
    score_normalized: isScored(result) ? normalizedScore(result) : null,
    confidence: result.confidence,
    state: result.state,
    skip_reason: result.skipReason,
  }
}

function isScored({ state }: MetricResult): boolean {
  return state === 'scored'
}

/** One text per paragraph; what sampling left out has the one that clients know (docs/wire.md D24). */
function toExplanation({ skipReason, explanation }: MetricResult): string[] {
  return skipReason === 'sampling' ? ['Sampling skipped'] : toParagraphs(explanation)
}

export function toParagraphs(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function toWireExtra({ extra: { turns, ...extra }, skipReason }: Verdict): Record<string, unknown> {
  return {
    ...extra,
    ...(turns && {
      turns: turns.map(({ startSeconds, endSeconds, valueMs }) => ({
        start_time: startSeconds,
        end_time: endSeconds,
        value_ms: valueMs,
      })),
    }),
    ...(skipReason === 'trigger' && { trigger_failed: true }),
    ...(skipReason === 'sampling' && { sampling_skipped: true }),
  }
}

function toValueText({ evalType, valueText, passed, score }: MetricResult): string | null {
  if (evalType === 'enum') return valueText
  const value = evalType === 'binary' ? passed : score
  return value === null ? null : String(value)
}

function normalizedScore({ evalType, score, maxScore }: MetricResult): number | null {
  const isBounded = evalType === 'binary' || evalType === 'rating'
  return isBounded && score !== null ? score / (maxScore ?? USUAL_TOP_SCORE) : null
}
