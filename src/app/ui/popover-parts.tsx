import { Popover as Base } from '@base-ui/react/popover'
import { classNames } from './class-names.ts'
import { FLOATING } from './floating.ts'
import type { PopoverProps } from './popover-props.ts'

/** Starts open, unless controlled. */
export function Popover(props: PopoverProps) {
  const { trigger, title, children, align = 'start', side, isOpen, onOpenChange } = props
  return (
    <Base.Root defaultOpen open={isOpen} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50"
        >
          <Base.Popup
            className={classNames(
              FLOATING,
              'max-h-[var(--available-height)] max-w-[min(420px,calc(100vw-16px))] overflow-y-auto p-[12px]',
            )}
          >
            {title && <Base.Title className="mb-[8px] font-semibold">{title}</Base.Title>}
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
