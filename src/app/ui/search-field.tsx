import { Search, X } from 'lucide-react'
import { type ComponentProps, type ReactNode, useRef } from 'react'
import { classNames } from './class-names.ts'
import { CONTROL } from './field.tsx'
import { Kbd } from './kbd.tsx'

type NotNative = 'id' | 'value' | 'onChange' | 'aria-label'

export type SearchFieldProps = Omit<ComponentProps<'input'>, NotNative> & {
  label: string
  value: string
  onChange: (value: string) => void
  /** The key that focuses it, shown while it is empty. */
  shortcut?: string
  /** Drawn at the end, such as a spinner. */
  trailing?: ReactNode
}

/** A search box with its label hidden, a clear button, and Escape to clear. */
export function SearchField(props: SearchFieldProps) {
  const { label, value, onChange, shortcut, trailing, className, ref, ...rest } = props
  const own = useRef<HTMLInputElement>(null)
  const clear = () => {
    onChange('')
    own.current?.focus()
  }
  return (
    <div className={classNames('relative', className)}>
      <Search
        size={14}
        aria-hidden="true"
        className="pointer-events-none absolute top-[8px] left-[9px] text-ink-faint"
      />
      <input
        autoComplete="off"
        {...rest}
        ref={(node) => {
          own.current = node
          if (typeof ref === 'function') return ref(node)
          if (ref) ref.current = node
        }}
        type="search"
        aria-label={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          rest.onKeyDown?.(event)
          if (event.key === 'Escape' && value) clear()
        }}
        className={classNames(
          CONTROL,
          'h-[30px] pr-[34px] pl-[29px] [&::-webkit-search-cancel-button]:hidden',
        )}
      />
      <div className="absolute top-[3px] right-[3px] flex h-[24px] items-center">
        {trailing}
        {value ? (
          <button
            type="button"
            aria-label="Clear search"
            onClick={clear}
            className="flex size-[24px] items-center justify-center rounded-[4px] text-ink-faint hover:text-ink"
          >
            <X size={14} />
          </button>
        ) : (
          shortcut && (
            <span className="pr-[4px]">
              <Kbd keys={shortcut} />
            </span>
          )
        )}
      </div>
    </div>
  )
}
