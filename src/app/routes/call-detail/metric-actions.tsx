import { History, RotateCw, Scale } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { Metric } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { isRerunnable } from './rerunnable.ts'
import type { Rerun } from './use-rerun.ts'

const MetricHistory = lazy(async () => ({
  default: (await import('./metric-history.tsx')).MetricHistory,
}))
const StabilityDialog = lazy(async () => ({
  default: (await import('./stability-dialog.tsx')).StabilityDialog,
}))

export type MetricActionsProps = {
  callId: number
  verdict: Verdict
  metric: Metric | null
  rerun: Rerun
  hasJudge: boolean
}

/** What can be done about one result: look at earlier ones, judge again, try how stable the judge is. */
export function MetricActions({ callId, verdict, metric, rerun, hasJudge }: MetricActionsProps) {
  const canWrite = useCanWrite()
  const [isHistoryOpen, setIsHistoryOpen] = useState(false)
  const [isAsked, setIsAsked] = useState(false)
  const [isChecking, setIsChecking] = useState(false)
  const canRerun = canWrite && metric !== null && isRerunnable(metric, { hasJudge })
  const canCheck = canRerun && metric.content.kind === 'llm_judge'
  const hasHistory = verdict.id !== null

  return (
    <>
      <div className="-ml-[9px] flex flex-wrap gap-x-[2px]">
        {hasHistory && (
          <Button
            size="small"
            variant="quiet"
            icon={<History size={13} />}
            aria-expanded={isHistoryOpen}
            onClick={() => setIsHistoryOpen(!isHistoryOpen)}
          >
            History
          </Button>
        )}
        {canRerun && (
          <Button
            size="small"
            variant="quiet"
            icon={<RotateCw size={13} />}
            isBusy={isAsked && (rerun.isStarting || rerun.isGoingOn)}
            aria-disabled={rerun.isGoingOn || undefined}
            onClick={() => {
              setIsAsked(!rerun.isGoingOn)
              rerun.start([verdict.metricId])
            }}
          >
            Rerun this metric
          </Button>
        )}
        {canCheck && (
          <Button
            size="small"
            variant="quiet"
            icon={<Scale size={13} />}
            onClick={() => setIsChecking(true)}
          >
            Judge stability
          </Button>
        )}
      </div>
      {isHistoryOpen && (
        <Suspense fallback={<Skeleton className="h-[40px] w-full" />}>
          <MetricHistory callId={callId} metricId={verdict.metricId} currentId={verdict.id} />
        </Suspense>
      )}
      {isChecking && (
        <Suspense fallback={null}>
          <StabilityDialog
            callId={callId}
            metric={{ id: verdict.metricId, name: verdict.name }}
            onClose={() => setIsChecking(false)}
          />
        </Suspense>
      )}
    </>
  )
}
