import type { ReactNode } from 'react'

export type ToastOptions = {
  title: string
  description?: ReactNode
  tone?: 'plain' | 'fail'
  /** One action, such as "Undo". Choosing it closes the toast. */
  action?: { label: string; onSelect: () => void }
  /** Called when it goes away in any way but its action: time, the close button, a swipe. */
  onDismiss?: () => void
  /** Default 5000, 8000 with an action; 0 stays until closed. The clock stops under the pointer. */
  timeoutMs?: number
}

export type QueuedToast = ToastOptions & { id: string }

export type ToastSink = { add: (toast: QueuedToast) => void; close: (id: string) => void }

let sink: ToastSink | null = null
const queue: QueuedToast[] = []

export function queueToast(toast: QueuedToast) {
  if (sink) sink.add(toast)
  else queue.push(toast)
}

export function dropToast(id: string) {
  sink?.close(id)
  const index = queue.findIndex((toast) => toast.id === id)
  if (index !== -1) queue.splice(index, 1)
}

/** For the list of toasts: hands over what waits and all that follows. Returns how to stop. */
export function takeToasts(newSink: ToastSink): () => void {
  sink = newSink
  for (const toast of queue.splice(0)) newSink.add(toast)
  return () => {
    sink = null
  }
}
