import { createDeferred } from './deferred.ts'
import { dropToast, queueToast, type ToastOptions } from './toast-queue.ts'

const list = createDeferred(() => import('./toast-list.tsx'))

let lastNumber = 0

/** Shows a short message at the bottom. The answer is what `closeToast` takes. */
export function showToast(options: ToastOptions): string {
  lastNumber += 1
  const id = `toast-${lastNumber}`
  queueToast({ ...options, id })
  void list.load()
  return id
}

/** Takes a toast away, as if a person had closed it. Nothing happens if it is gone already. */
export function closeToast(id: string) {
  dropToast(id)
}

/** Where toasts appear. Once, in the shell. */
export function Toasts() {
  const module = list.useModule()
  return module && <module.ToastList />
}
