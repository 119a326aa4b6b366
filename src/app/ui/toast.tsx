import { createDeferred } from './deferred.ts'
import { queueToast, removeToast, type ToastOptions } from './toast-queue.ts'

const list = createDeferred(() => import('./toast-list.tsx'))

let lastNumber = 0

/** Shows a short message at the bottom. Returns its id for `closeToast`. */
export function showToast(options: ToastOptions): string {
  lastNumber += 1
  const id = `toast-${lastNumber}`
  queueToast({ ...options, id })
  void list.load()
  return id
}

export function closeToast(id: string) {
  removeToast(id)
}

/** Where toasts appear. Once, in the shell. */
export function Toasts() {
  const module = list.useModule()
  return module && <module.ToastList />
}
