import { useLocation } from 'react-router'
import { parseUrlView, urlViewSearch } from '../view-state/view-url.ts'

/** Where a page of the navigation leads from here: the builder opens what the list, or a call's list, shows. */
export function useNavHref(): (to: string) => string {
  const { pathname, search } = useLocation()
  const isInList = pathname === '/calls' || pathname.startsWith('/calls/')
  return (to) => {
    if (to !== '/filters' || !isInList) return to
    return `${to}${urlViewSearch(parseUrlView(new URLSearchParams(search)))}`
  }
}
