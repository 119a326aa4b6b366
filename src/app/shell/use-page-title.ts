import { useLayoutEffect } from 'react'
import { useMatches } from 'react-router'
import { toDocumentTitle } from '../ui/use-document-title.ts'

/**
 * The title of the current route, from its `handle.title`, put on the browser tab. A layout effect, so
 * that a page that knows better (a call's id) has the last word with `useDocumentTitle`.
 */
export function usePageTitle(): string {
  const title = useMatches().map(titleOf).findLast(Boolean) ?? ''
  useLayoutEffect(() => {
    document.title = toDocumentTitle(title)
  }, [title])
  return title
}

function titleOf({ handle }: { handle: unknown }): string {
  if (typeof handle !== 'object' || handle === null || !('title' in handle)) return ''
  return String(handle.title)
}
