import type { Selectable, Transaction } from 'kysely'
import { type CallComment, type CallCommentInput, MAX_COMMENTS } from '#contract/comment.ts'
import type { Connection } from './database.ts'
import { isSeenComment } from './seen-comments.ts'
import type { Tables } from './tables.ts'

/** How long a deleted comment can be restored. */
const KEEP_DELETED_MS = 30 * 24 * 60 * 60_000

/** A comment as it is kept, deleted or not. */
export type CommentRecord = Omit<CallComment, 'isOwn' | 'createdAt' | 'updatedAt'> & {
  /** See `Visitor.owner`. */
  owner: string
  createdAt: number
  updatedAt: number
  isDeleted: boolean
}

/**
 * The comments of a call, at most `MAX_COMMENTS`: threads by second and then by segment, those on the whole call first,
 * each followed by its replies, oldest first. A reply goes unseen with its thread.
 */
export async function listComments(db: Connection, callId: number): Promise<CommentRecord[]> {
  const rows = await db
    .selectFrom('call_comment')
    .select(COMMENT_COLUMNS)
    .where('call_id', '=', callId)
    .where(isSeenComment())
    // Nulls come first.
    .orderBy('at_ms')
    .orderBy('segment_index')
    .orderBy('id')
    .execute()
  return inThreads(rows).map(toCommentRecord).slice(0, MAX_COMMENTS)
}

/** Each reply after its thread; the order of the threads, and of the replies to one, is kept. */
function inThreads(rows: readonly CommentRow[]): CommentRow[] {
  const replies = Map.groupBy(rows, (row) => row.parent_id)
  return (replies.get(null) ?? []).flatMap((thread) => [thread, ...(replies.get(thread.id) ?? [])])
}

/** One comment, also a deleted one that can be restored; null if there is none in the project. */
export async function findComment(
  db: Connection,
  { id, projectId, now }: { id: number; projectId: number; now: number },
): Promise<CommentRecord | null> {
  const row = await db
    .selectFrom('call_comment')
    .innerJoin('call', 'call.id', 'call_comment.call_id')
    .select(COMMENT_COLUMNS.map((name) => `call_comment.${name}` as const))
    .where('call_comment.id', '=', id)
    .where('call.project_id', '=', projectId)
    .where((eb) =>
      eb.or([
        eb('call_comment.deleted_at', 'is', null),
        eb('call_comment.deleted_at', '>=', now - KEEP_DELETED_MS),
      ]),
    )
    .executeTakeFirst()
  return row ? toCommentRecord(row) : null
}

/** Of a call's transcript; 0 if there is no such call. */
export async function countSegments(db: Connection, callId: number): Promise<number> {
  const row = await db
    .selectFrom('call')
    .select('segment_count')
    .where('id', '=', callId)
    .executeTakeFirst()
  return row?.segment_count ?? 0
}

type NewComment = CallCommentInput & {
  callId: number
  owner: string
  author: string
  now: number
}

/** Null, with nothing done, where the call holds `MAX_COMMENTS` already. */
export async function insertComment(
  trx: Transaction<Tables>,
  comment: NewComment,
): Promise<CommentRecord | null> {
  if ((await countComments(trx, comment.callId)).seenCount >= MAX_COMMENTS) return null
  const row = await trx
    .insertInto('call_comment')
    .values({
      call_id: comment.callId,
      parent_id: comment.parentId,
      owner: comment.owner,
      author: comment.author,
      text: comment.text,
      at_ms: comment.atSeconds === null ? null : Math.round(comment.atSeconds * 1000),
      segment_index: comment.segmentIndex,
      resolved_at: null,
      resolved_by: '',
      created_at: comment.now,
      updated_at: comment.now,
      deleted_at: null,
    })
    .returning(COMMENT_COLUMNS)
    .executeTakeFirstOrThrow()
  await recount(trx, { callId: comment.callId, now: comment.now })
  return toCommentRecord(row)
}

type CommentChange = {
  text?: string | undefined
  isResolved?: boolean | undefined
  /** Who resolves, where somebody does. */
  resolver: string
  now: number
}

/** Changes the given parts; what stands already, also who resolved, stays as it is. Who may is the caller's to ask. */
export async function updateComment(
  trx: Transaction<Tables>,
  comment: CommentRecord,
  { text, isResolved, resolver, now }: CommentChange,
): Promise<CommentRecord> {
  const isEdited = text !== undefined && text !== comment.text
  const isTurned = isResolved !== undefined && isResolved !== comment.isResolved
  if (!isEdited && !isTurned) return comment
  const row = await trx
    .updateTable('call_comment')
    .set({
      ...(isEdited && { text, updated_at: now }),
      ...(isTurned && {
        resolved_at: isResolved ? now : null,
        resolved_by: isResolved ? resolver : '',
      }),
    })
    .where('id', '=', comment.id)
    .returning(COMMENT_COLUMNS)
    .executeTakeFirstOrThrow()
  await recount(trx, { callId: comment.callId, now })
  return toCommentRecord(row)
}

