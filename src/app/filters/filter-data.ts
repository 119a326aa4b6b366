import { createContext, useContext } from 'react'
import type { Facet } from '#contract/facet.ts'
import type { FieldCatalog } from './field-catalog.ts'

export type FacetQuery = {
  queryKey: readonly unknown[]
  queryFn: (context: { signal: AbortSignal }) => Promise<Facet>
}

/** What the editors of a filter need of the project's data; given by the page. */
export type FilterData = {
  catalog: FieldCatalog
  /** The most frequent values of a field that contain a text, among the calls that all but the node let through. */
  facetOf: (request: { field: string; contains: string; nodeId: string | null }) => FacetQuery
}

const Context = createContext<FilterData | null>(null)

export const FilterDataProvider = Context.Provider

/** Throws outside of a `FilterDataProvider`. */
export function useFilterData(): FilterData {
  const data = useContext(Context)
  if (!data) throw new Error('A filter editor needs a FilterDataProvider around it.')
  return data
}
