import { type CallListQuery, type CallSort, NEWEST_FIRST, parseCallSort } from '#contract/call.ts'
import { sortFor } from '../../view-state/view-url.ts'

export function isNewestFirst({ sort, search }: CallListQuery): boolean {
  return sortFor(sort ?? NEWEST_FIRST, search ?? '') === NEWEST_FIRST
}

/** What narrows the list; the order does not. */
export function hasSelection({ search, filter }: CallListQuery): boolean {
  return Boolean(search || filter)
}

/** Times, lengths and the scores of metrics are wanted newest, longest and highest first, texts from A. */
const FROM_THE_TOP = /^(startedAt|durationSeconds|metric:.*)$/

/** The order after a press on the header of `key`: its usual direction first, then the other one. */
export function nextSort(current: CallSort, key: string): CallSort {
  const { key: currentKey, direction } = parseCallSort(current)
  if (currentKey !== key) return toSort(key, FROM_THE_TOP.test(key) ? 'desc' : 'asc')
  return toSort(key, direction === 'asc' ? 'desc' : 'asc')
}

function toSort(key: string, direction: 'asc' | 'desc'): CallSort {
  return direction === 'desc' ? `-${key}` : key
}
