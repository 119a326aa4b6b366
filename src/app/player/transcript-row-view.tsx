import { ChevronRight, TriangleAlert, Wrench } from 'lucide-react'
import { memo } from 'react'
import { formatDuration, formatPosition } from '../format/duration.ts'
import { classNames } from '../ui/class-names.ts'
import { milliseconds } from './marks.ts'
import { unwrapJsonText } from './pretty-json.ts'
import { ToolDetails } from './tool-details.tsx'
import type { EventRow, SpeechRow, ToolRow, TranscriptRow } from './transcript-rows.ts'

export type TranscriptRowViewProps = {
  row: TranscriptRow
  /** Null where a row cannot be sought. */
  onSeek: ((seconds: number) => void) | null
  /** Tools only: whether arguments and result are shown. */
  isOpen: boolean
  onToggle: (position: number) => void
}

/** One row; whether it is the current one is marked on its container, without a render. */
export const TranscriptRowView = memo(function TranscriptRowView(props: TranscriptRowViewProps) {
  const { row, onSeek, isOpen, onToggle } = props
  return (
    <div
      className={classNames(
        'grid grid-cols-[58px_minmax(0,1fr)] max-md:grid-cols-[50px_minmax(0,1fr)]',
        isTurnStart(row) && 'pt-[9px]',
      )}
    >
      <TimeButton row={row} onSeek={onSeek} />
      {row.kind === 'speech' && <Speech row={row} onSeek={onSeek} />}
      {row.kind === 'tool' && <Tool row={row} isOpen={isOpen} onToggle={onToggle} />}
      {row.kind === 'event' && <EventLine row={row} />}
    </div>
  )
})

function isTurnStart(row: TranscriptRow): boolean {
  return row.kind !== 'speech' || !row.isContinuation
}

const TIME = 'h-[24px] self-start pr-[10px] text-right text-[12px] leading-[24px] tabular-nums'

function TimeButton({ row, onSeek }: Pick<TranscriptRowViewProps, 'row' | 'onSeek'>) {
  const { startSeconds, timing } = row
  if (startSeconds === null) return <span aria-hidden="true" className={TIME} />

  const isEstimated = timing === 'estimated'
  const time = `${isEstimated ? '≈' : ''}${formatDuration(startSeconds)}`
  const offset = row.kind === 'speech' && !row.isContinuation && 'max-md:mt-[18px]'
  if (!onSeek) return <span className={classNames(TIME, 'text-ink-faint', offset)}>{time}</span>
  return (
    <button
      type="button"
      title={
        isEstimated
          ? 'The sender gave no time here; this one is estimated'
          : formatPosition(startSeconds)
      }
      aria-label={`Go to ${isEstimated ? 'about ' : ''}${formatDuration(startSeconds)}`}
      // A click leaves the focus where it is, so that space goes on to play and pause.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => onSeek(startSeconds)}
      className={classNames(
        TIME,
        'rounded-[4px] text-ink-faint hover:text-accent hover:underline',
        'group-aria-[current=true]/row:text-ink',
        offset,
      )}
    >
      {time}
    </button>
  )
}

const VOICE = {
  agent: {
    label: 'Agent',
    text: 'text-agent',
    rule: 'border-agent/30 group-aria-[current=true]/row:border-agent group-aria-[current=true]/row:bg-agent-soft',
    indent: '',
  },
  caller: {
    label: 'Caller',
    text: 'text-caller',
    rule: 'border-caller/30 group-aria-[current=true]/row:border-caller group-aria-[current=true]/row:bg-caller-soft',
    indent: 'ml-[28px] max-md:ml-[14px]',
  },
  party: {
    label: '',
    text: 'text-ink-soft',
    rule: 'border-dashed border-line-strong group-aria-[current=true]/row:bg-selected group-aria-[current=true]/row:border-solid',
    indent: 'ml-[28px] max-md:ml-[14px]',
  },
}

const LABEL =
  'pr-[8px] text-[12px] break-words leading-[18px] font-medium md:pt-[2px] md:leading-[21px]'

