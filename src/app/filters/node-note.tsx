import { Check, X } from 'lucide-react'
import type { FilterScalar } from '#contract/filter.ts'
import { type FilterNames, valueText } from '#contract/filter-words.ts'
import { formatCount } from '../format/count.ts'
import { classNames } from '../ui/class-names.ts'
import { Skeleton } from '../ui/skeleton.tsx'

/** What is known of a node beside its words. */
export type NodeNote = {
  /** How many more calls there would be without it; negative: it lets that many in. Null while it is counted. */
  takesAway?: number | null
  /** Of the call that is being explained. */
  check?: { holds: boolean; isSkipped: boolean; actual: readonly FilterScalar[] }
}

/** How many calls a node costs, or lets in. As wide while it loads. */
export function CountNote({ takesAway }: { takesAway: number | null }) {
  return (
    <span className="flex min-w-[98px] justify-end text-[12px] whitespace-nowrap text-ink-soft tabular-nums">
      {takesAway === null ? <Skeleton className="h-[10px] w-[84px]" /> : countText(takesAway)}
    </span>
  )
}

function countText(takesAway: number): string {
  if (takesAway === 0) return 'takes none away'
  const size = formatCount(Math.abs(takesAway))
  return takesAway > 0 ? `takes away ${size}` : `lets in ${size}`
}

type CheckNoteProps = {
  check: NonNullable<NodeNote['check']>
  /** The values it looked at, in words. */
  actual: string | null
}

/** Whether a node holds for the explained call, and the value it looked at. */
export function CheckNote({ check, actual }: CheckNoteProps) {
  if (check.isSkipped) return <span className="text-[12px] text-ink-faint">not asked</span>
  const { holds } = check
  const Icon = holds ? Check : X
  return (
    <span
      className={classNames(
        'flex min-w-0 items-center gap-[4px] text-[12px]',
        holds ? 'text-pass' : 'text-fail',
      )}
    >
      <Icon size={13} strokeWidth={2.5} aria-hidden="true" className="shrink-0" />
      <span className="shrink-0 font-medium">{holds ? 'holds' : 'does not hold'}</span>
      {actual !== null && (
        <span className="min-w-0 max-w-[220px] truncate text-ink-soft" title={actual}>
          {actual}
        </span>
      )}
    </span>
  )
}

/** `it is 1m 30s`, `it is “gold”, “silver”` each once, `it has none`. */
export function actualText(
  field: string,
  actual: readonly FilterScalar[],
  names: FilterNames,
): string {
  if (actual.length === 0) return 'it has none'
  const value = [...new Set(actual)]
  return `it is ${valueText({ field, op: 'in', value }, names)}`
}
