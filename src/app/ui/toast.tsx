import { createDeferred } from './deferred.ts'
import { queueToast, type ToastOptions } from './toast-queue.ts'

const list = createDeferred(() => import('./toast-list.tsx'))

let lastNumber = 0

/** Shows a short message at the bottom. */
export function showToast(options: ToastOptions) {
  lastNumber += 1
  queueToast({ ...options, id: `toast-${lastNumber}` })
  void list.load()
}

/** Where toasts appear. Once, in the shell. */
export function Toasts() {
  const module = list.useModule()
  return module && <module.ToastList />
}
