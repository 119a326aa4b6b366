import type { Transaction } from 'kysely'
import { foldCase } from '#contract/fold-case.ts'
import { answeredYesNo } from '#contract/metric-result.ts'
import { ensureCategories } from '../store/critical-categories.ts'
import type { Tables } from '../store/tables.ts'
import type { Judged } from './judge-tools.ts'

/** Gives the categories of deviations their numbers, new ones too; the same name is the same category next time. */
export async function keepCategories(
  trx: Transaction<Tables>,
  { found, now }: { found: readonly Judged[]; now: number },
): Promise<Judged[]> {
  const kept: Judged[] = []
  for (const judged of found) {
    kept.push(judged.deviations.length === 0 ? judged : await numbered(trx, { judged, now }))
  }
  return kept
}

async function numbered(
  trx: Transaction<Tables>,
  { judged, now }: { judged: Judged; now: number },
): Promise<Judged> {
  const { metric, finding, deviations } = judged
  const categories = deviations.map(({ category, priority }) => ({ name: category, priority }))
  const known = await ensureCategories(trx, { metricId: metric.id, categories, now })
  const byName = new Map(known.map((category) => [foldCase(category.name), category]))
  const entries = deviations.flatMap(({ category, deviation }) => {
    const own = byName.get(foldCase(category))
    if (!own) return []
    return [{ category_id: own.id, category: own.name, deviation, priority: own.priority }]
  })
  // Another call may have given a new category its priority since the judge was asked.
  const isFine = entries.every(({ priority }) => priority !== 'critical')
  const { score, passed } = answeredYesNo(isFine, {})
  const extra = { ...finding.extra, categories: entries }
  return { ...judged, finding: { ...finding, score, passed, extra } }
}
