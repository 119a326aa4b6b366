import { useQueryClient } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense, useMemo, useRef, useState } from 'react'
import { type CallListQuery, NEWEST_FIRST } from '#contract/call.ts'
import { ApiError } from '../../api/request.ts'
import { ExportButton } from '../../bulk/export-button.tsx'
import { openOverlay } from '../../shell/overlays.ts'
import { LoadError } from '../../ui/load-error.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { shownMetrics } from '../../view-state/column-preferences.ts'
import { useViewState, type ViewChange } from '../../view-state/use-view-state.ts'
import { changedSearch } from '../../view-state/view-url.ts'
import { ViewBar } from '../../views/view-bar.tsx'
import { QueueButton } from '../queues/queue-button.tsx'
import { CallCount, useCallCount } from './call-count.tsx'
import { CallRows } from './call-rows.tsx'
import { FilterRow } from './filter-row.tsx'
import { forgetPlace } from './list-place.ts'
import { nextSort } from './list-sort.ts'
import { NOTHING_CHOSEN } from './quick-choices.ts'
import { SearchBox } from './search-box.tsx'
import { SortSwitch } from './sort-switch.tsx'
import { useCallPages } from './use-call-pages.ts'
import { loadFilterTools, useListFilter } from './use-list-filter.ts'
import { useListLook } from './use-list-look.ts'
import { ViewOptions } from './view-options.tsx'

const FilterChips = lazy(async () => ({
  default: (await import('./filter-chips.tsx')).FilterChips,
}))
const BrokenFilter = lazy(async () => ({
  default: (await import('./broken-filter.tsx')).BrokenFilter,
}))

const RerunDialog = lazy(async () => ({
  default: (await import('../../bulk/rerun-dialog.tsx')).RerunDialog,
}))

