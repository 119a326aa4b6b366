import { createContext, useContext } from 'react'

/** The view as `urlViewSearch` spells it: links to calls carry it, so that the call's page can walk the same list and lead back to it. */
export const ListSearch = createContext('')

export function useCallHref(id: number): string {
  return callHref(id, useContext(ListSearch))
}

export function callHref(id: number, search: string): string {
  return `/calls/${id}${search}`
}

/** The call, opened at a moment of its recording. */
export function momentHref(href: string, seconds: number): string {
  return `${href}${href.includes('?') ? '&' : '?'}t=${Math.floor(seconds * 10) / 10}`
}
