import {
  type KeyboardEvent,
  type PointerEvent,
  useEffect,
  useId,
  useMemo,
  useRef,
  useState,
} from 'react'
import { countOf } from '../format/count.ts'
import { formatDuration } from '../format/duration.ts'
import { hideTooltip, hideTooltipOf, hideTooltipSoon, showTooltip } from '../ui/tooltip-store.ts'
import { barPath, type Gap, gapNear, gapText, ribbonTopSeconds } from './gaps.ts'

const HEIGHT_PIXELS = 24

/** How far beside a bar the pointer may be: most bars of a long call are thinner than a pointer is sure. */
const REACH_PIXELS = 12

export type GapRibbonProps = {
  /** By start, at least one. */
  gaps: readonly Gap[]
  budgetSeconds: number
  durationSeconds: number
  widthPixels: number
  onSeek: (seconds: number) => void
}

/**
 * How long each reply took against the budget, in step with the waveform above: two cells of its grid. A slider over
 * the gaps, so that hundreds of them are one stop: arrow keys tell the next, Enter or a click goes there.
 */
export function GapRibbon(props: GapRibbonProps) {
  const { gaps, budgetSeconds, durationSeconds, widthPixels, onSeek } = props
  const pointer = useRef<HTMLSpanElement>(null)
  const tooltipId = useId()
  const [chosen, setChosen] = useState(0)
  const place = Math.min(chosen, gaps.length - 1)
  const gap = gaps[place]
  useEffect(() => () => hideTooltipOf(tooltipId), [tooltipId])
  if (widthPixels === 0 || durationSeconds <= 0 || !gap) return null

  const show = (index: number) => {
    const shown = gaps[index]
    if (!shown || !pointer.current) return
    const middle = (shown.startSeconds + shown.endSeconds) / 2 / durationSeconds
    pointer.current.style.left = `${Math.min(1, middle) * 100}%`
    const label = toldGap(shown, budgetSeconds)
    const anchor = pointer.current
    showTooltip({ id: tooltipId, anchor, label, shortcut: undefined, side: 'bottom' }, 'now')
  }

  const placeUnder = (event: PointerEvent) => {
    const { left } = event.currentTarget.getBoundingClientRect()
    const secondsPerPixel = durationSeconds / widthPixels
    return gapNear(gaps, {
      seconds: (event.clientX - left) * secondsPerPixel,
      reachSeconds: REACH_PIXELS * secondsPerPixel,
    })
  }

  const handlePointerMove = (event: PointerEvent) => {
    const under = placeUnder(event)
    if (under < 0) hideTooltipSoon()
    else show(under)
  }

  const handlePointerDown = (event: PointerEvent) => {
    const under = event.button === 0 ? placeUnder(event) : -1
    const target = gaps[under]
    if (!target) return
    setChosen(under)
    onSeek(target.startSeconds)
  }

  const handleKey = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const next = keyTarget(event.key, { place, count: gaps.length })
    if (next === null && event.key !== 'Enter') return
    event.preventDefault()
    // The page has meanings of its own for arrow keys.
    event.stopPropagation()
    if (next === null) return onSeek(gap.startSeconds)
    setChosen(next)
    show(next)
  }

  return (
    <>
      <div
        aria-hidden="true"
        style={{ height: HEIGHT_PIXELS }}
        className="mt-[3px] flex items-center text-[11px] font-medium text-ink-soft"
      >
        Gaps
      </div>
      <div
        role="slider"
        tabIndex={0}
        aria-label={`Response gaps, Enter goes there: ${summary(gaps)}`}
        aria-valuemin={1}
        aria-valuemax={gaps.length}
        aria-valuenow={place + 1}
        aria-valuetext={`${place + 1} of ${gaps.length}, ${toldGap(gap, budgetSeconds)}`}
        style={{ height: HEIGHT_PIXELS }}
        className="relative col-start-2 mt-[3px] cursor-pointer touch-pan-y rounded-[3px] bg-sunken outline-offset-0!"
        onPointerMove={handlePointerMove}
        onPointerDown={handlePointerDown}
        onPointerLeave={hideTooltipSoon}
        onFocus={(event) => event.currentTarget.matches(':focus-visible') && show(place)}
        onBlur={hideTooltip}
        onKeyDown={handleKey}
      >
        <Bars
          gaps={gaps}
          budgetSeconds={budgetSeconds}
          durationSeconds={durationSeconds}
          widthPixels={widthPixels}
        />
        <span ref={pointer} aria-hidden="true" className="absolute inset-y-0 w-0" />
      </div>
    </>
  )
}

function toldGap(gap: Gap, budgetSeconds: number): string {
  return `${formatDuration(gap.startSeconds)}: ${gapText(gap, budgetSeconds)}`
}

function summary(gaps: readonly Gap[]): string {
  const { replies, slow, overlaps } = countGaps(gaps)
  return `${countOf(replies, 'reply', 'replies')}, ${slow} over the budget, ${countOf(overlaps, 'overlap')}`
}

function countGaps(gaps: readonly Gap[]) {
  const replies = gaps.filter(({ kind }) => kind === 'reply').length
  const slow = gaps.filter(({ isSlow }) => isSlow).length
  return { replies, slow, overlaps: gaps.length - replies }
}

function keyTarget(key: string, { place, count }: { place: number; count: number }): number | null {
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(count - 1, place + 1)
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, place - 1)
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}

/** Three paths and a line, whatever the number of gaps. */
function Bars({
  gaps,
  budgetSeconds,
  durationSeconds,
  widthPixels,
}: Omit<GapRibbonProps, 'onSeek'>) {
  const hatch = useId()
  const topSeconds = ribbonTopSeconds(gaps, budgetSeconds)
  const paths = useMemo(() => {
    const box = { durationSeconds, topSeconds, widthPixels, heightPixels: HEIGHT_PIXELS }
    const pathOf = (belongs: (gap: Gap) => boolean) => barPath(gaps.filter(belongs), box)
    return {
      quick: pathOf(({ kind, isSlow }) => kind === 'reply' && !isSlow),
      slow: pathOf(({ isSlow }) => isSlow),
      overlaps: pathOf(({ kind }) => kind === 'overlap'),
    }
  }, [gaps, topSeconds, durationSeconds, widthPixels])
  const budgetY = HEIGHT_PIXELS * (1 - budgetSeconds / topSeconds)
  return (
    <svg
      aria-hidden="true"
      width={widthPixels}
      height={HEIGHT_PIXELS}
      className="pointer-events-none absolute inset-0"
    >
      <defs>
        <pattern
          id={hatch}
          width="4"
          height="4"
          patternUnits="userSpaceOnUse"
          patternTransform="rotate(35)"
        >
          <rect width="1.6" height="4" className="fill-ink-soft" />
        </pattern>
      </defs>
      <path d={paths.quick} className="fill-line-strong" />
      <path d={paths.slow} className="fill-warn" />
      <path
        d={paths.overlaps}
        fill={`url(#${hatch})`}
        className="stroke-ink-soft"
        strokeWidth="0.75"
      />
      <line
        x1={0}
        x2={widthPixels}
        y1={budgetY}
        y2={budgetY}
        strokeDasharray="4 3"
        className="stroke-ink-soft"
      />
    </svg>
  )
}