type CommentPlace = { id: number; callId: number }

/** Hides a comment, and with a thread its replies, until it is restored; after 30 days it may go for good. */
export async function markCommentDeleted(
  trx: Transaction<Tables>,
  { id, callId, now }: CommentPlace & { now: number },
): Promise<void> {
  await trx.updateTable('call_comment').set({ deleted_at: now }).where('id', '=', id).execute()
  await purgeDeleted(trx, { callId, now })
  await recount(trx, { callId, now })
}

/** Takes all comments of a call away for good. The call's counts are the caller's to write. */
export async function deleteComments(trx: Transaction<Tables>, callId: number): Promise<void> {
  await trx.deleteFrom('call_comment').where('call_id', '=', callId).execute()
}

/** Null, with nothing done, where the call would then hold more than `MAX_COMMENTS`. */
export async function unmarkCommentDeleted(
  trx: Transaction<Tables>,
  { id, callId, now }: CommentPlace & { now: number },
): Promise<CommentRecord | null> {
  const { seenCount } = await countComments(trx, callId)
  if (seenCount + 1 + (await countReplies(trx, { id, callId })) > MAX_COMMENTS) return null
  const row = await trx
    .updateTable('call_comment')
    .set({ deleted_at: null })
    .where('id', '=', id)
    .returning(COMMENT_COLUMNS)
    .executeTakeFirstOrThrow()
  await recount(trx, { callId, now })
  return toCommentRecord(row)
}

async function countReplies(
  trx: Transaction<Tables>,
  { id, callId }: CommentPlace,
): Promise<number> {
  const { count } = await trx
    .selectFrom('call_comment')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('call_id', '=', callId)
    .where('parent_id', '=', id)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** Removes for good what nobody can restore any more, with the replies to it. */
async function purgeDeleted(
  trx: Transaction<Tables>,
  { callId, now }: { callId: number; now: number },
): Promise<void> {
  const outdated = trx
    .selectFrom('call_comment as old')
    .select('old.id')
    .where('old.call_id', '=', callId)
    .where('old.deleted_at', '<', now - KEEP_DELETED_MS)
  await trx
    .deleteFrom('call_comment')
    .where('call_id', '=', callId)
    .where((eb) => eb.or([eb('id', 'in', outdated), eb('parent_id', 'in', outdated)]))
    .execute()
}

/** Writes the call's counts, and that it has changed: open pages then read its comments again. */
async function recount(
  trx: Transaction<Tables>,
  { callId, now }: { callId: number; now: number },
): Promise<void> {
  const { seenCount, openCount } = await countComments(trx, callId)
  await trx
    .updateTable('call')
    .set({ comment_count: seenCount, open_comment_count: openCount, updated_at: now })
    .where('id', '=', callId)
    .execute()
}

/** Of a call: the comments that are seen, and the threads among them that are not resolved. */
async function countComments(
  db: Connection,
  callId: number,
): Promise<{ seenCount: number; openCount: number }> {
  const { seen, open } = await db
    .selectFrom('call_comment')
    .select(({ fn }) => [
      fn.countAll<number>().as('seen'),
      fn
        .countAll<number>()
        .filterWhere('call_comment.parent_id', 'is', null)
        .filterWhere('call_comment.resolved_at', 'is', null)
        .as('open'),
    ])
    .where('call_id', '=', callId)
    .where(isSeenComment())
    .executeTakeFirstOrThrow()
  return { seenCount: Number(seen), openCount: Number(open) }
}

/** A comment as a visitor sees it. */
export function toCallComment(
  { owner, isDeleted, createdAt, updatedAt, ...comment }: CommentRecord,
  visitor: { owner: string },
): CallComment {
  return {
    ...comment,
    isOwn: owner === visitor.owner,
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  }
}

const COMMENT_COLUMNS = [
  'id',
  'call_id',
  'parent_id',
  'owner',
  'author',
  'text',
  'at_ms',
  'segment_index',
  'resolved_at',
  'resolved_by',
  'created_at',
  'updated_at',
  'deleted_at',
] as const

type CommentRow = Pick<Selectable<Tables['call_comment']>, (typeof COMMENT_COLUMNS)[number]>

function toCommentRecord(row: CommentRow): CommentRecord {
  return {
    id: row.id,
    callId: row.call_id,
    parentId: row.parent_id,
    owner: row.owner,
    author: row.author,
    text: row.text,
    atSeconds: row.at_ms === null ? null : row.at_ms / 1000,
    segmentIndex: row.segment_index,
    isResolved: row.resolved_at !== null,
    resolvedBy: row.resolved_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    isDeleted: row.deleted_at !== null,
  }
}
