import { type KeyboardEvent, useRef, useState } from 'react'
import { formatDuration } from '../format/duration.ts'
import { Menu, MenuItem } from '../ui/menu.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { MARK_KINDS } from './mark-kinds.tsx'
import { clusterMarks, type Mark, type MarkCluster } from './marks.ts'

/** A target of 24 px and room to tell it from its neighbour. */
const SPACING_PIXELS = 27

const TARGET =
  'absolute top-[1px] flex h-[24px] min-w-[24px] -translate-x-1/2 items-center justify-center rounded-[5px] hover:bg-hover data-popup-open:bg-hover'

export type MarkTrackProps = {
  /** By start. */
  marks: readonly Mark[]
  durationSeconds: number
  widthPixels: number
  onOpen: (mark: Mark) => void
}

/**
 * The marks of a call at their times. Those that would touch share one button with a list behind it. One of the
 * buttons is in the tab order; arrow keys lead to the others.
 */
export function MarkTrack({ marks, durationSeconds, widthPixels, onOpen }: MarkTrackProps) {
  const toolbar = useRef<HTMLDivElement>(null)
  const [reached, setReached] = useState(0)
  if (widthPixels === 0 || durationSeconds === 0) return null
  const track = { durationSeconds, widthPixels, spacingPixels: SPACING_PIXELS }
  const clusters = clusterMarks(marks, track)
  // Fewer marks may be shown than when that one was reached.
  const reachable = Math.min(reached, clusters.length - 1)

  const handleKey = (event: KeyboardEvent) => {
    const buttons = [...(toolbar.current?.querySelectorAll('button') ?? [])]
    const from = event.target instanceof HTMLButtonElement ? buttons.indexOf(event.target) : -1
    // Keys of an open list come here too, though it lies elsewhere on the page.
    const to = from < 0 ? null : keyTarget(event, { from, count: buttons.length })
    if (to === null) return
    event.preventDefault()
    // The page has meanings of its own for these keys.
    event.stopPropagation()
    setReached(to)
    buttons[to]?.focus()
  }

  return (
    <div
      ref={toolbar}
      role="toolbar"
      aria-label="Marks"
      className="absolute inset-0"
      onKeyDown={handleKey}
    >
      {clusters.map((cluster, i) => (
        <ClusterTarget
          key={cluster.at}
          cluster={cluster}
          left={insideTrack(cluster.at, widthPixels)}
          tabIndex={i === reachable ? 0 : -1}
          onOpen={onOpen}
        />
      ))}
    </div>
  )
}

function keyTarget(
  { key, ctrlKey, altKey, metaKey }: KeyboardEvent,
  { from, count }: { from: number; count: number },
): number | null {
  if (ctrlKey || altKey || metaKey) return null
  if (key === 'ArrowRight') return Math.min(count - 1, from + 1)
  if (key === 'ArrowLeft') return Math.max(0, from - 1)
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}

/** Keeps a target whole at both ends of the track. */
function insideTrack(at: number, widthPixels: number): string {
  const half = SPACING_PIXELS / 2
  return `${Math.min(Math.max(at * widthPixels, half), widthPixels - half)}px`
}

type TargetProps = { left: string; tabIndex: 0 | -1; onOpen: (mark: Mark) => void }

function ClusterTarget({ cluster, ...target }: TargetProps & { cluster: MarkCluster }) {
  const [first, ...others] = cluster.marks
  if (others.length === 0) return <MarkTarget mark={first} {...target} />
  const { left, tabIndex, onOpen } = target

  const worst = cluster.marks.find((mark) => mark.kind === 'tool-error') ?? first
  const { tone } = MARK_KINDS[worst.kind]
  return (
    <Menu
      align="center"
      trigger={
        <button
          type="button"
          style={{ left }}
          tabIndex={tabIndex}
          aria-label={`${cluster.marks.length} marks from ${formatDuration(first.startSeconds)}`}
          className={`${TARGET} text-[11px] font-medium tabular-nums ${tone}`}
        >
          <span className="rounded-[4px] border border-current/45 px-[4px] leading-[16px]">
            {cluster.marks.length}
          </span>
        </button>
      }
    >
      {cluster.marks.map((mark) => (
        <MenuItem
          key={`${mark.kind} ${mark.startSeconds} ${mark.text}`}
          icon={<MarkIcon mark={mark} />}
          onSelect={() => onOpen(mark)}
        >
          <span className="mr-[8px] text-ink-faint tabular-nums">
            {formatDuration(mark.startSeconds)}
          </span>
          {mark.text}
        </MenuItem>
      ))}
    </Menu>
  )
}

function MarkTarget({ mark, left, tabIndex, onOpen }: TargetProps & { mark: Mark }) {
  const time = formatDuration(mark.startSeconds)
  return (
    <Tooltip
      label={
        <>
          <span className="tabular-nums opacity-70">{time}</span> {mark.text}
        </>
      }
    >
      <button
        type="button"
        style={{ left }}
        tabIndex={tabIndex}
        aria-label={`${time}: ${mark.text}`}
        // A click leaves the focus where it is, so that space goes on to play and pause.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => onOpen(mark)}
        className={TARGET}
      >
        <MarkIcon mark={mark} />
      </button>
    </Tooltip>
  )
}

function MarkIcon({ mark }: { mark: Mark }) {
  const { Icon, tone } = MARK_KINDS[mark.kind]
  return <Icon size={14} aria-hidden="true" className={tone} />
}
