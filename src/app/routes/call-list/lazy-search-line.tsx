import { lazy, Suspense } from 'react'
import type { SearchLineProps } from './search-line.tsx'

const Line = lazy(async () => ({ default: (await import('./search-line.tsx')).SearchLine }))

/** CSS pixels that a row grows by while searching. */
export const SEARCH_LINE_HEIGHT = 22

export function SearchLine(props: SearchLineProps) {
  return (
    <Suspense fallback={null}>
      <Line {...props} />
    </Suspense>
  )
}
