import { z } from 'zod'
import { ById, endpoint } from './endpoint.ts'
import {
  MAX_STABILITY_TIMES,
  RunEstimate,
  RunFlips,
  RunRequest,
  StabilityCheck,
} from './evaluation-run.ts'
import {
  JudgeSetting,
  Metric,
  MetricChange,
  MetricContent,
  MetricInput,
  MetricStatistics,
  MetricVersion,
  PredefinedMetric,
} from './metric.ts'
import { Verdict } from './metric-result.ts'
import { Rubric, RubricOutcome } from './rubric.ts'

/**
 * The part of the dashboard's API that is about judging: metrics, their results, the rubric, reruns. Apart from `api`,
 * as schemas cannot be shaken out of a bundle and the call list, which everybody waits for first, does without.
 */
export const judgingApi = {
  listFlips: endpoint({
    method: 'GET',
    path: '/api/bulk-actions/:id/flips',
    summary: 'Which results a rerun turned',
    access: 'read',
    params: ById,
    output: RunFlips,
  }),
  estimateRun: endpoint({
    method: 'POST',
    path: '/api/runs/estimate',
    summary: 'What a rerun would take: calls, questions to the judge, tokens, cost',
    access: 'read',
    body: RunRequest,
    output: RunEstimate,
  }),
  listVerdicts: endpoint({
    method: 'GET',
    path: '/api/calls/:id/verdicts',
    summary:
      'Every metric of a call with its result, or why there is none, and what the rubric said',
    access: 'read',
    params: ById,
    output: z.object({
      /** Stored ones that count, and for metrics that are on without one a skipped entry with the reason. */
      items: z.array(Verdict),
      rubric: RubricOutcome.nullable(),
      judge: JudgeSetting,
    }),
  }),
  listVerdictHistory: endpoint({
    method: 'GET',
    path: '/api/calls/:id/verdicts/:metricId',
    summary: 'Every result a metric ever had on a call, newest first, at most 100',
    access: 'read',
    params: ById.extend({ metricId: z.coerce.number().int().positive() }),
    output: z.object({ items: z.array(Verdict) }),
  }),
  startStabilityCheck: endpoint({
    method: 'POST',
    path: '/api/calls/:id/stability',
    summary: 'Judge one call many times by one metric, to see how often the judge changes its mind',
    access: 'write',
    params: ById,
    body: z.object({
      metricId: z.int().positive(),
      times: z.int().min(2).max(MAX_STABILITY_TIMES),
    }),
    output: StabilityCheck,
  }),
  getStabilityCheck: endpoint({
    method: 'GET',
    path: '/api/stability-checks/:id',
    summary: 'How far a stability check is, and its answers',
    access: 'read',
    params: ById,
    output: StabilityCheck,
  }),
  cancelStabilityCheck: endpoint({
    method: 'POST',
    path: '/api/stability-checks/:id/cancel',
    summary: 'Stop a stability check',
    access: 'write',
    params: ById,
    output: StabilityCheck,
  }),
  listMetrics: endpoint({
    method: 'GET',
    path: '/api/metrics',
    summary: 'Every metric, by category and name, and what the judge is',
    access: 'read',
    output: z.object({ items: z.array(Metric), judge: JudgeSetting }),
  }),
  listPredefinedMetrics: endpoint({
    method: 'GET',
    path: '/api/metrics/predefined',
    summary: 'The catalogue of predefined metrics',
    access: 'read',
    output: z.object({ items: z.array(PredefinedMetric) }),
  }),
  addPredefinedMetrics: endpoint({
    method: 'POST',
    path: '/api/metrics/predefined',
    summary: 'Add metrics of the catalogue to the project, or bring deleted ones back',
    access: 'write',
    body: z.object({ codes: z.array(z.string().max(255)).min(1).max(100) }),
    output: z.object({ items: z.array(Metric) }),
  }),
  getMetric: endpoint({
    method: 'GET',
    path: '/api/metrics/:id',
    summary: 'One metric',
    access: 'read',
    params: ById,
    output: Metric,
  }),
  createMetric: endpoint({
    method: 'POST',
    path: '/api/metrics',
    summary: 'Make a metric',
    access: 'write',
    body: MetricInput.extend({ addToRubric: z.boolean().default(false) }),
    output: Metric,
  }),
  changeMetric: endpoint({
    method: 'PATCH',
    path: '/api/metrics/:id',
    summary: 'Change a metric; other content makes a new version',
    access: 'write',
    params: ById,
    body: MetricChange,
    output: Metric,
  }),
  deleteMetric: endpoint({
    method: 'DELETE',
    path: '/api/metrics/:id',
    summary: 'Delete a metric; its results are kept, and it can be restored',
    access: 'write',
    params: ById,
    output: z.object({ deleted: z.boolean() }),
  }),
  restoreMetric: endpoint({
    method: 'POST',
    path: '/api/metrics/:id/restore',
    summary: 'Bring a deleted metric back',
    access: 'write',
    params: ById,
    output: Metric,
  }),
  listMetricVersions: endpoint({
    method: 'GET',
    path: '/api/metrics/:id/versions',
    summary: 'Every version of a metric, newest first, at most 100',
    access: 'read',
    params: ById,
    output: z.object({ items: z.array(MetricVersion) }),
  }),
  getMetricStatistics: endpoint({
    method: 'GET',
    path: '/api/metrics/:id/statistics',
    summary: 'How the results of a metric are spread over the calls of the last days',
    access: 'read',
    params: ById,
    query: z.object({ days: z.coerce.number().int().min(1).max(365).default(30) }),
    output: MetricStatistics,
  }),
  tryMetric: endpoint({
    method: 'POST',
    path: '/api/metrics/try',
    summary: 'What a metric would say of a call, without keeping it, beside what counts now',
    access: 'write',
    body: z.object({
      callId: z.int().positive(),
      /** Null: the metric is new. */
      metricId: z.int().positive().nullable(),
      name: z.string().max(255),
      content: MetricContent,
    }),
    output: z.object({ tried: Verdict, current: Verdict.nullable() }),
  }),
  getRubric: endpoint({
    method: 'GET',
    path: '/api/rubric',
    summary: 'Which results make a call succeed',
    access: 'read',
    output: Rubric,
  }),
  changeRubric: endpoint({
    method: 'PATCH',
    path: '/api/rubric',
    summary: 'Replace the rubric; calls keep their outcome until they are judged again',
    access: 'write',
    body: Rubric,
    output: Rubric,
  }),
} as const
