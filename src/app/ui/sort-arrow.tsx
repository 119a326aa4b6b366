import { ArrowDown, ArrowUp } from 'lucide-react'
import { classNames } from './class-names.ts'

/** What `aria-sort` of a column says. */
export const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const

type SortArrowProps = {
  /** Null and false: the table is in another column's order. */
  direction: 'asc' | 'desc' | null | false
}

/** Which way a column is sorted; of others it shows while the `group/sort` around it is pointed at. */
export function SortArrow({ direction }: SortArrowProps) {
  const Icon = direction === 'asc' ? ArrowUp : ArrowDown
  return (
    <Icon
      size={12}
      aria-hidden="true"
      className={classNames(
        'shrink-0',
        direction ? 'text-accent' : 'opacity-0 group-hover/sort:opacity-60',
      )}
    />
  )
}
