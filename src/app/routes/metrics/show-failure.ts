import { showToast } from '../../ui/toast.tsx'

/** For what is not awaited on the page: the reason appears as a toast. */
export function showFailure(cause: unknown) {
  showToast({ title: cause instanceof Error ? cause.message : String(cause), tone: 'fail' })
}
