import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import { CategoryMark } from '#contract/review.ts'
import type { Connection } from './database.ts'
import { insertReviewEvent, type StoredEvent } from './review-events.ts'
import type { Tables } from './tables.ts'

const KeptMark = CategoryMark.extend({ eventId: z.int() })
type KeptMark = z.infer<typeof KeptMark>

/** The body of a category event. `set` null: the deviation counts again. `name` is the category's at the time. */
export const CategoryBody = z.object({
  categoryId: z.int(),
  name: z.string(),
  set: z.object({ feedback: z.string() }).nullable(),
  before: KeptMark.nullable(),
})

type Marked = {
  callId: number
  category: { id: number; name: string }
  reviewer: string
  now: number
}

/** Marks a category as wrongly found on a call; `set` null takes that back. Gives the event; null: it is so already. */
export async function markCategory(
  trx: Transaction<Tables>,
  { callId, category, set, reviewer, now }: Marked & { set: { feedback: string } | null },
): Promise<number | null> {
  const before = await findMark(trx, { callId, categoryId: category.id })
  if (before?.feedback === set?.feedback) return null
  const body = { categoryId: category.id, name: category.name, set, before }
  const eventId = await insertReviewEvent(trx, { kind: 'category', callId, reviewer, body, now })
  const createdAt = new Date(now).toISOString()
  const mark = set && { ...set, eventId, categoryId: category.id, reviewer, createdAt }
  await writeMark(trx, { callId, categoryId: category.id, mark, now })
  return eventId
}

/** Puts back what stood before a category event, which must be the one that stands. */
export async function restoreMark(
  trx: Transaction<Tables>,
  { event: { callId, body }, now }: { event: StoredEvent; now: number },
): Promise<void> {
  const { categoryId, before } = CategoryBody.parse(body)
  await writeMark(trx, { callId, categoryId, mark: before, now })
}

type MarkKey = { callId: number; categoryId: number }

async function writeMark(
  trx: Transaction<Tables>,
  { callId, categoryId, mark, now }: MarkKey & { mark: KeptMark | null; now: number },
): Promise<void> {
  await trx
    .deleteFrom('category_mark')
    .where('call_id', '=', callId)
    .where('category_id', '=', categoryId)
    .execute()
  if (mark !== null) {
    await trx
      .insertInto('category_mark')
      .values({
        call_id: callId,
        category_id: categoryId,
        event_id: mark.eventId,
        reviewer: mark.reviewer,
        feedback: mark.feedback,
        created_at: Date.parse(mark.createdAt),
      })
      .execute()
  }
  await trx.updateTable('call').set({ updated_at: now }).where('id', '=', callId).execute()
}

/** The marks that stand, of each of the given calls that has any: in the order of their categories. */
export async function listMarks(
  db: Connection,
  callIds: readonly number[],
): Promise<Map<number, CategoryMark[]>> {
  if (callIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('category_mark')
    .select(['call_id', ...MARK_COLUMNS])
    .where('call_id', 'in', callIds)
    .orderBy('call_id')
    .orderBy('category_id')
    .execute()
  const byCall = Map.groupBy(rows, (row) => row.call_id)
  return new Map([...byCall].map(([callId, own]) => [callId, own.map(toMark)]))
}

async function findMark(db: Connection, { callId, categoryId }: MarkKey): Promise<KeptMark | null> {
  const row = await db
    .selectFrom('category_mark')
    .select([...MARK_COLUMNS, 'event_id'])
    .where('call_id', '=', callId)
    .where('category_id', '=', categoryId)
    .executeTakeFirst()
  return row ? { ...toMark(row), eventId: row.event_id } : null
}

const MARK_COLUMNS = ['category_id', 'reviewer', 'feedback', 'created_at'] as const

type MarkRow = Pick<Selectable<Tables['category_mark']>, (typeof MARK_COLUMNS)[number]>

function toMark(row: MarkRow): CategoryMark {
  return {
    categoryId: row.category_id,
    feedback: row.feedback,
    reviewer: row.reviewer,
    createdAt: new Date(row.created_at).toISOString(),
  }
}
