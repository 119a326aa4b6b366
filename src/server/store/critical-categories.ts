import type { Selectable, Transaction } from 'kysely'
import { foldCase } from '#contract/fold-case.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** What kind of deviation from its instructions an agent shows, and how bad that kind is. */
export type CriticalCategory = Pick<
  Selectable<Tables['critical_category']>,
  'id' | 'name' | 'priority'
>

/** In the order in which they were found. */
export async function listCategories(
  db: Connection,
  metricId: number,
): Promise<CriticalCategory[]> {
  return await db
    .selectFrom('critical_category')
    .select(['id', 'name', 'priority'])
    .where('metric_id', '=', metricId)
    .orderBy('id')
    .execute()
}

export async function findCategory(db: Connection, id: number): Promise<CriticalCategory | null> {
  const row = await db
    .selectFrom('critical_category')
    .select(['id', 'name', 'priority'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/**
 * The categories of the given names, in their order and each once, made where there is none. Upper and lower case are
 * the same, and a category that is known keeps its spelling and priority.
 */
export async function ensureCategories(
  trx: Transaction<Tables>,
  {
    metricId,
    categories,
    now,
  }: {
    metricId: number
    categories: readonly Omit<CriticalCategory, 'id'>[]
    now: number
  },
): Promise<CriticalCategory[]> {
  const known = new Map<string, CriticalCategory>()
  for (const category of await listCategories(trx, metricId)) {
    known.set(foldCase(category.name), category)
  }
  const found = new Set<CriticalCategory>()
  for (const { name, priority } of categories) {
    const key = foldCase(name)
    const category =
      known.get(key) ?? (await insertCategory(trx, { metricId, name, priority, now }))
    known.set(key, category)
    found.add(category)
  }
  return [...found]
}

async function insertCategory(
  trx: Transaction<Tables>,
  {
    metricId,
    name,
    priority,
    now,
  }: Omit<CriticalCategory, 'id'> & { metricId: number; now: number },
): Promise<CriticalCategory> {
  const { id } = await trx
    .insertInto('critical_category')
    .values({ metric_id: metricId, name, priority, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return { id, name, priority }
}
