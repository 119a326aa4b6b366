import type { Selectable, Transaction } from 'kysely'
import {
  type SavedView,
  type SavedViewChange,
  type SavedViewInput,
  ViewState,
  type ViewVisibility,
} from '#contract/view.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/**
 * What one person and what all together may keep in a project, deleted views not counted: so nobody uses up what others
 * need, and a list of views stays within 300 of them and 1.5 MB. `stateSize` is in characters of their states as JSON.
 */
export const VIEW_LIMITS = {
  own: { count: 100, stateSize: 500_000 },
  shared: { count: 200, stateSize: 1_000_000 },
} as const

/** Deleted views of one person in a project, beyond which the one that was deleted first goes for good. */
const MAX_DELETED = 100

/** How long a deleted view can be restored. */
const KEEP_DELETED_MS = 30 * 24 * 60 * 60_000

/** A view as it is kept, deleted or not. */
export type ViewRecord = {
  id: number
  projectId: number
  name: string
  visibility: ViewVisibility
  isPinned: boolean
  /** See `Visitor.owner`. */
  owner: string
  ownerName: string
  state: ViewState
  updatedAt: number
  isDeleted: boolean
}

/** What the visitor sees: the shared views and the visitor's own, pinned ones first, then by name. */
export async function listViews(
  db: Connection,
  { projectId, owner }: { projectId: number; owner: string },
): Promise<ViewRecord[]> {
  const rows = await db
    .selectFrom('saved_view')
    .select(VIEW_COLUMNS)
    .where('project_id', '=', projectId)
    .where('deleted_at', 'is', null)
    .where((eb) => eb.or([eb('visibility', '=', 'shared'), eb('owner', '=', owner)]))
    .orderBy('id')
    .limit(VIEW_LIMITS.own.count + VIEW_LIMITS.shared.count)
    .execute()
  const byName = new Intl.Collator('en', { numeric: true })
  return rows
    .map(toViewRecord)
    .toSorted(
      (a, b) =>
        Number(b.isPinned) - Number(a.isPinned) || byName.compare(a.name, b.name) || a.id - b.id,
    )
}

/** One view, also a deleted one that can be restored; null if there is none in the project. */
export async function findView(
  db: Connection,
  { id, projectId, now }: { id: number; projectId: number; now: number },
): Promise<ViewRecord | null> {
  const row = await db
    .selectFrom('saved_view')
    .select(VIEW_COLUMNS)
    .where('id', '=', id)
    .where('project_id', '=', projectId)
    .where((eb) =>
      eb.or([eb('deleted_at', 'is', null), eb('deleted_at', '>=', now - KEEP_DELETED_MS)]),
    )
    .executeTakeFirst()
  return row ? toViewRecord(row) : null
}

export type ViewUsage = { count: number; stateSize: number }

/** What is kept in a project, deleted views left out: by one person, or shared by anyone. */
export async function measureViews(
  db: Connection,
  { projectId, ...whose }: { projectId: number } & ({ owner: string } | { visibility: 'shared' }),
): Promise<ViewUsage> {
  const { count, stateSize } = await db
    .selectFrom('saved_view')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.sum<number | null>(fn('length', ['state'])).as('stateSize'),
    ])
    .where('project_id', '=', projectId)
    .where('deleted_at', 'is', null)
    .where((eb) =>
      'owner' in whose ? eb('owner', '=', whose.owner) : eb('visibility', '=', whose.visibility),
    )
    .executeTakeFirstOrThrow()
  return { count: Number(count), stateSize: Number(stateSize ?? 0) }
}

export type NewView = SavedViewInput & {
  projectId: number
  owner: string
  ownerName: string
  now: number
}

