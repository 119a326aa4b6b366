import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { CallSummary } from '#contract/call.ts'
import { searchHitQuery } from '../../api/search-hits.ts'
import { formatDuration } from '../../format/duration.ts'
import { momentHref, useCallHref } from './call-href.ts'
import { highlightParts } from './highlight-parts.ts'

export type SearchLineProps = { call: CallSummary; search: string }

/** Where the search found its words: the words around them, with a way to that second of the call. */
export function SearchLine({ call, search }: SearchLineProps) {
  const { data: hit, isPending } = useQuery(searchHitQuery({ id: call.id, search }))
  const href = useCallHref(call.id)
  if (isPending) return <span className="h-[8px] w-[38%] rounded-full bg-ink/6" />
  if (!hit) return <span className="text-ink-faint">Found in the details of the call</span>
  const words = highlightParts(hit.text, hit.ranges).map((part, index) =>
    part.isHit ? (
      <mark
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text never change places
        key={index}
        className="rounded-[2px] bg-warn-soft text-ink"
      >
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  )
  const more = hit.segmentCount > 1 && (
    <span className="shrink-0 text-ink-faint tabular-nums">+{hit.segmentCount - 1} more</span>
  )
  if (hit.startSeconds === null) {
    return (
      <>
        <span className="min-w-0 truncate">{words}</span>
        {more}
      </>
    )
  }
  return (
    <>
      <Link
        to={momentHref(href, hit.startSeconds)}
        tabIndex={-1}
        draggable={false}
        className="group/hit relative z-1 flex min-w-0 gap-[6px] rounded-[3px] outline-none hover:text-ink"
      >
        <span className="shrink-0 text-accent tabular-nums group-hover/hit:underline">
          <span className="sr-only">Open at </span>
          {formatDuration(hit.startSeconds)}
        </span>{' '}
        <span className="min-w-0 truncate">{words}</span>
      </Link>
      {more}
    </>
  )
}
