import { Activity } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { showRun, useShownRun } from '../bulk/shown-run.ts'
import { useActivity } from '../bulk/use-activity.ts'
import { useBulkWatch } from '../bulk/use-bulk-watch.ts'
import { Popover } from '../ui/popover.tsx'
import { Spinner } from '../ui/spinner.tsx'
import type { ActivityButtonProps } from './activity-button.tsx'

const ActivityPanel = lazy(async () => ({
  default: (await import('../bulk/activity-panel.tsx')).ActivityPanel,
}))

const RunDialog = lazy(async () => ({
  default: (await import('../bulk/run-dialog.tsx')).RunDialog,
}))

/** Notices what ends, and shows the report of a rerun where one is asked for. Once, in the shell. */
export function BulkWatch() {
  useBulkWatch()
  const runId = useShownRun()
  if (runId === null) return null
  return (
    <Suspense fallback={null}>
      <RunDialog key={runId} id={runId} onClose={() => showRun(null)} />
    </Suspense>
  )
}

/** What runs in the background, with how far it is. Not there while nothing runs or ran lately. */
export function ActivityButton({ side, className, children }: ActivityButtonProps) {
  const { runningCount, percent, isEmpty } = useActivity()
  const [isOpen, setOpen] = useState(false)
  if (isEmpty) return null
  const isRunning = runningCount > 0
  return (
    <Popover
      title="Activity"
      side={side}
      align="end"
      isOpen={isOpen}
      onOpenChange={setOpen}
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
        <ActivityPanel
          onShowRun={(id) => {
            setOpen(false)
            showRun(id)
          }}
        />
      </Suspense>
    </Popover>
  )
}

function tell(runningCount: number, percent: number): string {
  if (runningCount === 0) return 'Activity'
  return `Activity: ${runningCount} running, ${percent} percent done`
}
