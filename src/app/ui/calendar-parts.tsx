import { Popover as Base } from '@base-ui/react/popover'
import { ChevronDown, ChevronLeft, ChevronRight, ChevronUp } from 'lucide-react'
import { type ReactElement, useId, useState } from 'react'
import { type ChevronProps, DayPicker, dateMatchModifiers, type Matcher } from 'react-day-picker'
import { atDayEdge, isDayEdge } from '../format/date-time-text.ts'
import { Button, buttonClass } from './button.tsx'
import type { CalendarPopoverProps } from './calendar-props.ts'
import { classNames } from './class-names.ts'
import { CONTROL } from './field.tsx'
import { FLOATING } from './floating.ts'

/** Starts open. */
export function CalendarPopover(props: CalendarPopoverProps & { trigger: ReactElement }) {
  const [isOpen, setOpen] = useState(true)
  return (
    <Base.Root open={isOpen} onOpenChange={setOpen}>
      <Base.Trigger render={props.trigger} />
      <Base.Portal>
        <Base.Positioner align="end" sideOffset={4} collisionPadding={8} className="z-50">
          <Base.Popup
            aria-label={props.label}
            initialFocus={() => document.querySelector<HTMLElement>(FOCUSED_DAY) ?? true}
            className={classNames(
              FLOATING,
              'max-h-[var(--available-height)] max-w-[calc(100vw-16px)] overflow-y-auto p-[10px]',
            )}
          >
            <Calendar {...props} onDone={() => setOpen(false)} />
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

/** The one day that the Tab key reaches: the chosen one, or today. */
const FOCUSED_DAY = '[data-calendar] [role="gridcell"] button[tabindex="0"]'

function Calendar(props: CalendarPopoverProps & { onDone: () => void }) {
  const { value, onChange, hasTime = false, dayEdge = 'start', onDone } = props
  const chosen = toDate(value)
  const [month, setMonth] = useState(chosen ?? new Date())
  const { first, last } = toRange(props, chosen)

  const choose = (date: Date | null) => {
    onChange(date?.toISOString() ?? null)
    if (date) setMonth(date)
    if (!hasTime || !date) onDone()
  }
  const chooseDay = (day: Date) => {
    const keepsTime = hasTime && chosen && !isDayEdge(chosen, dayEdge)
    choose(keepsTime ? withTimeOf(day, chosen) : atDayEdge(day, dayEdge))
  }

  return (
    <div data-calendar className="flex flex-col gap-[8px]">
      <DayPicker
        mode="single"
        required
        selected={chosen ?? undefined}
        onSelect={chooseDay}
        month={month}
        onMonthChange={setMonth}
        startMonth={first}
        endMonth={last}
        disabled={toDisabled(props)}
        captionLayout="dropdown"
        navLayout="after"
        weekStartsOn={1}
        fixedWeeks
        showOutsideDays
        classNames={CALENDAR_CLASSES}
        components={{ Chevron: CalendarChevron }}
      />
      {hasTime && <TimeOfDay chosen={chosen} dayEdge={dayEdge} onChange={choose} />}
      <div className="flex items-center gap-[6px] border-t border-line pt-[8px]">
        <Button
          size="small"
          variant="quiet"
          disabled={dateMatchModifiers(new Date(), toDisabled(props))}
          onClick={() => chooseDay(new Date())}
        >
          Today
        </Button>
        <Button
          size="small"
          variant="quiet"
          disabled={value === null}
          onClick={() => {
            onChange(null)
            onDone()
          }}
        >
          Clear
        </Button>
        {hasTime && (
          <Button size="small" className="ml-auto" onClick={onDone}>
            Done
          </Button>
        )}
      </div>
    </div>
  )
}

type TimeOfDayProps = {
  chosen: Date | null
  dayEdge: 'start' | 'end'
  onChange: (date: Date) => void
}

function TimeOfDay({ chosen, dayEdge, onChange }: TimeOfDayProps) {
  const id = useId()
  const handleChange = (text: string) => {
    const [hours, minutes, seconds = 0] = text.split(':').map(Number)
    if (hours === undefined || minutes === undefined) return
    const date = new Date(chosen ?? Date.now())
    date.setHours(hours, minutes, seconds, 0)
    onChange(date)
  }
  const hasSeconds = chosen !== null && chosen.getSeconds() > 0 && !isDayEdge(chosen, dayEdge)
  return (
    <div className="flex items-center gap-[8px]">
      <label htmlFor={id} className="text-[12px] text-ink-soft">
        Time
      </label>
      <input
        id={id}
        type="time"
        step={hasSeconds ? 1 : 60}
        value={chosen ? toClock(chosen, { withSeconds: hasSeconds }) : ''}
        onChange={(event) => handleChange(event.target.value)}
        className={classNames(CONTROL, 'h-[28px] w-auto! px-[7px] tabular-nums')}
      />
      <span className="min-w-0 flex-1 truncate text-right text-[12px] text-ink-faint">
        {Intl.DateTimeFormat().resolvedOptions().timeZone}
      </span>
    </div>
  )
}

function CalendarChevron({ orientation }: ChevronProps) {
  const Icon = CHEVRONS[orientation ?? 'down']
  return <Icon size={15} aria-hidden="true" />
}

const CHEVRONS = { up: ChevronUp, down: ChevronDown, left: ChevronLeft, right: ChevronRight }

const NAV_BUTTON = classNames(buttonClass({ variant: 'quiet', size: 'small' }), 'w-[28px] px-0!')

/**
 * A narrow phone has room for seven columns of 40 px and no more. The select lies unseen over its label, which is what
 * one sees.
 */
const CALENDAR_CLASSES = {
  months: 'flex',
  month: 'relative w-full',
  month_caption: 'flex h-[28px] items-center pl-[4px]',
  dropdowns: 'flex items-center gap-[4px] font-semibold',
  dropdown_root:
    'relative inline-flex h-[26px] items-center rounded-[5px] px-[4px] hover:bg-ink/6 has-[select:focus-visible]:outline-2 has-[select:focus-visible]:outline-accent',
  dropdown:
    'absolute inset-0 size-full cursor-pointer appearance-none bg-raised text-ink opacity-0',
  caption_label: 'inline-flex items-center gap-[3px]',
  nav: 'absolute top-0 right-0 flex gap-[2px]',
  button_previous: NAV_BUTTON,
  button_next: NAV_BUTTON,
  month_grid: 'mt-[6px] w-full border-collapse',
  weekday: 'h-[24px] text-center text-[12px] font-normal text-ink-faint',
  day: 'group p-[1px] text-center',
  day_button:
    'mx-auto flex h-[32px] w-[36px] items-center justify-center rounded-[6px] tabular-nums enabled:hover:bg-ink/8 disabled:text-ink-faint disabled:line-through group-data-outside:text-ink-faint group-data-today:font-semibold group-data-today:text-accent group-data-today:underline group-data-today:underline-offset-[3px] group-data-selected:bg-accent! group-data-selected:text-accent-ink! focus-visible:outline-offset-1',
}

function toDate(iso: string | null | undefined): Date | null {
  if (!iso) return null
  const date = new Date(iso)
  return Number.isNaN(date.getTime()) ? null : date
}

function withTimeOf(day: Date, time: Date): Date {
  const date = new Date(day)
  date.setHours(time.getHours(), time.getMinutes(), time.getSeconds(), time.getMilliseconds())
  return date
}

function toClock(date: Date, { withSeconds }: { withSeconds: boolean }): string {
  const parts = [date.getHours(), date.getMinutes(), ...(withSeconds ? [date.getSeconds()] : [])]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

const YEARS_BACK = 10

/** The months to page through: as far as allowed, else from ten years ago to next year, and the chosen one in any case. */
function toRange({ min, max }: CalendarPopoverProps, chosen: Date | null) {
  const now = new Date()
  const first = toDate(min) ?? new Date(now.getFullYear() - YEARS_BACK, 0, 1)
  const last = toDate(max) ?? new Date(now.getFullYear() + 1, 11, 31)
  return {
    first: chosen && chosen < first ? chosen : first,
    last: chosen && chosen > last ? chosen : last,
  }
}

function toDisabled({ min, max }: CalendarPopoverProps): Matcher[] {
  const before = toDate(min)
  const after = toDate(max)
  return [...(before ? [{ before }] : []), ...(after ? [{ after }] : [])]
}
