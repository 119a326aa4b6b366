import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { ApiKeyInput } from '#contract/access.ts'
import { settingsApi } from '#contract/settings-api.ts'
import { request } from './request.ts'

export const keyQueries = {
  all: () => ['keys'] as const,
  /** Newest first. */
  list: () =>
    queryOptions({
      queryKey: [...keyQueries.all(), 'list'] as const,
      queryFn: async ({ signal }) => (await request(settingsApi.listKeys, { signal })).items,
    }),
}

/** For administrators only; anyone else is answered with 403. */
export function useKeys() {
  return useQuery(keyQueries.list())
}

/** The answer's `key` is readable this once. It is kept in no cache. */
export function useCreateKey() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (body: ApiKeyInput) => request(settingsApi.createKey, { body }),
    gcTime: 0,
    onSuccess: () => client.invalidateQueries({ queryKey: keyQueries.all() }),
  })
}

export function useRevokeKey() {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (id: number) => request(settingsApi.revokeKey, { params: { id } }),
    onSuccess: (_answer, id) => {
      client.setQueryData(keyQueries.list().queryKey, (keys) =>
        keys?.filter((key) => key.id !== id),
      )
    },
    onSettled: () => client.invalidateQueries({ queryKey: keyQueries.all() }),
  })
}
