import { classNames } from '../ui/class-names.ts'
import { MARK_KINDS, MARK_ORDER } from './mark-kinds.tsx'
import type { Mark, MarkKind } from './marks.ts'

export type MarkLegendProps = {
  /** All marks of the call. */
  marks: readonly Mark[]
  hidden: ReadonlySet<MarkKind>
  onToggle: (kind: MarkKind) => void
}

/** What the marks mean, how many there are, and a switch for each kind that occurs. */
export function MarkLegend({ marks, hidden, onToggle }: MarkLegendProps) {
  const counts = Map.groupBy(marks, (mark) => mark.kind)
  const kinds = MARK_ORDER.filter((kind) => counts.has(kind))
  if (kinds.length === 0) return null
  return (
    <fieldset className="flex min-w-0 flex-wrap items-center gap-x-[2px]">
      <legend className="sr-only">Marks shown under the waveform</legend>
      {kinds.map((kind) => {
        const { plural, Icon, tone } = MARK_KINDS[kind]
        const isShown = !hidden.has(kind)
        return (
          <button
            key={kind}
            type="button"
            aria-pressed={isShown}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onToggle(kind)}
            className={classNames(
              'flex h-[24px] items-center gap-[5px] rounded-[5px] px-[6px] text-[12px] hover:bg-hover',
              isShown ? 'text-ink-soft' : 'text-ink-faint line-through',
            )}
          >
            <Icon size={13} aria-hidden="true" className={isShown ? tone : 'opacity-60'} />
            <span className="max-md:sr-only">{plural}</span>
            <span className="text-ink-faint tabular-nums">{counts.get(kind)?.length}</span>
          </button>
        )
      })}
    </fieldset>
  )
}