function Speech({ row, onSeek }: { row: SpeechRow; onSeek: TranscriptRowViewProps['onSeek'] }) {
  const { segment, isContinuation, startSeconds } = row
  const voice = segment.party ? VOICE.party : VOICE[segment.speaker]
  const isSeekable = onSeek !== null && startSeconds !== null

  const handleClick = () => {
    // The end of a selection is not a click.
    if (isSeekable && getSelection()?.isCollapsed !== false) onSeek(startSeconds)
  }

  return (
    <div className="md:grid md:grid-cols-[68px_minmax(0,1fr)]">
      <p className={classNames(LABEL, voice.text, isContinuation && 'max-md:hidden')}>
        {!isContinuation && (segment.party ?? voice.label)}
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: a larger target for the time button beside it, which has the keys */}
      <div
        onClick={handleClick}
        className={classNames(
          'rounded-r-[4px] border-l-2 py-[2px] pr-[8px] pl-[12px] text-[14px] leading-[21px] break-words',
          voice.rule,
          voice.indent,
          isSeekable && 'cursor-pointer hover:bg-hover',
        )}
      >
        <span data-words dir="auto">
          {segment.text}
        </span>
        {segment.isInterrupted && <CutOff intendedText={segment.intendedText} />}
      </div>
    </div>
  )
}

function CutOff({ intendedText }: { intendedText: string | undefined }) {
  return (
    <>
      {' '}
      <span className="text-[12px] whitespace-nowrap text-warn">— cut off</span>
      {intendedText && (
        <span className="block text-[12px] leading-[18px] text-ink-faint">
          meant to say: “{intendedText}”
        </span>
      )}
    </>
  )
}

type ToolProps = { row: ToolRow; isOpen: boolean; onToggle: (position: number) => void }

function Tool({ row, isOpen, onToggle }: ToolProps) {
  const isError = row.result?.isError === true
  const Icon = isError ? TriangleAlert : Wrench
  return (
    <div
      className={classNames(
        'overflow-hidden rounded-[6px] border text-[12px] md:ml-[68px]',
        'group-aria-[current=true]/row:border-line-strong',
        isError ? 'border-fail/50 bg-fail-soft/50' : 'border-line bg-surface',
      )}
    >
      <button
        type="button"
        aria-expanded={isOpen}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onToggle(row.position)}
        className="flex min-h-[28px] w-full items-center gap-[7px] px-[8px] text-left hover:bg-hover"
      >
        <ChevronRight
          size={13}
          aria-hidden="true"
          className={classNames('shrink-0 text-ink-faint', isOpen && 'rotate-90')}
        />
        <Icon
          size={13}
          aria-hidden="true"
          className={classNames('shrink-0', isError ? 'text-fail' : 'text-ink-faint')}
        />
        <span className="shrink-0 font-mono font-medium max-md:shrink max-md:truncate">
          {row.name}
        </span>
        <span className="min-w-0 flex-1 truncate font-mono text-ink-faint">
          {!isOpen && row.call?.argumentsText}
        </span>
        <ToolOutcome row={row} />
      </button>
      {isError && !isOpen && <ErrorSummary text={row.result?.resultText ?? ''} />}
      {isOpen && <ToolDetails row={row} />}
    </div>
  )
}

/** A failed tool needs no click to say why. */
function ErrorSummary({ text }: { text: string }) {
  if (text.trim() === '') return null
  return (
    <p className="line-clamp-3 px-[10px] pb-[6px] pl-[48px] font-mono leading-[17px] break-words text-fail max-md:pl-[10px]">
      {unwrapJsonText(text)}
    </p>
  )
}

function ToolOutcome({ row }: { row: ToolRow }) {
  return (
    <span className="flex shrink-0 items-center gap-[8px] tabular-nums">
      {row.result?.isError === true && <span className="font-medium text-fail">failed</span>}
      {row.call === null && <span className="text-ink-faint">result without a call</span>}
      {row.result === null && <span className="text-ink-faint">no result</span>}
      {row.durationSeconds !== null && (
        <span className="text-ink-faint">{milliseconds(row.durationSeconds)}</span>
      )}
    </span>
  )
}

function EventLine({ row }: { row: EventRow }) {
  const { name, text } = row.segment
  return (
    <p className="flex min-h-[24px] md:ml-[68px] items-baseline gap-[8px] py-[2px] text-[12px] leading-[20px] text-ink-soft group-aria-[current=true]/row:text-ink">
      <span className="shrink-0 font-medium">{name}</span>
      <span className="min-w-0 break-words text-ink-faint group-aria-[current=true]/row:text-ink">
        {text}
      </span>
      <span aria-hidden="true" className="min-w-[20px] flex-1 self-center border-t border-line" />
    </p>
  )
}
