import type { BulkAction } from '#contract/bulk-action.ts'
import { listBulkActions, toBulkAction } from '../store/bulk-actions.ts'
import type { Database } from '../store/database.ts'
import { type ChangeFeed, createLiveFeed, type LiveFeed } from './live-feed.ts'

/** Tells listeners which of their project's newest bulk actions moved, with how far they are. */
export function watchBulkActions({
  database,
  onError,
}: {
  database: Database
  onError: (error: unknown) => void
}): LiveFeed<BulkAction> {
  return createLiveFeed({ onError, openFeed: (projectId) => openFeed(database, projectId) })
}

/** At first those that go on; then each time what differs from what was told. */
function openFeed(database: Database, projectId: number): ChangeFeed<BulkAction> {
  let told: ReadonlyMap<number, string> | null = null
  return {
    next: async () => {
      const actions = (await listBulkActions(database.reader, projectId)).map(toBulkAction)
      const before = told
      told = new Map(actions.map((action) => [action.id, JSON.stringify(action)]))
      return actions.filter((action) =>
        before === null ? isGoingOn(action) : before.get(action.id) !== told?.get(action.id),
      )
    },
  }
}

function isGoingOn({ state }: BulkAction): boolean {
  return state === 'running' || state === 'undoing'
}
