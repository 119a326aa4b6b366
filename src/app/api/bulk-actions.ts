import {
  type QueryClient,
  queryOptions,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query'
import { api } from '#contract/api.ts'
import type { BulkAction, BulkActionInput } from '#contract/bulk-action.ts'
import type { CallPages } from './call-rows.ts'
import { callQueries } from './calls.ts'
import { isChannelOpen } from './live-calls.ts'
import { request } from './request.ts'

/** Between two looks while something runs and the live channel is blocked. */
const POLL_MS = 700
/** As above while the channel tells of every step: one may have been lost. */
const SLOW_POLL_MS = 5000
/** As many as the server lists. */
const MOST_LISTED = 20
/** Rows of a list that are read again when an action has ended; a longer list is cut, and loads on from there. */
const PAGES_READ_AGAIN = 4

/** Tells this browser's other tabs that something was started, cancelled or undone here. */
const otherTabs = new BroadcastChannel('talktrack.bulk-actions')

export const bulkActionQueries = {
  all: () => ['bulk-actions'] as const,
  /** Newest first, at most 20. Asked again and again only while something runs. */
  list: () =>
    queryOptions({
      queryKey: [...bulkActionQueries.all(), 'list'] as const,
      queryFn: async ({ signal }) => (await request(api.listBulkActions, { signal })).items,
      refetchInterval: ({ state }) => {
        if (!state.data?.some(isGoingOn)) return false
        return isChannelOpen() ? SLOW_POLL_MS : POLL_MS
      },
    }),
}

export function isGoingOn({ state }: Pick<BulkAction, 'state'>): boolean {
  return state === 'running' || state === 'undoing'
}

export function useBulkActions() {
  return useQuery(bulkActionQueries.list())
}

/** Calls back when another tab of this browser has started or changed an action. Returns how to stop. */
export function listenToOtherTabs(onChange: () => void): () => void {
  otherTabs.addEventListener('message', onChange)
  return () => otherTabs.removeEventListener('message', onChange)
}

export function useStartBulkAction() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: BulkActionInput) => request(api.startBulkAction, { body }),
    onSuccess: (action) => putAction(client, action),
  })
}

export function useCancelBulkAction() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(api.cancelBulkAction, { params: { id } }),
    onSuccess: (action) => putAction(client, action),
    onError: () => client.invalidateQueries({ queryKey: bulkActionQueries.all() }),
  })
}

export function useUndoBulkAction() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(api.undoBulkAction, { params: { id } }),
    onSuccess: (action) => putAction(client, action),
    onError: () => client.invalidateQueries({ queryKey: bulkActionQueries.all() }),
  })
}

/** A new action for the calls on which a rerun failed. */
export function useRetryBulkAction() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(api.retryBulkAction, { params: { id } }),
    onSuccess: (action) => putAction(client, action),
  })
}

/** What the live channel told, into the list: newer states, and actions that others have started. */
export function putMovedActions(client: QueryClient, moved: readonly BulkAction[]) {
  client.setQueryData(
    bulkActionQueries.list().queryKey,
    (actions) => actions && withMovedActions(actions, moved),
  )
}

/** Newest first, at most 20. What has ended goes on only to be undone: an older word of it came late. */
export function withMovedActions(
  actions: readonly BulkAction[],
  moved: readonly BulkAction[],
): BulkAction[] {
  const byId = new Map(actions.map((action) => [action.id, action]))
  for (const action of moved) {
    const before = byId.get(action.id)
    const isLate = before && !isGoingOn(before) && action.state === 'running'
    if (!isLate) byId.set(action.id, action)
  }
  return [...byId.values()].sort((a, b) => b.id - a.id).slice(0, MOST_LISTED)
}

/** Reads everything about calls again, after many of them have changed. */
export function refreshCalls(client: QueryClient): Promise<void> {
  // A list is read again page by page, so a long one would ask for hundreds.
  client.setQueriesData<CallPages>({ queryKey: callQueries.lists() }, (list) => {
    if (!list || list.pages.length <= PAGES_READ_AGAIN) return list
    return {
      pages: list.pages.slice(0, PAGES_READ_AGAIN),
      pageParams: list.pageParams.slice(0, PAGES_READ_AGAIN),
    }
  })
  return client.invalidateQueries({ queryKey: callQueries.all() })
}

function putAction(client: QueryClient, action: BulkAction) {
  client.setQueryData(bulkActionQueries.list().queryKey, (actions) => [
    action,
    ...(actions ?? []).filter(({ id }) => id !== action.id),
  ])
  otherTabs.postMessage('changed')
  // Not waited for: who started it must know so before the next look may say that it has ended.
  void client.invalidateQueries({ queryKey: bulkActionQueries.all() })
}
