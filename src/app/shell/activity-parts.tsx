import { Activity } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { useActivity } from '../bulk/use-activity.ts'
import { useBulkWatch } from '../bulk/use-bulk-watch.ts'
import { Popover } from '../ui/popover.tsx'
import { Spinner } from '../ui/spinner.tsx'
import type { ActivityButtonProps } from './activity-button.tsx'

const ActivityPanel = lazy(async () => ({
  default: (await import('../bulk/activity-panel.tsx')).ActivityPanel,
}))

/** Nothing to see: notices what ends. Once, in the shell. */
export function BulkWatch() {
  useBulkWatch()
  return null
}

/** What runs in the background, with how far it is. Not there while nothing runs or ran lately. */
export function ActivityButton({ side, className, children }: ActivityButtonProps) {
  const { runningCount, percent, isEmpty } = useActivity()
  if (isEmpty) return null
  const isRunning = runningCount > 0
  return (
    <Popover
      title="Activity"
      side={side}
      align="end"
      trigger={
        <button type="button" aria-label={tell(runningCount, percent)} className={className}>
          <span className="flex size-[15px] shrink-0 items-center justify-center">
            {isRunning ? <Spinner /> : <Activity size={15} aria-hidden="true" />}
          </span>
          <span className="truncate tabular-nums">
            {children(isRunning ? `${percent} %` : 'Activity')}
          </span>
        </button>
      }
    >
      <Suspense fallback={<Spinner />}>
        <ActivityPanel />
      </Suspense>
    </Popover>
  )
}

function tell(runningCount: number, percent: number): string {
  if (runningCount === 0) return 'Activity'
  return `Activity: ${runningCount} running, ${percent} percent done`
}
