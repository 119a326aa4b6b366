import { Check, Copy } from 'lucide-react'
import { useContext } from 'react'
import type { CallSummary } from '#contract/call.ts'
import { formatCount } from '../../format/count.ts'
import { UNKNOWN } from '../../format/duration.ts'
import { classNames } from '../../ui/class-names.ts'
import { useCopy } from '../../ui/copy-button.tsx'
import { useCallHref } from './call-href.ts'
import { IsRowAtHand } from './row-frame.tsx'

/** The id with its end always readable: ids of one sender often differ in their last characters only. */
export function CallIdCell({ call }: { call: CallSummary }) {
  const isAtHand = useContext(IsRowAtHand)
  return (
    <span className="flex min-w-0 items-center gap-[2px]">
      <CallLink call={call} className="font-mono text-[12px]" />
      {/* Its room is kept, so that the id does not change under the pointer. */}
      <span className="size-[24px] shrink-0">
        {isAtHand && <CopyCallId key={call.id} callId={call.callId} />}
      </span>
    </span>
  )
}

const TAIL_LENGTH = 6

type CallLinkProps = {
  call: CallSummary
  /** Instead of the id. */
  text?: string
  className?: string
}

/** The link that fills its row. Out of the tab order: the grid holds the focus and Enter opens. */
export function CallLink({ call, text, className }: CallLinkProps) {
  const href = useCallHref(call.id)
  return (
    <a
      href={href}
      tabIndex={-1}
      draggable={false}
      title={text ? undefined : call.callId}
      aria-label={text ?? call.callId}
      className={classNames(
        'flex min-w-0 text-ink outline-none after:absolute after:inset-0',
        className,
      )}
    >
      {text ? <span className="truncate">{text}</span> : <MiddleTruncated text={call.callId} />}
    </a>
  )
}

function MiddleTruncated({ text }: { text: string }) {
  return (
    <>
      {/* A whole number of characters wide, or a gap would stand between the ellipsis and the end. */}
      <span className="max-w-[calc(round(down,100%-6ch,1ch)+1px)] truncate whitespace-pre">
        {text.slice(0, -TAIL_LENGTH)}
      </span>
      <span className="shrink-0 whitespace-pre">{text.slice(-TAIL_LENGTH)}</span>
    </>
  )
}

function CopyCallId({ callId }: { callId: string }) {
  const { copy, isCopied } = useCopy()
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={isCopied ? 'Copied' : 'Copy call ID'}
      title="Copy call ID (c)"
      onClick={() => copy(callId)}
      className="relative z-1 flex size-[24px] shrink-0 items-center justify-center rounded-[4px] text-ink-faint hover:bg-line hover:text-ink"
    >
      {isCopied ? <Check size={13} className="text-pass" /> : <Copy size={13} />}
    </button>
  )
}

/** A count; null is not known, and none is nothing to look at. */
export function CountCell({ count }: { count: number | null }) {
  if (count === null) return <TextCell text="" />
  return <span className={count === 0 ? 'text-ink-faint' : undefined}>{formatCount(count)}</span>
}

/** As many tags as fit; what is cut off is in the tooltip. */
export function TagsCell({ tags }: { tags: readonly string[] }) {
  if (tags.length === 0) return null
  return (
    <span title={tags.join(', ')} className="flex min-w-0 items-center gap-[4px] overflow-hidden">
      {tags.map((tag) => (
        <span
          key={tag}
          className="max-w-full shrink-0 truncate rounded-[4px] bg-idle-soft px-[6px] text-[12px] leading-[20px] text-ink-soft"
        >
          {tag}
        </span>
      ))}
    </span>
  )
}

/** One line of text; an empty one is not known. */
export function TextCell({ text }: { text: string }) {
  if (text) return text
  return (
    <span className="text-ink-faint">
      <span aria-hidden="true">{UNKNOWN}</span>
      <span className="sr-only">Unknown</span>
    </span>
  )
}
