import { type ChangePoint, listChangedCalls } from '../store/calls.ts'
import type { Database } from '../store/database.ts'

const POLL_MS = 1_000
const PAGE_SIZE = 500
/**
 * Processes stamp a change before they commit it: one that was stamped earlier may appear later. A write waits for
 * another process's lock for up to 5 s, the busy timeout of the database; the rest is for the commit itself.
 */
const LOOK_BACK_MS = 6_000

type Listener = (ids: number[]) => void

export type LiveCalls = {
  /** Calls `listener` with the ids of new and changed calls until the returned function is called. */
  readonly subscribe: (projectId: number, listener: Listener) => () => void
  readonly stop: () => void
}

/**
 * Watches a project's calls for its listeners by asking the database once a second, and not at all while nobody
 * listens. So calls that other processes store arrive too, whatever the database.
 */
export function watchCalls({
  database,
  clock,
  onError,
}: {
  database: Database
  clock: () => number
  onError: (error: unknown) => void
}): LiveCalls {
  const watchers = new Map<number, { listeners: Set<Listener>; timer: NodeJS.Timeout }>()

  const startWatching = (projectId: number) => {
    const listeners = new Set<Listener>()
    const feed = openChangeFeed({ database, projectId, now: clock() })
    let isAsking = false
    const ask = async () => {
      if (isAsking) return
      isAsking = true
      try {
        const ids = await feed.next()
        if (ids.length === 0) return
        for (const listener of listeners) listener(ids)
      } catch (error) {
        onError(error)
      } finally {
        isAsking = false
      }
    }
    const timer = setInterval(() => void ask(), POLL_MS)
    const watcher = { listeners, timer }
    watchers.set(projectId, watcher)
    return watcher
  }

  return {
    subscribe: (projectId, listener) => {
      const { listeners, timer } = watchers.get(projectId) ?? startWatching(projectId)
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size > 0) return
        clearInterval(timer)
        watchers.delete(projectId)
      }
    },
    stop: () => {
      for (const { timer } of watchers.values()) clearInterval(timer)
      watchers.clear()
    },
  }
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
}): { next: () => Promise<number[]> } {
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
