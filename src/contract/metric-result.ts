import { z } from 'zod'
import { FilterMetric } from './facet.ts'

/** How a metric answers: yes or no, on a scale of 0 to 5, with a number in a unit, or with one of its labels. */
export const EvalType = FilterMetric.shape.evalType
export type EvalType = z.infer<typeof EvalType>

/** `recorded`: came with the call. `measured`: computed from transcript or sound. `judge`: a language model's answer. */
export const ResultSource = z.enum(['recorded', 'measured', 'judge'])
export type ResultSource = z.infer<typeof ResultSource>

/** What a metric says of a call. */
export const MetricResult = z.object({
  metricId: z.int(),
  /** The stable name of the metric's definition, unique in a project. */
  code: z.string(),
  name: z.string(),
  evalType: EvalType,
  source: ResultSource,
  /** In the metric's unit; 5 and 0 for yes and no, 0 to 5 for a rating; null for a label. */
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
