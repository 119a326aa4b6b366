import { Quote, SearchX } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { Evidence } from '#contract/metric-result.ts'
import { formatDuration } from '../format/duration.ts'
import { classNames } from '../ui/class-names.ts'
import { hasPlace } from './evidence-moments.ts'

export type EvidenceListProps = {
  evidence: readonly Evidence[]
  /** Place in the list of the one that is shown in the transcript; null for none. */
  shownIndex: number | null
  onShow: (index: number) => void
}

/** What a result rests on: each a button to its moment, and what the judge made up said to be so. */
export function EvidenceList({ evidence, shownIndex, onShow }: EvidenceListProps) {
  if (evidence.length === 0) return null
  return (
    <ul aria-label="Evidence" className="flex flex-col gap-[4px]">
      {evidence.map((each, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what names a piece of evidence
        <li key={index}>
          {hasPlace(each) ? (
            <PlaceButton
              evidence={each}
              isShown={index === shownIndex}
              onShow={() => onShow(index)}
            />
          ) : (
            <Unplaced evidence={each} />
          )}
        </li>
      ))}
    </ul>
  )
}

const BOX = 'flex w-full items-start gap-[7px] rounded-[5px] px-[7px] py-[4px] text-left'

type PlaceButtonProps = { evidence: Evidence; isShown: boolean; onShow: () => void }

function PlaceButton({ evidence, isShown, onShow }: PlaceButtonProps) {
  const { startSeconds } = evidence
  const button = useRef<HTMLButtonElement>(null)
  useEffect(() => {
    // Keys walk through the evidence of all metrics.
    if (isShown) button.current?.scrollIntoView({ block: 'nearest' })
  }, [isShown])
  return (
    <button
      ref={button}
      type="button"
      aria-pressed={isShown}
      // A click leaves the focus where it is, so that space goes on to play and pause.
      onMouseDown={(event) => event.preventDefault()}
      onClick={onShow}
      className={classNames(
        BOX,
        'min-h-[28px] border',
        isShown ? 'border-accent bg-accent-soft' : 'border-line bg-surface hover:bg-hover',
      )}
    >
      <Quote size={12} aria-hidden="true" className="mt-[3px] shrink-0 text-accent" />
      {startSeconds !== null && (
        <span className="shrink-0 leading-[18px] text-ink-soft tabular-nums">
          {formatDuration(startSeconds)}
        </span>
      )}
      <Words evidence={evidence} />
    </button>
  )
}

function Unplaced({ evidence }: { evidence: Evidence }) {
  return (
    <div className={classNames(BOX, 'border border-dashed border-line-strong text-ink-soft')}>
      <SearchX size={12} aria-hidden="true" className="mt-[3px] shrink-0" />
      <div className="min-w-0">
        {!evidence.isFound && <p className="leading-[18px] font-medium">Not found in this call</p>}
        <Words evidence={evidence} />
      </div>
    </div>
  )
}

function Words({ evidence: { quote, note } }: { evidence: Evidence }) {
  return (
    <span className="min-w-0 leading-[18px] wrap-anywhere">
      {quote !== '' && <span dir="auto">“{quote}”</span>}
      {note !== '' && <span className="block text-ink-soft">{note}</span>}
    </span>
  )
}
