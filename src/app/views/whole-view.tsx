import { Navigate, Outlet, useLocation } from 'react-router'
import { useViews } from '../api/views.ts'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { PLAIN_VIEW, parseUrlView, urlViewSearch, withUrlView } from '../view-state/view-url.ts'

/**
 * Around the pages that show a view: an address that only names one, `/calls?view=12`, becomes one that carries all of
 * it before the page reads it. Where the view is gone, the page shows what the address says.
 */
export function WholeView() {
  const params = new URLSearchParams(useLocation().search)
  const viewId = bareViewId(params)
  const { data: views, isPending } = useViews()
  if (viewId === null) return <Outlet />
  if (isPending) return <SkeletonRows rows={16} rowHeight={37} label="Opening the view" />
  const view = views?.find(({ id }) => id === viewId)
  if (!view) return <Outlet />
  return <Navigate to={{ search: withUrlView(params, { ...view.state, viewId }) }} replace />
}

function bareViewId(params: URLSearchParams): number | null {
  const { viewId, ...rest } = parseUrlView(params)
  const isBare = urlViewSearch({ ...rest, viewId: null }) === urlViewSearch(PLAIN_VIEW)
  return isBare ? viewId : null
}
