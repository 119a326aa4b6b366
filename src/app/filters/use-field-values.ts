import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { FacetValue } from '#contract/facet.ts'
import { useFilterData } from './filter-data.ts'

const PAUSE_MS = 200

/** The most frequent values of a field, asked for from the first `ask` on, a pause after the last one. */
export function useFieldValues({ field, nodeId }: { field: string; nodeId: string }) {
  const { facetOf } = useFilterData()
  const [wanted, setWanted] = useState<string | null>(null)
  const [asked, setAsked] = useState<string | null>(null)

  useEffect(() => {
    if (wanted === asked) return
    // The first question waits for nobody's typing.
    const timer = setTimeout(() => setAsked(wanted), asked === null ? 0 : PAUSE_MS)
    return () => clearTimeout(timer)
  }, [wanted, asked])

  const query = useQuery({
    ...facetOf({ field, contains: asked ?? '', nodeId }),
    enabled: asked !== null,
    placeholderData: (before) => before,
  })
  const values: readonly FacetValue[] | undefined = query.data?.values
  return {
    values,
    isLoading: asked !== null && query.isFetching,
    ask: (contains: string) => setWanted(contains.trim()),
  }
}
