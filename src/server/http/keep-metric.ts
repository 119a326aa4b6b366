import type { Transaction } from 'kysely'
import type { MetricContent, MetricInputKind, MetricSettings } from '#contract/metric.ts'
import { PREDEFINED_METRICS } from '../catalogue/predefined-metrics.ts'
import { mustPass } from '../evaluation/install-metrics.ts'
import {
  countFreeMetrics,
  insertMetric,
  type MetricRecord,
  MOST_METRICS,
} from '../store/metrics.ts'
import { findRubric, saveRubric } from '../store/rubrics.ts'
import type { Tables } from '../store/tables.ts'
import { HttpProblem } from './http-problem.ts'

type Author = { projectId: number; author: string; now: number }

type NewMetric = Author & {
  settings: MetricSettings
  content: MetricContent
  wireType: string
  addsToRubric: boolean
}

/** Makes a metric of one's own, with a rule in the rubric where one is wanted. */
export async function addMetric(
  trx: Transaction<Tables>,
  { addsToRubric, content, ...described }: NewMetric,
): Promise<MetricRecord> {
  await refuseFullProject(trx, { projectId: described.projectId, newCount: 1 })
  const metric = await insertMetric(trx, {
    ...described,
    content,
    code: null,
    isPredefined: false,
    ...inputsOf(content),
  })
  if (addsToRubric) await addRule(trx, { ...described, metric })
  return metric
}

/** Throws 400 where a project has no room for so many metrics more. */
export async function refuseFullProject(
  trx: Transaction<Tables>,
  { projectId, newCount }: { projectId: number; newCount: number },
): Promise<void> {
  if (newCount <= (await countFreeMetrics(trx, projectId))) return
  throw new HttpProblem(400, {
    detail: `A project has at most ${MOST_METRICS} metrics. Delete some that are not needed.`,
  })
}

/** What a function of the catalogue looks at; of what the user wrote his kind of metric says it. */
function inputsOf({ functionName }: MetricContent): { inputs?: MetricInputKind[] } {
  if (functionName === null) return {}
  const entry = PREDEFINED_METRICS.find(({ content }) => content.functionName === functionName)
  return entry ? { inputs: entry.inputs } : {}
}

/** From now on a no of this metric fails a call. A metric that the rubric knows already keeps its rules. */
export async function addRule(
  trx: Transaction<Tables>,
  { metric, projectId, now }: { metric: MetricRecord } & Pick<Author, 'projectId' | 'now'>,
): Promise<void> {
  const rubric = await findRubric(trx, projectId)
  if (rubric.rules.some(({ metricId }) => metricId === metric.id)) return
  const rules = [...rubric.rules, mustPass(metric)]
  await saveRubric(trx, { projectId, rubric: { ...rubric, rules }, now })
}
