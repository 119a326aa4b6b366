import { type ChangePoint, listChangedCalls } from '../store/calls.ts'
import type { Database } from '../store/database.ts'

const POLL_MS = 1_000
const MAX_CHANGES = 500

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
    let since: ChangePoint = { updatedAt: clock(), id: 0 }
    let isAsking = false
    const ask = async () => {
      if (isAsking) return
      isAsking = true
      try {
        const query = { after: since, projectId, limit: MAX_CHANGES }
        const changes = await listChangedCalls(database.reader, query)
        since = changes.at(-1) ?? since
        if (changes.length === 0) return
        const ids = changes.map(({ id }) => id)
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
