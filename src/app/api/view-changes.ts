import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '#contract/api.ts'
import type { SavedView, SavedViewChange, SavedViewInput } from '#contract/view.ts'
import { request } from './request.ts'
import { viewQueries } from './views.ts'

// Apart from the queries: every page reads the views, and only dialogs and menus change them.

/** The answer is the kept view, with its id. */
export function useCreateView() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: SavedViewInput) => request(api.createView, { body }),
    onSuccess: (view) => {
      setViews(client, (views) => [...views.filter(({ id }) => id !== view.id), view])
      return client.invalidateQueries({ queryKey: viewQueries.all() })
    },
  })
}

/** Shows the change at once and takes it back if the server refuses. */
export function useChangeView() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ id, change }: { id: number; change: SavedViewChange }) =>
      request(api.changeView, { params: { id }, body: change }),
    onMutate: async ({ id, change }) => {
      const before = await stopReading(client)
      setViews(client, (views) =>
        views.map((view) => (view.id === id ? { ...view, ...change } : view)),
      )
      return { before }
    },
    onError: (_error, _input, context) => restore(client, context?.before),
    onSettled: () => client.invalidateQueries({ queryKey: viewQueries.all() }),
  })
}

/** The view leaves the list at once and comes back if the server refuses. */
export function useDeleteView() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(api.deleteView, { params: { id } }),
    onMutate: async (id) => {
      const before = await stopReading(client)
      setViews(client, (views) => views.filter((view) => view.id !== id))
      return { before }
    },
    onError: (_error, _id, context) => restore(client, context?.before),
    onSettled: () => client.invalidateQueries({ queryKey: viewQueries.all() }),
  })
}

export function useRestoreView() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(api.restoreView, { params: { id } }),
    onSuccess: () => client.invalidateQueries({ queryKey: viewQueries.all() }),
  })
}

/** An answer that is on its way would undo what is shown ahead of the server. Resolves with what is shown now. */
async function stopReading(client: QueryClient) {
  const { queryKey } = viewQueries.list()
  await client.cancelQueries({ queryKey })
  return client.getQueryData(queryKey)
}

function setViews(client: QueryClient, change: (views: SavedView[]) => SavedView[]) {
  client.setQueryData(viewQueries.list().queryKey, (views) => views && change(views))
}

function restore(client: QueryClient, before: SavedView[] | undefined) {
  client.setQueryData(viewQueries.list().queryKey, before)
}
