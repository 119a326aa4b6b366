import { keepPreviousData, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { api } from '#contract/api.ts'
import type { CallSelection } from '#contract/call.ts'
import { filterApi } from '#contract/filter-api.ts'
import { type CallPages, withChangedRow } from './call-rows.ts'
import { callQueries } from './calls.ts'
import { request } from './request.ts'

const TAGS_KEY = ['change-tags'] as const

type TagSearch = {
  contains: string
  /** Whose tags: all that exist by default. */
  selection?: CallSelection
}

export const tagQueries = {
  /** The most frequent tags that contain a text, with how many calls have them. */
  list: ({ contains, selection = {} }: TagSearch) =>
    queryOptions({
      queryKey: [...callQueries.all(), 'tags', contains, selection] as const,
      queryFn: async ({ signal }) => {
        const query = { ...selection, field: 'tag', contains, limit: 20 }
        const { values } = await request(filterApi.getFacet, { query, signal })
        // Null stands for calls without a tag.
        return values.flatMap(({ value, count }) =>
          value === null ? [] : [{ value: String(value), count }],
        )
      },
      placeholderData: keepPreviousData,
    }),
}

export type TagChange = { id: number; add: readonly string[]; remove: readonly string[] }

/** The tags change at once, in the call and in every list, and change back if the server refuses. */
export function useChangeTags() {
  const client = useQueryClient()
  const put = (id: number, tags: readonly string[]) => {
    client.setQueryData(
      callQueries.detail(id).queryKey,
      (call) => call && { ...call, tags: [...tags] },
    )
    client.setQueriesData<CallPages>(
      { queryKey: callQueries.lists() },
      (pages) => pages && withChangedRow(pages, id, (row) => ({ ...row, tags: [...tags] })),
    )
  }
  return useMutation({
    mutationKey: TAGS_KEY,
    mutationFn: ({ id, add, remove }: TagChange) =>
      request(api.changeTags, { params: { id }, body: { add: [...add], remove: [...remove] } }),
    // One after the other: the last answer is then the last change.
    scope: { id: 'tags' },
    onMutate: async ({ id, add, remove }) => {
      const { queryKey } = callQueries.detail(id)
      await client.cancelQueries({ queryKey })
      const before = client.getQueryData(queryKey)?.tags
      if (before) put(id, withTags(before, { add, remove }))
    },
    onError: (_error, { id, add, remove }) => {
      // Only this change is taken back: others may have been made since.
      const now = client.getQueryData(callQueries.detail(id).queryKey)?.tags
      if (now) put(id, withTags(now, { add: remove, remove: add }))
    },
    onSuccess: ({ tags }, { id }) => {
      const isLast = client.isMutating({ mutationKey: TAGS_KEY }) === 1
      if (isLast) put(id, tags)
    },
    onSettled: () => client.invalidateQueries({ queryKey: callQueries.counts() }),
  })
}

/** In alphabetical order, as the server has them. */
export function withTags(
  tags: readonly string[],
  { add, remove }: Pick<TagChange, 'add' | 'remove'>,
): string[] {
  const kept = tags.filter((tag) => !remove.includes(tag) && !add.includes(tag))
  return [...kept, ...add].toSorted((a, b) => (a < b ? -1 : 1))
}
