import { History } from 'lucide-react'
import { useState } from 'react'
import type { FilterOp } from '#contract/filter.ts'
import type { TimeUnit } from '#contract/filter-time.ts'
import { formatDateTimeText, parseDateTimeText } from '../format/date-time-text.ts'
import { IconButton } from '../ui/button.tsx'
import { DateTimeField } from '../ui/date-time-field.tsx'
import { NumberField } from '../ui/number-field.tsx'
import { Popover } from '../ui/popover.tsx'
import { Select } from '../ui/select.tsx'
import type { RuleValue } from './edit-tree.ts'
import {
  type RelativeTime,
  readRelative,
  relativeOptions,
  spellRelative,
  TIME_UNIT_NAME,
} from './relative-time.ts'

type TimeValueProps = {
  value: RuleValue | undefined
  op: FilterOp
  onChange: (value: string | undefined) => void
}

/** A day or a moment, from a calendar or relative to now. */
export function TimeValue({ value, op, onChange }: TimeValueProps) {
  const text = typeof value === 'string' ? value : null
  const isDay = op === 'eq' || op === 'neq'
  const take = (next: string | null) => {
    if (next === null) return onChange(undefined)
    onChange(isDay && readRelative(next) === null ? formatDateTimeText(next) : next)
  }
  return (
    <div className="flex min-w-0 items-start gap-[2px]">
      <DateTimeField
        label="Time"
        isLabelHidden
        size="small"
        hasTime
        hint={isDay || isUtcDay(text) ? 'Days are counted in UTC.' : undefined}
        className="min-w-[130px] flex-1"
        // `lt` and `lte` mean the end of a day, as the language does.
        dayEdge={op === 'lt' || op === 'lte' ? 'end' : 'start'}
        placeholder="Date, or 7 days ago"
        // To equal a date is to be within that day, so a day stays a day there and is no moment.
        value={isDay && text !== null && DAY.test(text) ? parseDateTimeText(text) : text}
        onChange={take}
        options={relativeOptions(text)}
      />
      <RelativePopover value={text} onChange={onChange} />
    </div>
  )
}

/** A day as the filter means it; a moment is shown in the viewer's own time. */
function isUtcDay(text: string | null): boolean {
  if (text === null) return false
  return DAY.test(text) || readRelative(text)?.base === 'today'
}

const DAY = /^\d{4}-\d{2}-\d{2}$/

const FIRST: RelativeTime = { base: 'now', amount: 7, unit: 'd' }

function RelativePopover({
  value,
  onChange,
}: {
  value: string | null
  onChange: (value: string) => void
}) {
  const [isOpen, setOpen] = useState(false)
  const time = (value === null ? null : readRelative(value)) ?? FIRST
  const change = (part: Partial<RelativeTime>) => onChange(spellRelative({ ...time, ...part }))
  return (
    <Popover
      isOpen={isOpen}
      onOpenChange={setOpen}
      align="end"
      title="So long ago"
      trigger={
        <IconButton label="Relative time" size="small">
          <History size={14} />
        </IconButton>
      }
    >
      <div className="flex items-end gap-[6px]">
        <div className="w-[70px]">
          <NumberField
            label="How many"
            isLabelHidden
            isWhole
            min={0}
            max={9999}
            value={time.amount}
            onChange={(amount) => amount !== null && change({ amount })}
          />
        </div>
        <div className="w-[112px]">
          <Select
            label="Unit"
            isLabelHidden
            value={time.unit}
            onChange={(unit) => change({ unit })}
            options={UNITS}
          />
        </div>
        <div className="w-[150px]">
          <Select
            label="Counted from"
            isLabelHidden
            value={time.base}
            onChange={(base) => change({ base })}
            options={BASES}
          />
        </div>
      </div>
    </Popover>
  )
}

const UNITS = (Object.keys(TIME_UNIT_NAME) as TimeUnit[]).map((value) => ({
  value,
  label: TIME_UNIT_NAME[value],
}))

const BASES = [
  { value: 'now', label: 'before now' },
  { value: 'today', label: 'before today (UTC)' },
] as const
