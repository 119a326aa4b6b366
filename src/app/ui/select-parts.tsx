import { Select as Base } from '@base-ui/react/select'
import { Check, ChevronDown } from 'lucide-react'
import { classNames } from './class-names.ts'
import { controlProps } from './field.tsx'
import { FLOATING } from './floating.ts'
import { SELECT_TRIGGER, type SelectProps } from './select-props.ts'

export type SelectListProps<Value extends string | number | null> = SelectProps<Value> & {
  id: string
}

/** The control of a `Select`. Starts open. */
export function SelectList<Value extends string | number | null>(props: SelectListProps<Value>) {
  const { id, options, value, onChange, isDisabled } = props
  return (
    <Base.Root
      items={options}
      value={value}
      onValueChange={(next) => onChange(next as Value)}
      disabled={isDisabled}
      modal={false}
      defaultOpen
    >
      <Base.Trigger
        {...controlProps(id, props)}
        className={classNames(SELECT_TRIGGER, props.className)}
      >
        <Base.Value
          placeholder={props.placeholder}
          className="min-w-0 truncate data-placeholder:text-ink-faint"
        />
        <Base.Icon className="text-ink-faint">
          <ChevronDown size={14} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          sideOffset={4}
          collisionPadding={8}
          alignItemWithTrigger={false}
          className="z-50 outline-none"
        >
          <Base.Popup
            className={classNames(
              FLOATING,
              'max-h-[min(360px,var(--available-height))] min-w-[max(var(--anchor-width),150px)] max-w-[min(380px,calc(100vw-16px))] overflow-y-auto p-[4px]',
            )}
          >
            <Base.List>
              {options.map((option) => (
                <Base.Item
                  key={String(option.value)}
                  value={option.value}
                  className="flex min-h-[28px] cursor-default items-center gap-[8px] rounded-[5px] px-[8px] py-[4px] outline-none select-none data-highlighted:bg-ink/8"
                >
                  <span className="min-w-0 flex-1">
                    <Base.ItemText className="block truncate">{option.label}</Base.ItemText>
                    {option.description && (
                      <span className="block text-[12px] leading-[16px] text-ink-faint">
                        {option.description}
                      </span>
                    )}
                  </span>
                  <Base.ItemIndicator render={<Check size={14} />} />
                </Base.Item>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
