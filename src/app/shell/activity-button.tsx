import type { ReactNode } from 'react'
import { createDeferred } from '../ui/deferred.ts'

/** Not needed to draw a page: it comes when the page is quiet. */
const parts = createDeferred(() => import('./activity-parts.tsx'))

export type ActivityButtonProps = {
  side: 'right' | 'top'
  className: string
  /** Draws the words beside the icon. */
  children: (text: string) => ReactNode
}

export function ActivityButton(props: ActivityButtonProps) {
  const module = parts.useModule()
  return module && <module.ActivityButton {...props} />
}

export function BulkWatch() {
  const module = parts.useModule()
  return module && <module.BulkWatch />
}
