import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from 'react-router'
import type { SavedView } from '#contract/view.ts'
import { useViews, viewQueries } from '../api/views.ts'
import { formatCount } from '../format/count.ts'
import { classNames } from '../ui/class-names.ts'
import { parseUrlView, savedViewSearch } from '../view-state/view-url.ts'
import { useFreshCounts } from '../views/use-fresh-counts.ts'

const NONE: SavedView[] = []

/** The pinned views below "Calls", each with how many calls it has now. */
export function ViewLinks() {
  const pinned = (useViews().data ?? NONE).filter(({ isPinned }) => isPinned)
  const openId = useOpenViewId()
  useFreshCounts(pinned)
  if (pinned.length === 0) return null
  return (
    <ul aria-label="Pinned views" className="flex flex-col gap-[1px] pl-[16px]">
      {pinned.map((view) => (
        <li key={view.id}>
          <ViewLink view={view} isOpen={view.id === openId} />
        </li>
      ))}
    </ul>
  )
}

function ViewLink({ view, isOpen }: { view: SavedView; isOpen: boolean }) {
  const count = useQuery(viewQueries.count(view.state))
  return (
    <Link
      to={`/calls${savedViewSearch(view)}`}
      aria-current={isOpen ? 'page' : undefined}
      className={classNames(
        'flex h-[26px] items-center gap-[8px] rounded-[6px] px-[8px] text-[13px] text-ink-soft hover:bg-ink/5 hover:text-ink',
        isOpen && 'bg-accent-soft text-ink',
      )}
    >
      <span className="min-w-0 flex-1 truncate" title={view.name}>
        {view.name}
      </span>
      <span className="text-[12px] text-ink-faint tabular-nums">{countText(count)}</span>
    </Link>
  )
}

/** The last count stays while the next is on its way. */
function countText({ data, isError }: { data: number | undefined; isError: boolean }): string {
  if (data !== undefined) return formatCount(data)
  return isError ? '–' : '…'
}

/** The view of the list that is on the screen. */
function useOpenViewId(): number | null {
  const { pathname, search } = useLocation()
  if (pathname !== '/calls') return null
  return parseUrlView(new URLSearchParams(search)).viewId
}
