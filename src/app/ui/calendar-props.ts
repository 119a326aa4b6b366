import type { DayEdge } from '../format/date-time-text.ts'

export type CalendarPopoverProps = {
  /** Name of the button and of what it opens: "Choose the first day". */
  label: string
  /** ISO 8601 in UTC, shown in the viewer's time zone; null: no day chosen. */
  value: string | null
  /** ISO 8601 in UTC. Null after "Clear". */
  onChange: (value: string | null) => void
  /** Asks for a time of day as well; without it a click on a day is all, and closes. */
  hasTime?: boolean
  /** Which end of the day a date without a time stands for. Default `start`. */
  dayEdge?: DayEdge
  /** The first and last day on offer, ISO 8601. */
  min?: string
  max?: string
  size?: 'small' | 'medium'
  isDisabled?: boolean
  className?: string
}
