import { CalendarDays } from 'lucide-react'
import { IconButton } from './button.tsx'
import type { CalendarPopoverProps } from './calendar-props.ts'
import { createDeferred } from './deferred.ts'
import { DeferredTrigger } from './deferred-trigger.tsx'
import { useDeferredPopup } from './use-deferred-popup.ts'

const parts = createDeferred(() => import('./calendar-parts.tsx'))

/** A button that opens a calendar. For typing a date as well use `DateTimeField`. */
export function CalendarPopover(props: CalendarPopoverProps) {
  const { module, triggerProps } = useDeferredPopup(parts, {})
  const trigger = (
    <IconButton
      label={props.label}
      size={props.size ?? 'medium'}
      disabled={props.isDisabled}
      className={props.className}
    >
      <CalendarDays size={15} />
    </IconButton>
  )
  if (!module) return <DeferredTrigger trigger={trigger} popup="dialog" {...triggerProps} />
  return <module.CalendarPopover {...props} trigger={trigger} />
}
