import { listMarks } from '../store/category-marks.ts'
import { type CriticalCategory, findCategory } from '../store/critical-categories.ts'
import type { Connection } from '../store/database.ts'
import { listCurrentVerdicts } from '../store/verdicts.ts'

/** A category that the results of a call put a deviation into, or that stands as marked on it; null: neither. */
export async function findDeviation(
  db: Connection,
  { callId, categoryId }: { callId: number; categoryId: number },
): Promise<Pick<CriticalCategory, 'id' | 'name'> | null> {
  const results = (await listCurrentVerdicts(db, [callId])).get(callId) ?? []
  const found = results
    .flatMap(({ extra }) => extra.categories ?? [])
    .find(({ category_id }) => category_id === categoryId)
  if (found) return { id: categoryId, name: found.category }
  // A rerun may have found nothing any more: the mark can still be taken away.
  const marks = (await listMarks(db, [callId])).get(callId) ?? []
  if (!marks.some((mark) => mark.categoryId === categoryId)) return null
  return findCategory(db, categoryId)
}
