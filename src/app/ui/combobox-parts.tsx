import { Combobox as Base } from '@base-ui/react/combobox'
import { Check, ChevronDown, Search } from 'lucide-react'
import { useMemo, useState } from 'react'
import { classNames } from './class-names.ts'
import {
  type ComboboxGroup,
  type ComboboxOption,
  type ComboboxProps,
  findOption,
} from './combobox-props.ts'
import { controlProps } from './field.tsx'
import { createGroupFilter } from './filter-groups.ts'
import { FLOATING } from './floating.ts'
import { SELECT_TRIGGER } from './select-props.ts'

export type ComboboxListProps = ComboboxProps & { id: string }

/** The control of a `Combobox`. Starts open. */
export function ComboboxList(props: ComboboxListProps) {
  const { id, label, groups, value, onChange, placeholder, isDisabled, moreOptions } = props
  const { focusOnClose } = props
  const [query, setQuery] = useState('')
  const filter = useMemo(() => createGroupFilter(groups), [groups])
  const all = useMemo(() => toBaseGroups(groups), [groups])
  const found = useMemo(() => {
    const more = query.trim() === '' ? null : moreOptions?.(query)
    return toBaseGroups(more ? [...filter(query), more] : filter(query))
  }, [filter, query, moreOptions])
  const chosen = useMemo(() => findOption(groups, value), [groups, value])

  return (
    <Base.Root
      items={all}
      filteredItems={found}
      value={chosen}
      onValueChange={(option) => option && onChange(option.value)}
      isItemEqualToValue={(option, other) => option.value === other.value}
      inputValue={query}
      onInputValueChange={(text) => setQuery(text)}
      autoHighlight
      disabled={isDisabled}
      defaultOpen
    >
      <Base.Trigger
        {...controlProps(id, props)}
        className={classNames(
          SELECT_TRIGGER,
          props.size === 'small' && 'h-[26px]!',
          props.className,
        )}
      >
        <span className={classNames('min-w-0 truncate', value === null && 'text-ink-faint')}>
          {chosen?.label ?? value ?? placeholder}
        </span>
        <Base.Icon className="shrink-0 text-ink-faint">
          <ChevronDown size={14} />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-50 outline-none"
        >
          <Base.Popup
            aria-label={label}
            finalFocus={() => focusOnClose?.() ?? true}
            className={classNames(
              FLOATING,
              'flex max-h-[min(420px,var(--available-height))] w-[max(var(--anchor-width),300px)] max-w-[min(420px,calc(100vw-16px))] flex-col',
            )}
          >
            <div className="relative border-b border-line">
              <Search
                size={14}
                aria-hidden="true"
                className="pointer-events-none absolute top-[10px] left-[10px] text-ink-faint"
              />
              <Base.Input
                aria-label={`Search: ${label}`}
                placeholder={props.searchPlaceholder ?? 'Search…'}
                className="h-[34px] w-full rounded-t-[8px] bg-transparent pr-[10px] pl-[31px] text-ink outline-none placeholder:text-ink-faint focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent"
              />
            </div>
            <Base.Empty>
              <p className="px-[12px] py-[14px] text-ink-faint">Nothing matches “{query}”.</p>
            </Base.Empty>
            <Base.List className="min-h-0 flex-1 scroll-py-[26px] overflow-y-auto overscroll-contain p-[4px] outline-none data-empty:p-0">
              {(group: BaseGroup) => <OptionGroup key={group.label} group={group} />}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

type BaseGroup = { label: string; items: readonly ComboboxOption[] }

function OptionGroup({ group }: { group: BaseGroup }) {
  return (
    <Base.Group items={group.items} className="pb-[4px] last:pb-0">
      <Base.GroupLabel className="px-[8px] pt-[4px] pb-[2px] text-[12px] font-medium text-ink-faint select-none">
        {group.label}
      </Base.GroupLabel>
      <Base.Collection>
        {(option: ComboboxOption) => <OptionItem key={option.value} option={option} />}
      </Base.Collection>
    </Base.Group>
  )
}

function OptionItem({ option }: { option: ComboboxOption }) {
  return (
    <Base.Item
      value={option}
      className="flex min-h-[28px] cursor-default items-center gap-[8px] rounded-[5px] px-[8px] py-[4px] outline-none select-none data-highlighted:bg-ink/8"
    >
      <span className="min-w-0 flex-1">
        <span className="block truncate">{option.label}</span>
        {option.detail && (
          <span className="block truncate text-[12px] leading-[16px] text-ink-faint">
            {option.detail}
          </span>
        )}
      </span>
      <Base.ItemIndicator render={<Check size={14} className="shrink-0" />} />
      {option.hint && (
        <span className="max-w-[40%] shrink-0 truncate text-[12px] text-ink-faint">
          {option.hint}
        </span>
      )}
    </Base.Item>
  )
}

function toBaseGroups(groups: readonly ComboboxGroup[]): BaseGroup[] {
  return groups.map(({ label, options }) => ({ label, items: options }))
}
