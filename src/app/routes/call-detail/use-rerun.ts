import { useState } from 'react'
import type { BulkAction } from '#contract/bulk-action.ts'
import { isGoingOn, useBulkActions, useStartBulkAction } from '../../api/bulk-actions.ts'
import { showToast } from '../../ui/toast.tsx'

/** By key: its first entry gets the focus. */
type MenuState = 'closed' | 'open' | 'open-by-key'

export type Rerun = {
  /** The last one that was started from this page and not dismissed. */
  action: BulkAction | null
  isStarting: boolean
  isGoingOn: boolean
  /** `metricIds` undefined: by every metric that is on. */
  start: (metricIds?: number[]) => void
  dismiss: () => void
  menu: MenuState
  setMenu: (menu: MenuState) => void
}

/** Judging this call again, as a durable action of one call. */
export function useRerun(callId: number): Rerun {
  const actions = useBulkActions().data
  const { mutate, isPending } = useStartBulkAction()
  const [menu, setMenu] = useState<MenuState>('closed')
  const [started, setStarted] = useState<BulkAction | null>(null)
  // The list keeps the newest twenty alone.
  const action = started && (actions?.find(({ id }) => id === started.id) ?? started)
  const isBusy = action !== null && isGoingOn(action)

  const start = (metricIds?: number[]) => {
    if (isPending || isBusy) return
    const work = { kind: 'rerun' as const, ...(metricIds && { metricIds }) }
    mutate(
      { work, target: { ids: [callId] } },
      {
        onSuccess: setStarted,
        onError: ({ message }) =>
          showToast({ title: 'The rerun was not started', description: message, tone: 'fail' }),
      },
    )
  }
  return {
    action,
    isStarting: isPending,
    isGoingOn: isBusy,
    start,
    dismiss: () => setStarted(null),
    menu,
    setMenu,
  }
}
