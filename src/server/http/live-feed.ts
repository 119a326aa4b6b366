const POLL_MS = 1_000

/** Changes of one project since they were asked for last. */
export type ChangeFeed<Change> = { next: () => Promise<Change[]> }

type Listener<Change> = (changes: Change[]) => void

export type LiveFeed<Change> = {
  /** Calls `listener` with what changed, at most once a second, until the returned function is called. */
  readonly subscribe: (projectId: number, listener: Listener<Change>) => () => void
  readonly stop: () => void
}

type LiveFeedOptions<Change> = {
  openFeed: (projectId: number) => ChangeFeed<Change>
  onError: (error: unknown) => void
}

/**
 * Watches projects for their listeners by asking the database once a second, and not at all while nobody listens. So
 * changes by other processes arrive too, whatever the database.
 */
export function createLiveFeed<Change>({
  openFeed,
  onError,
}: LiveFeedOptions<Change>): LiveFeed<Change> {
  const watchers = new Map<number, { listeners: Set<Listener<Change>>; timer: NodeJS.Timeout }>()

  const startWatching = (projectId: number) => {
    const listeners = new Set<Listener<Change>>()
    const feed = openFeed(projectId)
    let isAsking = false
    const ask = async () => {
      if (isAsking) return
      isAsking = true
      try {
        const changes = await feed.next()
        if (changes.length === 0) return
        for (const listener of listeners) listener(changes)
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
