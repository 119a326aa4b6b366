import {
  type CallListQuery,
  type CallSort,
  type CallSortKey,
  NEWEST_FIRST,
  parseCallSort,
} from '#contract/call.ts'
import { sortFor } from '../../view-state/view-url.ts'

export function isNewestFirst({ sort, search }: CallListQuery): boolean {
  return sortFor(sort ?? NEWEST_FIRST, search ?? '') === NEWEST_FIRST
}

/** What narrows the list; the order does not. */
export function hasSelection({ search, filter }: CallListQuery): boolean {
  return Boolean(search || filter)
}

/** Times, lengths and fits are wanted newest, longest and best first, texts from A. */
const FIRST_DIRECTION: Record<CallSortKey, 'asc' | 'desc'> = {
  startedAt: 'desc',
  durationSeconds: 'desc',
  status: 'asc',
  agentName: 'asc',
  customerNumber: 'asc',
  endedReason: 'asc',
  topic: 'asc',
  relevance: 'asc',
}

/** The order after a press on the header of `key`: its usual direction first, then the other one. */
export function nextSort(current: CallSort, key: CallSortKey): CallSort {
  const { key: currentKey, direction } = parseCallSort(current)
  if (currentKey !== key) return toSort(key, FIRST_DIRECTION[key])
  return toSort(key, direction === 'asc' ? 'desc' : 'asc')
}

function toSort(key: CallSortKey, direction: 'asc' | 'desc'): CallSort {
  return direction === 'desc' ? `-${key}` : key
}
