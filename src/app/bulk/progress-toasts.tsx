import { lazy, Suspense } from 'react'
import type { BulkAction } from '#contract/bulk-action.ts'
import { closeToast, showToast } from '../ui/toast.tsx'
import { nameWork, tellOutcome } from './bulk-words.ts'
import { showRun } from './shown-run.ts'

const ActionProgress = lazy(async () => ({
  default: (await import('./action-progress.tsx')).ActionProgress,
}))

/** Time to read the numbers, and to think about undoing. */
const SUMMARY_MS = 12_000

/** The toasts of what was started in this tab and is not over, by the action's id. */
const toasts = new Map<number, string>()

/** Shows how far an action is until it ends. Closing the toast leaves the action alone. */
export function showProgress({ id, work }: BulkAction) {
  hideProgress(id)
  toasts.set(
    id,
    showToast({
      title: nameWork(work),
      description: (
        <Suspense fallback={null}>
          <ActionProgress id={id} />
        </Suspense>
      ),
      timeoutMs: 0,
    }),
  )
}

/** Says how an action ended, with the way back. Only if it was started in this tab: elsewhere it is no news. */
export function tellEnd(action: BulkAction, undo: (id: number) => void) {
  if (!hideProgress(action.id)) return
  showToast({
    title: nameWork(action.work),
    description: tellOutcome(action),
    tone: action.state === 'failed' ? 'fail' : 'plain',
    ...nextStep(action, undo),
    timeoutMs: SUMMARY_MS,
  })
}

function nextStep({ id, work, canUndo, doneCount }: BulkAction, undo: (id: number) => void) {
  if (canUndo) return { action: { label: 'Undo', onSelect: () => undo(id) } }
  if (work.kind !== 'rerun' || doneCount === 0) return {}
  return { action: { label: 'What changed', onSelect: () => showRun(id) } }
}

function hideProgress(id: number): boolean {
  const toast = toasts.get(id)
  if (toast === undefined) return false
  toasts.delete(id)
  closeToast(toast)
  return true
}
