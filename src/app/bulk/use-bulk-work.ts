import type { BulkActionInput } from '#contract/bulk-action.ts'
import { useStartBulkAction, useUndoBulkAction } from '../api/bulk-actions.ts'
import { failureText } from '../format/failure-text.ts'
import { showFailure } from '../ui/show-failure.ts'
import { showToast } from '../ui/toast.tsx'

/** Code that every page would carry and few need. */
export const loadToasts = () => import('./progress-toasts.tsx')

/** Starts an action and shows its progress. `start` resolves with whether the server took it. */
export function useBulkWork() {
  const mutation = useStartBulkAction()
  const start = async (input: BulkActionInput): Promise<boolean> => {
    try {
      // Before the request: once it is answered, the end may come at any moment.
      const { showProgress } = await loadToasts()
      showProgress(await mutation.mutateAsync(input))
      return true
    } catch (cause) {
      showToast({ title: 'Nothing was started', description: failureText(cause), tone: 'fail' })
      return false
    }
  }
  return { start, isStarting: mutation.isPending }
}

export function useUndo() {
  const { mutateAsync } = useUndoBulkAction()
  return async (id: number) => {
    try {
      const { showProgress } = await loadToasts()
      showProgress(await mutateAsync(id))
    } catch (cause) {
      showFailure(cause)
    }
  }
}
