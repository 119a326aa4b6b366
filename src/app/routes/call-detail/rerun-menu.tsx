import { RotateCw } from 'lucide-react'
import { useLayoutEffect, useRef } from 'react'
import type { Verdict } from '#contract/metric-result.ts'
import { countOf } from '../../format/count.ts'
import { Button } from '../../ui/button.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { Rerun } from './use-rerun.ts'

export type RerunMenuProps = {
  rerun: Rerun
  failedIds: number[]
  /** The metric that was looked at last and can run again. */
  chosen: Verdict | null
}

/** Judges the call again: by everything, by the metric in view, or by what failed. */
export function RerunMenu({ rerun, failedIds, chosen }: RerunMenuProps) {
  const trigger = useRef<HTMLSpanElement>(null)
  // The key works from anywhere in the pane, and a menu whose button is out of sight is not drawn.
  useLayoutEffect(() => {
    if (rerun.menu === 'open-by-key') trigger.current?.scrollIntoView({ block: 'nearest' })
  }, [rerun.menu])
  // A menu that nobody clicked gives the focus to itself: a second key should be enough.
  const focusItem = (text: HTMLElement | null) => {
    const item = text?.closest<HTMLElement>('[role="menuitem"]')
    if (item && rerun.menu === 'open-by-key') requestAnimationFrame(() => item.focus())
  }
  // Nothing opens while one goes on: the server would judge the same twice.
  if (rerun.isStarting || rerun.isGoingOn) {
    return (
      <Button size="small" isBusy>
        Evaluating
      </Button>
    )
  }
  return (
    <span ref={trigger} className="scroll-mt-[calc(var(--cover)+64px)]">
      <Menu
        align="end"
        isOpen={rerun.menu !== 'closed'}
        onOpenChange={(isOpen) => rerun.setMenu(isOpen ? 'open' : 'closed')}
        trigger={
          <Button size="small" icon={<RotateCw size={13} />}>
            Rerun
          </Button>
        }
      >
        <MenuItem shortcut="r" onSelect={() => rerun.start()}>
          <span ref={focusItem}>All metrics</span>
        </MenuItem>
        {chosen && (
          <MenuItem onSelect={() => rerun.start([chosen.metricId])}>Only {chosen.name}</MenuItem>
        )}
        <MenuItem isDisabled={failedIds.length === 0} onSelect={() => rerun.start(failedIds)}>
          {failedIds.length === 0
            ? 'The failed ones (none)'
            : `The failed ones: ${countOf(failedIds.length, 'metric')}`}
        </MenuItem>
      </Menu>
    </span>
  )
}
