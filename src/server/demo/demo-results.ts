import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Transaction } from 'kysely'
import { z } from 'zod'
import { EvalType } from '#contract/metric-result.ts'
import { Tag } from '#contract/tag.ts'
import { updateCallRow } from '../store/calls.ts'
import { ensureMetric } from '../store/metrics.ts'
import { recordReview } from '../store/reviews.ts'
import type { Tables } from '../store/tables.ts'
import { addTags } from '../store/tags.ts'
import { type NewVerdict, recordVerdicts } from '../store/verdicts.ts'

const DemoMetric = z.strictObject({
  key: z.string(),
  code: z.string(),
  name: z.string(),
  evalType: EvalType,
  unit: z.string(),
  enumValues: z.array(z.string()),
  /** A call succeeds if all of these that have a result passed. */
  decidesSuccess: z.boolean(),
})
export type DemoMetric = z.infer<typeof DemoMetric>

const explanation = z.string().min(1)
const confidence = z.int().min(0).max(100)

/** As the metric's type has it: yes or no, a number, or a label. */
const DemoResult = z.union([
  z.strictObject({ passed: z.boolean(), explanation, confidence: confidence.optional() }),
  z.strictObject({ score: z.number(), explanation }),
  z.strictObject({ label: z.string(), explanation }),
])
type DemoResult = z.infer<typeof DemoResult>

const DemoReview = z.strictObject({
  success: z.boolean(),
  reviewer: z.string(),
  /** After the start of the call. */
  minutesLater: z.int().positive(),
  feedback: z.string(),
})

/** What was found out about a demo call: by metrics, under their keys, and by a person. */
const DemoResults = z.strictObject({
  topic: z.string(),
  /** Where the caller gave up; absent if nobody did. */
  dropoffPoint: z.string().optional(),
  tags: z.array(Tag).default([]),
  results: z.record(z.string(), DemoResult),
  review: DemoReview.optional(),
})
export type DemoResults = z.infer<typeof DemoResults>

export async function readDemoMetrics(): Promise<DemoMetric[]> {
  return z.array(DemoMetric).parse(await readJson('metrics.json'))
}

/** Null for a story that stays unevaluated. */
export async function readDemoResults(slug: string): Promise<DemoResults | null> {
  const path = `verdicts/${slug}.json`
  if (!existsSync(join(import.meta.dirname, path))) return null
  return DemoResults.parse(await readJson(path))
}

/** Whether all the results that decide passed; null where none decides. */
export function decideDemoSuccess(
  metrics: readonly DemoMetric[],
  { results }: Pick<DemoResults, 'results'>,
): boolean | null {
  const deciding = metrics.flatMap(({ key, decidesSuccess }) => {
    const result = results[key]
    return decidesSuccess && result && 'passed' in result ? [result.passed] : []
  })
  return deciding.length === 0 ? null : deciding.every(Boolean)
}

/** Gives a demo call that has just been stored its results, its outcome and its review. */
export async function storeDemoResults(
  trx: Transaction<Tables>,
  {
    call,
    found,
    metrics,
    now,
  }: {
    call: { id: number; projectId: number; startedAt: number }
    found: DemoResults
    metrics: readonly DemoMetric[]
    now: number
  },
): Promise<void> {
  const verdicts: NewVerdict[] = []
  for (const { key, decidesSuccess: _, ...definition } of metrics) {
    // Also without a result on this call, so that metrics are made in the order of their list.
    const metricId = await ensureMetric(trx, { projectId: call.projectId, ...definition, now })
    const result = found.results[key]
    if (result) verdicts.push(toVerdict(metricId, result))
  }
  await recordVerdicts(trx, { callId: call.id, verdicts, now })
  await addTags(trx, { callId: call.id, tags: found.tags })
  await storeOutcome(trx, { id: call.id, success: decideDemoSuccess(metrics, found), now })
  const { review } = found
  if (review) {
    const reviewedAt = call.startedAt + review.minutesLater * 60_000
    const { success, reviewer } = review
    const recorded = { callId: call.id, success, reviewer, now: reviewedAt, bulkActionId: null }
    await recordReview(trx, recorded)
  }
  // Last: the review happened in the past, but it is now that the call has changed.
  const said = { topic: found.topic, dropoff_point: found.dropoffPoint ?? '' }
  const fields = { ...said, feedback: review?.feedback ?? '' }
  await updateCallRow(trx, { id: call.id, fields, now })
}

async function storeOutcome(
  trx: Transaction<Tables>,
  { id, success, now }: { id: number; success: boolean | null; now: number },
): Promise<void> {
  if (success === null) return
  const status = success ? ('success' as const) : ('failure' as const)
  const fields = { status, success: Number(success), judge_success: Number(success), is_judged: 1 }
  await updateCallRow(trx, { id, fields, now })
}

function toVerdict(metricId: number, result: DemoResult): NewVerdict {
  const nothing = { score: null, valueText: null, passed: null, confidence: null }
  const { explanation } = result
  const verdict = { metricId, source: 'recorded' as const, ...nothing, explanation }
  if ('score' in result) return { ...verdict, score: result.score }
  if ('label' in result) return { ...verdict, valueText: result.label }
  const { passed, confidence = null } = result
  return { ...verdict, score: passed ? 5 : 0, passed, confidence }
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(import.meta.dirname, path), 'utf8')) as unknown
}
