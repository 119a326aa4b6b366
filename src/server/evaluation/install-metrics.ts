import type { Transaction } from 'kysely'
import type { MetricSettings } from '#contract/metric.ts'
import type { RubricRule } from '#contract/rubric.ts'
import { type CatalogueEntry, PREDEFINED_METRICS } from '../catalogue/predefined-metrics.ts'
import {
  findMetricByCode,
  hasDefinedMetrics,
  insertMetric,
  type MetricRecord,
  restoreMetric,
} from '../store/metrics.ts'
import { findRubric, saveRubric } from '../store/rubrics.ts'
import type { Tables } from '../store/tables.ts'

/** Whose failure fails a call in a new project. Instruction Follow goes by the only published code. */
const RUBRIC_CODES = ['5dedc41b', 'hallucination', 'tool-call-success', 'appropriate-termination']

type Request = { projectId: number; codes: readonly string[]; author: string; now: number }

/**
 * Adds metrics of the catalogue to a project, in the catalogue's order; those it has stay as they are, deleted ones
 * come back. Unknown and unavailable codes are left out. Gives the metrics of the codes.
 */
export async function addPredefinedMetrics(
  trx: Transaction<Tables>,
  { codes, ...request }: Request,
): Promise<MetricRecord[]> {
  const wanted = PREDEFINED_METRICS.filter(
    ({ code, unavailable }) => codes.includes(code) && unavailable === null,
  )
  const added: MetricRecord[] = []
  for (const entry of wanted) added.push(await addOne(trx, { entry, ...request }))
  return added
}

type One = Omit<Request, 'codes'> & { entry: CatalogueEntry }

async function addOne(
  trx: Transaction<Tables>,
  { entry, projectId, author, now }: One,
): Promise<MetricRecord> {
  const { code, content, inputs } = entry
  const known = await findMetricByCode(trx, { code, projectId })
  if (known && known.deletedAt !== null) {
    return (await restoreMetric(trx, { id: known.id, projectId, now })) ?? known
  }
  if (known && known.version > 0) return known
  return insertMetric(trx, {
    projectId,
    code,
    settings: settingsOf(entry),
    content,
    isPredefined: true,
    inputs,
    wireType: '',
    author,
    now,
  })
}

function settingsOf({ name, direction, category, isOnByDefault }: CatalogueEntry): MetricSettings {
  return { name, direction, category, isEnabled: isOnByDefault, isSampled: false, agentIds: [] }
}

/**
 * Gives a project that never defined a metric those of the catalogue that it can compute, most of them on, and a rubric
 * where it has none. False where it had metrics already: what a person took away stays away.
 */
export async function installMetrics(
  trx: Transaction<Tables>,
  { projectId, now }: { projectId: number; now: number },
): Promise<boolean> {
  if (await hasDefinedMetrics(trx, projectId)) return false
  const codes = PREDEFINED_METRICS.map(({ code }) => code)
  const metrics = await addPredefinedMetrics(trx, { projectId, codes, author: 'Talktrack', now })
  const rubric = await findRubric(trx, projectId)
  if (rubric.rules.length === 0) {
    const rules = metrics.filter(({ code }) => RUBRIC_CODES.includes(code)).map(mustPass)
    await saveRubric(trx, { projectId, rubric: { logic: 'and', rules }, now })
  }
  return true
}

/** The rule of a yes-or-no metric whose no fails a call. */
export function mustPass({ id }: Pick<MetricRecord, 'id'>): RubricRule {
  return {
    metricId: id,
    operator: 'and',
    conditions: [{ field: 'score', op: 'eq', value: true }],
  }
}
