import { createDeferred } from './deferred.ts'
import { DeferredTrigger } from './deferred-trigger.tsx'
import type { PopoverProps } from './popover-props.ts'
import { useDeferredPopup } from './use-deferred-popup.ts'

const parts = createDeferred(() => import('./popover-parts.tsx'))

/** A small panel beside the button that opens it. */
export function Popover(props: PopoverProps) {
  const { module, triggerProps } = useDeferredPopup(parts, props)
  if (!module) return <DeferredTrigger trigger={props.trigger} popup="dialog" {...triggerProps} />
  return <module.Popover {...props} />
}