export async function insertView(trx: Transaction<Tables>, view: NewView): Promise<ViewRecord> {
  const row = await trx
    .insertInto('saved_view')
    .values({
      project_id: view.projectId,
      name: view.name,
      visibility: view.visibility,
      is_pinned: Number(view.isPinned),
      owner: view.owner,
      owner_name: view.ownerName,
      state: JSON.stringify(view.state),
      created_at: view.now,
      updated_at: view.now,
      deleted_at: null,
    })
    .returning(VIEW_COLUMNS)
    .executeTakeFirstOrThrow()
  return toViewRecord(row)
}

/** Changes the given parts. Who may is the caller's to ask. */
export async function updateView(
  trx: Transaction<Tables>,
  { id, change, now }: { id: number; change: SavedViewChange; now: number },
): Promise<ViewRecord> {
  const row = await trx
    .updateTable('saved_view')
    .set({
      updated_at: now,
      ...(change.name !== undefined && { name: change.name }),
      ...(change.visibility !== undefined && { visibility: change.visibility }),
      ...(change.isPinned !== undefined && { is_pinned: Number(change.isPinned) }),
      ...(change.state !== undefined && { state: JSON.stringify(change.state) }),
    })
    .where('id', '=', id)
    .returning(VIEW_COLUMNS)
    .executeTakeFirstOrThrow()
  return toViewRecord(row)
}

/** Hides a view until it is restored, or purged 30 days later, or after 100 others of its owner were deleted. */
export async function markViewDeleted(
  trx: Transaction<Tables>,
  { view: { id, projectId, owner }, now }: { view: ViewRecord; now: number },
): Promise<void> {
  await trx.updateTable('saved_view').set({ deleted_at: now }).where('id', '=', id).execute()
  const deleted = trx
    .selectFrom('saved_view')
    .select('id')
    .where('project_id', '=', projectId)
    .where('owner', '=', owner)
    .where('deleted_at', 'is not', null)
  const newest = deleted.orderBy('deleted_at', 'desc').orderBy('id', 'desc').limit(MAX_DELETED)
  await trx
    .deleteFrom('saved_view')
    .where('id', 'in', deleted)
    .where('id', 'not in', newest)
    .execute()
}

export async function unmarkViewDeleted(
  trx: Transaction<Tables>,
  { id, now }: { id: number; now: number },
): Promise<ViewRecord> {
  const row = await trx
    .updateTable('saved_view')
    .set({ deleted_at: null, updated_at: now })
    .where('id', '=', id)
    .returning(VIEW_COLUMNS)
    .executeTakeFirstOrThrow()
  return toViewRecord(row)
}

/** Removes for good what nobody can restore any more, in every project. */
export async function purgeDeletedViews(db: Connection, now: number): Promise<void> {
  await db
    .deleteFrom('saved_view')
    .where('deleted_at', '<', now - KEEP_DELETED_MS)
    .execute()
}

/** A view as a visitor sees it. */
export function toSavedView(view: ViewRecord, visitor: { owner: string }): SavedView {
  const { id, name, visibility, isPinned, owner, ownerName, state, updatedAt } = view
  return {
    id,
    name,
    visibility,
    isPinned,
    isOwn: owner === visitor.owner,
    ownerName,
    state,
    updatedAt: new Date(updatedAt).toISOString(),
  }
}

const VIEW_COLUMNS = [
  'id',
  'project_id',
  'name',
  'visibility',
  'is_pinned',
  'owner',
  'owner_name',
  'state',
  'updated_at',
  'deleted_at',
] as const

type ViewRow = Pick<Selectable<Tables['saved_view']>, (typeof VIEW_COLUMNS)[number]>

function toViewRecord(row: ViewRow): ViewRecord {
  return {
    id: row.id,
    projectId: row.project_id,
    name: row.name,
    visibility: row.visibility,
    isPinned: row.is_pinned === 1,
    owner: row.owner,
    ownerName: row.owner_name,
    state: ViewState.parse(JSON.parse(row.state)),
    updatedAt: row.updated_at,
    isDeleted: row.deleted_at !== null,
  }
}
