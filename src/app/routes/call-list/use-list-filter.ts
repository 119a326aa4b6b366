import { useMemo } from 'react'
import { createDeferred } from '../../ui/deferred.ts'
import type { ReadListFilter } from './filter-tools.ts'

/** What reads and changes filters. Most visits ask for every call, and need none of it. */
export const loadFilterTools = () => import('./filter-tools.ts')

const filterTools = createDeferred(loadFilterTools)

/** The filter of the list. `loading`: there is one, and what reads it is on its way. */
export function useListFilter(text: string): ReadListFilter | { kind: 'none' | 'loading' } {
  const tools = filterTools.useModule()
  const isWanted = text !== ''
  if (isWanted && !tools) void filterTools.load()
  return useMemo(() => {
    if (!isWanted) return { kind: 'none' }
    return tools ? tools.readListFilter(text) : { kind: 'loading' }
  }, [isWanted, tools, text])
}
