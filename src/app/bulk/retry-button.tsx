import { RefreshCw } from 'lucide-react'
import type { BulkAction } from '#contract/bulk-action.ts'
import { isGoingOn, useRetryBulkAction } from '../api/bulk-actions.ts'
import { useCanWrite } from '../api/use-can-write.ts'
import { formatCount } from '../format/count.ts'
import { failureText } from '../format/failure-text.ts'
import { Button } from '../ui/button.tsx'
import { showToast } from '../ui/toast.tsx'
import { loadToasts } from './use-bulk-work.ts'

type RetryButtonProps = { action: BulkAction; onStarted?: () => void }

/** Whether a rerun has ended with calls on which it failed. */
export function canRetry(action: BulkAction): boolean {
  return action.work.kind === 'rerun' && action.failedCount > 0 && !isGoingOn(action)
}

/** Judges the calls again on which a rerun failed. Nothing where none did, or while it goes on. */
export function RetryButton({ action, onStarted }: RetryButtonProps) {
  const { mutateAsync, isPending } = useRetryBulkAction()
  const canWrite = useCanWrite()
  const { id, failedCount } = action
  if (!canWrite || !canRetry(action)) return null
  const handleClick = async () => {
    try {
      const { showProgress } = await loadToasts()
      showProgress(await mutateAsync(id))
      onStarted?.()
    } catch (cause) {
      const title = failureText(cause)
      showToast({ title, tone: 'fail' })
    }
  }
  return (
    <Button
      size="small"
      icon={<RefreshCw size={12} />}
      isBusy={isPending}
      onClick={() => void handleClick()}
    >
      Retry the {formatCount(failedCount)} failed
    </Button>
  )
}
