import { type ChangePoint, listChangedCalls } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { type ChangeFeed, createLiveFeed, type LiveFeed } from './live-feed.ts'

const PAGE_SIZE = 500
/**
 * Processes stamp a change before they commit it: one that was stamped earlier may appear later. A write waits for
 * another process's lock for up to 5 s, the busy timeout of the database; the rest is for the commit itself.
 */
const LOOK_BACK_MS = 6_000

/** Tells listeners the ids of new and changed calls of their project. */
export function watchCalls({
  database,
  clock,
  onError,
}: {
  database: Database
  clock: () => number
  onError: (error: unknown) => void
}): LiveFeed<number> {
  return createLiveFeed({
    onError,
    openFeed: (projectId) => openChangeFeed({ database, projectId, now: clock() }),
  })
}

/** The ids of calls that changed since the last time `next` was asked, each change once. */
function openChangeFeed({
  database,
  projectId,
  now,
}: {
  database: Database
  projectId: number
  now: number
}): ChangeFeed<number> {
  const told = new Map<number, number>()
  let newest = now
  return {
    next: async () => {
      const from = newest - LOOK_BACK_MS
      const found = await listAllChanges(database, { after: { updatedAt: from, id: 0 }, projectId })
      const changes = found.filter(({ id, updatedAt }) => told.get(id) !== updatedAt)
      newest = found.at(-1)?.updatedAt ?? newest
      remember(told, { changes, olderThan: newest - LOOK_BACK_MS })
      return changes.map(({ id }) => id)
    },
  }
}

/** Every change after a point, page by page: an import changes thousands at once. */
async function listAllChanges(
  { reader }: Database,
  { after, projectId }: { after: ChangePoint; projectId: number },
): Promise<ChangePoint[]> {
  const all: ChangePoint[] = []
  for (;;) {
    const last = all.at(-1) ?? after
    const page = await listChangedCalls(reader, { after: last, projectId, limit: PAGE_SIZE })
    all.push(...page)
    if (page.length < PAGE_SIZE) return all
  }
}

/** Keeps which changes were told, as far back as they can be found again. */
function remember(
  told: Map<number, number>,
  { changes, olderThan }: { changes: readonly ChangePoint[]; olderThan: number },
): void {
  for (const { id, updatedAt } of changes) told.set(id, updatedAt)
  for (const [id, updatedAt] of told) if (updatedAt < olderThan) told.delete(id)
}
