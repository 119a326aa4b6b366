import { Link, useLocation } from 'react-router'
import { classNames } from '../../ui/class-names.ts'
import { type Pane, withPane } from './pane.ts'

const LABEL: Record<Pane, string> = {
  conversation: 'Conversation',
  results: 'Results',
  details: 'Details',
  comments: 'Comments',
}

export type PaneLinksProps = {
  panes: readonly Pane[]
  shown: Pane
  /** Results that are bad news; 0 for none. */
  failedCount: number
  /** Threads of comments that nobody resolved; 0 for none. */
  openCommentCount: number
  onLeave: () => void
}

/** The panes that take turns in one place, as links: which one is open is in the address. */
export function PaneLinks(props: PaneLinksProps) {
  const { panes, shown, failedCount, openCommentCount, onLeave } = props
  const { search } = useLocation()
  return (
    <nav aria-label="Parts of this call" className="flex gap-[2px]">
      {panes.map((pane) => (
        <Link
          key={pane}
          to={{ search: withPane(search, pane) }}
          replace
          onClick={onLeave}
          aria-current={pane === shown ? 'true' : undefined}
          className={classNames(
            'flex h-[36px] items-center gap-[5px] border-b-2 px-[8px] text-[13px] font-medium',
            pane === shown
              ? 'border-accent text-ink'
              : 'border-transparent text-ink-soft hover:text-ink',
          )}
        >
          {LABEL[pane]}
          {pane === 'results' && failedCount > 0 && (
            <span className="rounded-[4px] bg-fail-soft px-[5px] text-[11px] leading-[17px] text-fail tabular-nums">
              {failedCount}
              <span className="sr-only"> failed</span>
            </span>
          )}
          {pane === 'comments' && openCommentCount > 0 && (
            <span className="rounded-[4px] bg-idle-soft px-[5px] text-[11px] leading-[17px] text-ink tabular-nums">
              {openCommentCount}
              <span className="sr-only"> open</span>
            </span>
          )}
        </Link>
      ))}
    </nav>
  )
}
