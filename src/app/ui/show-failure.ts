import { failureText } from '../format/failure-text.ts'
import { showToast } from './toast.tsx'

/** For what is not awaited on the page: the reason appears as a toast. */
export function showFailure(cause: unknown) {
  showToast({ title: failureText(cause), tone: 'fail' })
}
