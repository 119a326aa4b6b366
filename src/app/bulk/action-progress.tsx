import { Square } from 'lucide-react'
import type { BulkAction } from '#contract/bulk-action.ts'
import { isGoingOn, useBulkActions, useCancelBulkAction } from '../api/bulk-actions.ts'
import { Button } from '../ui/button.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { showToast } from '../ui/toast.tsx'
import { nameWork, tellProgress } from './bulk-words.ts'
import { tellRun } from './rerun-words.ts'
import { paceOf, secondsLeft, tellTimeLeft } from './run-pace.ts'

/** How far an action is, with the button that stops it. Nothing once it has ended. */
export function ActionProgress({ id }: { id: number }) {
  const action = useBulkActions().data?.find((one) => one.id === id)
  const cancel = useCancelBulkAction()
  if (!action || !isGoingOn(action)) return null
  const handleCancel = () =>
    cancel.mutate(id, { onError: ({ message }) => showToast({ title: message, tone: 'fail' }) })
  const notes = action.work.kind === 'rerun' ? runNotes(action) : ''
  return (
    <div className="mt-[4px] flex items-end gap-[10px]">
      <div className="min-w-0 flex-1">
        <ProgressBar
          label={action.state === 'undoing' ? 'Undoing' : nameWork(action.work)}
          isLabelHidden
          progress={shareDone(action)}
          valueText={tellProgress(action)}
        />
        {notes && <div className="mt-[3px] text-[12px] text-ink-soft tabular-nums">{notes}</div>}
      </div>
      {action.state === 'running' && (
        <Button
          size="small"
          icon={<Square size={11} />}
          isBusy={cancel.isPending}
          onClick={handleCancel}
        >
          Cancel
        </Button>
      )}
    </div>
  )
}

/** `3 failed · 688 left · 1,240 tokens · $0.31 · about 2 min left`. */
function runNotes(action: BulkAction): string {
  const seconds = secondsLeft(paceOf(action.id), action.totalCount)
  return [...tellRun(action), ...(seconds === null ? [] : [tellTimeLeft(seconds)])].join(' · ')
}

function shareDone({ state, doneCount, totalCount }: BulkAction): number {
  const share = doneCount / Math.max(1, totalCount)
  return state === 'undoing' ? 1 - share : share
}
