import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { BulkActionsChanged, CallsChanged, EVENTS_PATH } from '#contract/api.ts'
import type { BulkAction } from '#contract/bulk-action.ts'
import { callQueries } from './calls.ts'
import { checkReachable } from './reachability.ts'

type Listener = {
  onIds?: (ids: number[]) => void
  onActions?: (actions: BulkAction[]) => void
  onGap?: () => void
}

const FIRST_WAIT_MS = 1000
const LONGEST_WAIT_MS = 30_000

const listeners = new Set<Listener>()
let source: EventSource | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let waitMs = FIRST_WAIT_MS
let hasBeenOpen = false

/**
 * Hears of calls that are new or changed, by id, while the component is mounted. All users share one
 * connection, which comes back by itself. What happened while it was down is unknown: then `onGap`
 * runs, by default a refetch of everything about calls.
 */
export function useLiveCalls(onIds: (ids: number[]) => void, onGap?: () => void) {
  const client = useQueryClient()
  const handleIds = useEffectEvent(onIds)
  const handleGap = useEffectEvent(() => {
    if (onGap) onGap()
    else void client.invalidateQueries({ queryKey: callQueries.all() })
  })

  useEffect(() => listen({ onIds: (ids) => handleIds(ids), onGap: () => handleGap() }), [])
}

/** Hears of bulk actions that moved, with how far they are, while the component is mounted. */
export function useLiveBulkActions(onActions: (actions: BulkAction[]) => void) {
  const handleActions = useEffectEvent(onActions)
  useEffect(() => listen({ onActions: (actions) => handleActions(actions) }), [])
}

/** Whether what happens is heard of; otherwise it must be asked for. */
export function isChannelOpen(): boolean {
  return source?.readyState === EventSource.OPEN
}

function listen(listener: Listener): () => void {
  listeners.add(listener)
  if (!source && timer === undefined) connect()
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) disconnect()
  }
}

function connect() {
  timer = undefined
  source = new EventSource(EVENTS_PATH)
  source.addEventListener('calls', (event) => {
    const changed = CallsChanged.safeParse(parseJson(event.data))
    if (changed.success) for (const listener of listeners) listener.onIds?.(changed.data.ids)
  })
  source.addEventListener('bulk-actions', (event) => {
    const moved = BulkActionsChanged.safeParse(parseJson(event.data))
    if (moved.success) for (const listener of listeners) listener.onActions?.(moved.data.items)
  })
  source.addEventListener('open', () => {
    waitMs = FIRST_WAIT_MS
    if (hasBeenOpen) for (const listener of listeners) listener.onGap?.()
    hasBeenOpen = true
  })
  source.addEventListener('error', () => {
    // The page may be idle: this is how it learns that the server is gone.
    void checkReachable()
    // After a lost connection the browser retries by itself; after an error status it gives up.
    if (source?.readyState === EventSource.CLOSED) reconnectLater()
  })
}

function reconnectLater() {
  source = null
  timer = setTimeout(connect, waitMs)
  waitMs = Math.min(waitMs * 2, LONGEST_WAIT_MS)
}

function disconnect() {
  clearTimeout(timer)
  timer = undefined
  source?.close()
  source = null
  hasBeenOpen = false
  waitMs = FIRST_WAIT_MS
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
