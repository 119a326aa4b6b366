import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import { classNames } from './class-names.ts'
import { FLOATING } from './floating.ts'
import { Kbd } from './kbd.tsx'
import type { MenuItemProps, MenuProps, MenuRadioGroupProps } from './menu-props.ts'

const ITEM =
  'flex min-h-[28px] cursor-default items-center gap-[8px] rounded-[5px] px-[8px] py-[4px] outline-none select-none data-disabled:opacity-50 data-highlighted:bg-ink/8'

/** Starts open, unless controlled. */
export function Menu({
  trigger,
  children,
  align = 'start',
  side,
  isOpen,
  onOpenChange,
}: MenuProps) {
  return (
    <Base.Root modal={false} defaultOpen open={isOpen} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner
          align={align}
          side={side}
          sideOffset={4}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup
            className={classNames(
              FLOATING,
              'max-h-[var(--available-height)] min-w-[180px] max-w-[min(340px,calc(100vw-16px))] overflow-y-auto p-[4px]',
            )}
          >
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export function MenuItem({ children, onSelect, icon, shortcut, tone, isDisabled }: MenuItemProps) {
  return (
    <Base.Item
      disabled={isDisabled}
      onClick={onSelect}
      className={classNames(ITEM, tone === 'danger' && 'text-fail')}
    >
      {icon && <span className="text-ink-faint">{icon}</span>}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {shortcut && <Kbd keys={shortcut} />}
    </Base.Item>
  )
}

export function MenuRadioGroup<Value extends string>({
  label,
  options,
  value,
  onChange,
}: MenuRadioGroupProps<Value>) {
  return (
    <Base.Group>
      <Base.GroupLabel className="px-[8px] pt-[4px] pb-[2px] text-[12px] text-ink-faint">
        {label}
      </Base.GroupLabel>
      <Base.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <Base.RadioItem key={option.value} value={option.value} closeOnClick className={ITEM}>
            {option.icon && <span className="text-ink-faint">{option.icon}</span>}
            <span className="min-w-0 flex-1 truncate">{option.label}</span>
            <Base.RadioItemIndicator render={<Check size={14} />} />
          </Base.RadioItem>
        ))}
      </Base.RadioGroup>
    </Base.Group>
  )
}