/** The calls that search and filter in the URL let through, in its order. */
export function CallListPage() {
  const view = useViewState()
  const look = useListLook(view)
  const client = useQueryClient()
  const { state } = view
  const reading = useListFilter(state.filter)
  const isReadable = reading.kind !== 'broken'
  const metrics = shownMetrics(look.preferences)
  const wanted = useMemo(
    () => ({ query: view.query, queryText: view.queryText, metrics }),
    [view.query, view.queryText, metrics],
  )
  const { list, rows } = useCallPages({ ...view.query, metrics }, { isEnabled: isReadable })
  const shown = useShown({ wanted, isWaiting: list.isPlaceholderData })
  const count = useCallCount(view.query, { isEnabled: isReadable && list.data !== undefined })
  const messages = isReadable ? filterProblems(list.error) : reading.messages
  const [isRerunning, setRerunning] = useState(false)
  const focusHandover = useRef(false)
  const builderHref = `/filters${view.search}`

  // What a person asks for now is read from its top; only "back" returns to a place.
  const change = (changes: ViewChange, options?: { replace: boolean }) => {
    forgetPlace(changedSearch(view.state, changes))
    view.change(changes, options)
  }

  return (
    <main className="flex h-full min-w-0 flex-col">
      <header className="flex min-h-[50px] shrink-0 flex-wrap items-center gap-x-[6px] gap-y-[8px] border-b border-line px-[16px] py-[9px]">
        <h1 className="mr-[8px] text-[15px] font-semibold">Calls</h1>
        <SearchBox
          className="w-[270px] max-sm:order-1 max-sm:w-full"
          search={state.search}
          onSearch={(search) => change({ search }, { replace: Boolean(search && state.search) })}
          isSearching={list.isPlaceholderData && list.isFetching}
        />
        {state.search !== '' && (
          <div className="max-sm:order-2">
            <SortSwitch
              isBestFirst={state.sort === 'relevance'}
              onChange={(isBestFirst) => change({ sort: isBestFirst ? 'relevance' : NEWEST_FIRST })}
            />
          </div>
        )}
        <div className="min-w-0 max-sm:order-2">
          <ViewBar
            view={view}
            onBrowse={() => openOverlay('views')}
            onRerun={() => setRerunning(true)}
          />
        </div>
        <div className="ml-auto flex items-center gap-[8px]">
          {messages === null && <CallCount count={count} />}
          <QueueButton search={view.query.search} filter={view.query.filter} />
          <ExportButton query={view.query} callCount={count.data?.count} />
          <ViewOptions
            sort={state.sort}
            onSort={(sort) => change({ sort })}
            preferences={look.preferences}
            onChange={look.change}
            onReset={look.reset}
          />
        </div>
      </header>
      {isReadable && (
        <FilterRow
          choices={reading.kind === 'read' ? reading.choices : NOTHING_CHOSEN}
          onToggle={async (id) => {
            const tools = await loadFilterTools()
            change({ filter: await tools.toggleQuickChip(state.filter, { id, client }) })
          }}
          onChoose={async (field, values) => {
            const tools = await loadFilterTools()
            change({ filter: tools.chooseValues(state.filter, { field, values }) })
          }}
          builderHref={builderHref}
        />
      )}
      {reading.kind === 'loading' && <ChipsRoom />}
      {reading.kind === 'read' && reading.filter.conditions.length > 0 && (
        <Suspense fallback={<ChipsRoom />}>
          <FilterChips
            filter={reading.filter}
            search={state.search}
            onChange={(filter, options) => change({ filter }, options)}
            builderHref={builderHref}
          />
        </Suspense>
      )}
      {messages ? (
        <Suspense fallback={null}>
          <BrokenFilter
            messages={messages}
            builderHref={builderHref}
            onDrop={() => change({ filter: '' })}
          />
        </Suspense>
      ) : (
        <ListBody list={list}>
          <CallRows
            key={shown.queryText}
            rows={rows}
            query={shown.query}
            metrics={shown.metrics}
            queryText={shown.queryText}
            search={view.search}
            totalCount={count.isPlaceholderData ? undefined : count.data?.count}
            isFromCache={!list.isFetchedAfterMount}
            isStale={list.isPlaceholderData}
            more={{
              hasMore: list.hasNextPage && !list.isPlaceholderData,
              isLoading: list.isFetchingNextPage,
              error: list.isFetchNextPageError ? list.error : null,
              load: () => void list.fetchNextPage(),
            }}
            preferences={look.preferences}
            onPreferences={look.change}
            onSort={(key) => change({ sort: nextSort(state.sort, key) })}
            onFilter={async (edit) => {
              const tools = await loadFilterTools()
              change({ filter: tools.editText(state.filter, edit) })
            }}
            onClear={() => change({ search: '', filter: '' })}
            focusHandover={focusHandover}
          />
        </ListBody>
      )}
      {isRerunning && (
        <Suspense fallback={null}>
          <RerunDialog
            target={{ matching: { search: view.query.search, filter: view.query.filter } }}
            onClose={() => setRerunning(false)}
          />
        </Suspense>
      )}
    </main>
  )
}

/** Where the chips will be, so that the table does not jump. */
function ChipsRoom() {
  return <div className="h-[38px] shrink-0 border-b border-line" />
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

/** What only the server finds wrong with a filter, such as a pattern; null for every other error. */
function filterProblems(error: Error | null): readonly string[] | null {
  if (!(error instanceof ApiError) || error.status !== 400) return null
  const problem: Record<string, unknown> = error.problem ?? {}
  return 'filter' in problem ? error.message.split('\n') : null
}

type Wanted = { query: CallListQuery; queryText: string; metrics: string }

/** The query whose rows are on the screen: the last one while those of the next are on their way. */
function useShown({ wanted, isWaiting }: { wanted: Wanted; isWaiting: boolean }): Wanted {
  const [shown, setShown] = useState(wanted)
  if (!isWaiting && shown !== wanted) setShown(wanted)
  return isWaiting ? shown : wanted
}
