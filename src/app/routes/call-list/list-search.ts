import { createContext, useContext } from 'react'

/** The list query as `callListSearch` spells it: links to calls carry it, so that the call's page can walk the same list. */
export const ListSearch = createContext('')

export function useCallHref(id: number): string {
  return callHref(id, useContext(ListSearch))
}

export function callHref(id: number, search: string): string {
  return `/calls/${id}${search}`
}
