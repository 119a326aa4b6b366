import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef } from 'react'
import type { BulkAction } from '#contract/bulk-action.ts'
import {
  bulkActionQueries,
  isGoingOn,
  listenToOtherTabs,
  putMovedActions,
  refreshCalls,
  useBulkActions,
} from '../api/bulk-actions.ts'
import { useLiveBulkActions, useLiveCalls } from '../api/live-calls.ts'
import { notePaces } from './run-pace.ts'
import { loadToasts, useUndo } from './use-bulk-work.ts'

/** Calls that change may be somebody else's action: so often at most it is looked up. */
const LOOK_GAP_MS = 5000

/**
 * For the shell, once: notices when actions end, wherever they were started; then lists are read again, and the tab
 * that started one tells how it went.
 */
export function useBulkWatch() {
  const client = useQueryClient()
  const { data: actions } = useBulkActions()
  const seen = useRef<ReadonlyMap<number, boolean> | null>(null)
  const undo = useUndo()

  const look = useEffectEvent(() => {
    void client.invalidateQueries({ queryKey: bulkActionQueries.all() })
  })
  useLookLater(look)
  useEffect(() => listenToOtherTabs(() => look()), [])
  useLiveBulkActions((moved) => putMovedActions(client, moved))

  const handleEnd = useEffectEvent((action: BulkAction) => {
    void loadToasts().then(({ tellEnd }) => tellEnd(action, (id) => void undo(id)))
  })

  useEffect(() => {
    if (!actions) return
    notePaces(actions, performance.now())
    const before = seen.current
    seen.current = new Map(actions.map((action) => [action.id, isGoingOn(action)]))
    // One that nobody has seen before began and ended between two looks.
    const ended = actions.filter((one) => !isGoingOn(one) && before?.get(one.id) !== false)
    for (const action of ended) handleEnd(action)
    // At the first look, what has ended is in the lists already.
    if (before && ended.length > 0) void refreshCalls(client)
  }, [actions, client])
}

function useLookLater(look: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const lookLater = () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      look()
    }, LOOK_GAP_MS)
  }
  useLiveCalls(lookLater, lookLater)
  useEffect(() => () => clearTimeout(timer.current), [])
}
