import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Transaction } from 'kysely'
import { z } from 'zod'
import { answeredYesNo, type Evidence, type Finding, scored } from '#contract/metric-result.ts'
import { Tag } from '#contract/tag.ts'
import type { Segment } from '#contract/transcript.ts'
import { updateCallRow } from '../store/calls.ts'
import { findEvaluationInput } from '../store/evaluation-input.ts'
import { findMetricByCode } from '../store/metrics.ts'
import { recordReview } from '../store/reviews.ts'
import type { Tables } from '../store/tables.ts'
import { addTags } from '../store/tags.ts'
import { type NewVerdict, recordVerdicts } from '../store/verdicts.ts'

/** How the files of results name metrics of the catalogue, and the codes of these. */
export const RECORDED_METRICS: Readonly<Record<string, string>> = {
  'instruction-follow': '5dedc41b',
  hallucination: 'hallucination',
  relevancy: 'relevancy',
  'appropriate-termination': 'appropriate-termination',
  csat: 'csat',
  sentiment: 'sentiment',
}

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

/** Null for a story that stays unevaluated. */
export async function readDemoResults(slug: string): Promise<DemoResults | null> {
  const path = `verdicts/${slug}.json`
  if (!existsSync(join(import.meta.dirname, path))) return null
  return DemoResults.parse(await readJson(path))
}

/**
 * Gives a demo call that has just been stored its results, as far as the project still has their metrics, and its review.
 * The job that every new call has decides the outcome.
 */
export async function storeDemoResults(
  trx: Transaction<Tables>,
  {
    call,
    found,
    now,
  }: {
    call: { id: number; projectId: number; startedAt: number }
    found: DemoResults
    now: number
  },
): Promise<void> {
  const segments = (await findEvaluationInput(trx, call.id))?.segments ?? []
  const verdicts: NewVerdict[] = []
  for (const [key, result] of Object.entries(found.results)) {
    const code = RECORDED_METRICS[key]
    if (code === undefined) throw new Error(`No metric of the catalogue is called ${key}`)
    const metric = await findMetricByCode(trx, { code, projectId: call.projectId })
    if (metric === null || metric.deletedAt !== null) continue
    const finding = toFinding(result, segments)
    verdicts.push({ ...finding, metricId: metric.id, source: 'recorded' })
  }
  await recordVerdicts(trx, { callId: call.id, verdicts, now })
  await addTags(trx, { callId: call.id, tags: found.tags })
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

function toFinding(result: DemoResult, segments: readonly Segment[]): Finding {
  const { explanation } = result
  const evidence = momentsIn(explanation).flatMap((second) => evidenceAt(second, segments))
  const said = { explanation, evidence }
  if ('score' in result) return scored({ ...said, score: result.score })
  if ('label' in result) return scored({ ...said, valueText: result.label })
  return answeredYesNo(result.passed, { ...said, confidence: result.confidence ?? null })
}

/** Seconds of the clock times such as `(00:28)` in a text, each once. */
function momentsIn(text: string): number[] {
  const seconds = [...text.matchAll(/\b(\d\d):(\d\d)\b/g)].map(
    ([, minutes, rest]) => Number(minutes) * 60 + Number(rest),
  )
  return [...new Set(seconds)]
}

/** What begins in that second. */
function evidenceAt(second: number, segments: readonly Segment[]): Evidence[] {
  const segmentIndex = segments.findIndex(
    ({ startSeconds }) => startSeconds !== null && Math.floor(startSeconds) === second,
  )
  const segment = segments[segmentIndex]
  if (!segment) return []
  const { startSeconds, endSeconds } = segment
  const quote = segment.kind === 'speech' ? segment.text : ''
  return [{ segmentIndex, quote, startSeconds, endSeconds, isFound: true, note: '' }]
}

async function readJson(path: string): Promise<unknown> {
  return JSON.parse(await readFile(join(import.meta.dirname, path), 'utf8')) as unknown
}
