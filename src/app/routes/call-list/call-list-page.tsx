import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { CallListQuery } from '#contract/call.ts'
import { callQueries } from '../../api/calls.ts'
import { countOf } from '../../format/count.ts'
import { LoadError } from '../../ui/load-error.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { callListSearch, nextSort } from './call-list-url.ts'
import { CallRows } from './call-rows.tsx'
import { QuickFilters } from './quick-filters.tsx'
import { SearchBox } from './search-box.tsx'
import { useCallListQuery } from './use-call-list-query.ts'
import { useCallPages } from './use-call-pages.ts'
import { useColumnPreferences } from './use-column-preferences.ts'
import { ViewOptions } from './view-options.tsx'

const NO_FILTER: CallListQuery = { search: undefined, status: undefined, agentId: undefined }

/** Every call, newest first, as far as search, filters and order in the URL let it through. */
export function CallListPage() {
  const { query, change } = useCallListQuery()
  const { list, rows } = useCallPages(query)
  const shownQuery = useShownQuery({ query, isWaiting: list.isPlaceholderData })
  const count = useQuery({ ...callQueries.count(query), enabled: list.data !== undefined })
  const columns = useColumnPreferences()

  return (
    <main className="flex h-full min-w-0 flex-col">
      <header className="flex min-h-[50px] shrink-0 flex-wrap items-center gap-x-[6px] gap-y-[8px] border-b border-line px-[16px] py-[9px]">
        <h1 className="mr-[8px] text-[15px] font-semibold">Calls</h1>
        <SearchBox
          className="w-[270px] max-sm:order-1 max-sm:w-full"
          search={query.search ?? ''}
          onSearch={(search) =>
            change({ search: search || undefined }, { replace: Boolean(search && query.search) })
          }
          isSearching={list.isPlaceholderData && list.isFetching}
        />
        <div className="flex min-w-0 flex-wrap items-center gap-[4px] max-sm:order-2">
          <QuickFilters query={query} onChange={change} />
        </div>
        <div className="ml-auto flex items-center gap-[8px]">
          <span role="status" className="text-[13px] text-ink-faint tabular-nums">
            {count.data && countOf(count.data.count, 'call')}
          </span>
          <ViewOptions
            query={query}
            onSort={(sort) => change({ sort })}
            preferences={columns.preferences}
            onChange={columns.change}
            onReset={columns.reset}
          />
        </div>
      </header>
      <ListBody list={list}>
        <CallRows
          key={callListSearch(shownQuery)}
          rows={rows}
          query={shownQuery}
          search={callListSearch(shownQuery)}
          totalCount={count.isPlaceholderData ? undefined : count.data?.count}
          isFromCache={!list.isFetchedAfterMount}
          isStale={list.isPlaceholderData}
          more={{
            hasMore: list.hasNextPage && !list.isPlaceholderData,
            isLoading: list.isFetchingNextPage,
            error: list.isFetchNextPageError ? list.error : null,
            load: () => void list.fetchNextPage(),
          }}
          preferences={columns.preferences}
          onPreferences={columns.change}
          onSort={(key) => change({ sort: nextSort(query.sort, key) })}
          onClear={() => change(NO_FILTER)}
        />
      </ListBody>
    </main>
  )
}

type ListBodyProps = {
  list: ReturnType<typeof useCallPages>['list']
  children: ReactNode
}

function ListBody({ list, children }: ListBodyProps) {
  if (list.data) return children
  if (!list.error) return <SkeletonRows rows={16} rowHeight={37} label="Loading the calls" />
  return (
    <LoadError
      title="The calls could not be loaded"
      error={list.error}
      onRetry={() => void list.refetch()}
    />
  )
}

/** The query whose rows are on the screen: the last one while those of the next are on their way. */
function useShownQuery({ query, isWaiting }: { query: CallListQuery; isWaiting: boolean }) {
  const [shown, setShown] = useState(query)
  if (!isWaiting && shown !== query) setShown(query)
  return isWaiting ? shown : query
}
