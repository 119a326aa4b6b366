import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react'
import { countOf } from '../format/count.ts'
import { formatDuration } from '../format/duration.ts'
import { classNames } from '../ui/class-names.ts'
import type { Clock } from './clock.ts'
import {
  type LatencyPlot,
  type LatencyPoint,
  type LatencyTurn,
  plotLatency,
  turnAt,
} from './latency-points.ts'
import { formatScore } from './result-text.ts'

const HEIGHT_PIXELS = 92

export type LatencyChartProps = {
  /** By start, at least one. */
  turns: readonly LatencyTurn[]
  durationSeconds: number
  /** A reply after this long is slow. */
  budgetMs: number
  clock: Clock
  onSeek: (seconds: number) => void
}

/**
 * How long the caller waits for each reply, over the time of the recording. Every turn is a button that seeks; one of
 * them is in the tab order and arrow keys lead to the others. The playhead moves without a render.
 */
export function LatencyChart(props: LatencyChartProps) {
  const { turns, durationSeconds, budgetMs, clock, onSeek } = props
  const frame = useRef<HTMLFieldSetElement>(null)
  const plot = useMemo(
    () => plotLatency(turns, { durationSeconds, budgetMs }),
    [turns, durationSeconds, budgetMs],
  )
  const [shown, setShown] = useState<number | null>(null)
  const [reachable, setReachable] = useState(0)
  usePlayhead(frame, { clock, turns, durationSeconds })

  const handleKey = (event: KeyboardEvent) => {
    const to = targetOf(event.key, { from: reachable, count: turns.length })
    if (to === null) return
    event.preventDefault()
    event.stopPropagation()
    frame.current?.querySelector<HTMLElement>(`[data-turn="${to}"]`)?.focus()
  }

  return (
    <div>
      <Reading plot={plot} shown={shown} />
      <fieldset
        ref={frame}
        aria-label={`Response latency of ${countOf(turns.length, 'turn')}`}
        style={{ height: HEIGHT_PIXELS }}
        className="relative min-w-0 overflow-hidden rounded-[5px] border border-line bg-surface"
        onKeyDown={handleKey}
        onPointerLeave={() => setShown(null)}
        onBlur={() => setShown(null)}
      >
        <Level
          ms={budgetMs}
          plot={plot}
          label={seconds(budgetMs)}
          className="border-warn text-right text-warn"
        />
        <Level
          ms={plot.meanMs}
          plot={plot}
          label="mean"
          className="border-dashed border-ink-faint text-left text-ink-faint"
        />
        <span
          data-playhead
          aria-hidden="true"
          className="absolute inset-y-0 left-0 w-px bg-accent"
        />
        {plot.points.map((point, i) => (
          <TurnButton
            key={point.startSeconds}
            point={point}
            index={i}
            isReachable={i === reachable}
            onShow={() => setShown(i)}
            onFocus={() => {
              setReachable(i)
              setShown(i)
            }}
            onSeek={() => onSeek(point.startSeconds)}
          />
        ))}
      </fieldset>
    </div>
  )
}

function targetOf(key: string, { from, count }: { from: number; count: number }): number | null {
  if (key === 'ArrowRight') return Math.min(count - 1, from + 1)
  if (key === 'ArrowLeft') return Math.max(0, from - 1)
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : null
}

/** The numbers in words: of the turn under the pointer or the focus, else of all. */
function Reading({ plot, shown }: { plot: LatencyPlot; shown: number | null }) {
  const point = shown === null ? undefined : plot.points[shown]
  const slow = plot.points.filter(({ isSlow }) => isSlow).length
  return (
    <p className="mb-[4px] text-[12px] text-ink-soft tabular-nums">
      {point
        ? turnText(point)
        : `Mean ${milliseconds(plot.meanMs)} over ${countOf(plot.points.length, 'turn')}, ${slow} slower than ${seconds(plot.budgetMs)}`}
    </p>
  )
}

type LevelProps = { ms: number; plot: LatencyPlot; label: string; className: string }

function Level({ ms, plot, label, className }: LevelProps) {
  return (
    <span
      aria-hidden="true"
      style={{ bottom: `${(ms / plot.topMs) * 100}%` }}
      className={classNames('absolute inset-x-0 border-t', className)}
    >
      <span className="absolute inset-x-[3px] bottom-0 text-[10px] leading-[13px]">{label}</span>
    </span>
  )
}

type TurnButtonProps = {
  point: LatencyPoint
  index: number
  isReachable: boolean
  onShow: () => void
  onFocus: () => void
  onSeek: () => void
}

/** As high as the chart and as wide as there is room, so that a finger finds it. */
function TurnButton(props: TurnButtonProps) {
  const { point, index, isReachable, onShow, onFocus, onSeek } = props
  const width = point.to - point.from
  return (
    <button
      type="button"
      data-turn={index}
      tabIndex={isReachable ? 0 : -1}
      aria-label={turnText(point)}
      style={{ left: `${point.from * 100}%`, width: `${width * 100}%` }}
      className="group/turn absolute inset-y-0 -outline-offset-2 hover:bg-ink/5"
      onMouseDown={(event) => event.preventDefault()}
      onPointerEnter={onShow}
      onFocus={onFocus}
      onClick={onSeek}
    >
      <span
        aria-hidden="true"
        style={{
          left: `${width > 0 ? ((point.x - point.from) / width) * 100 : 50}%`,
          // Not lower than the dot is high: a reply without a wait would lose half of it.
          height: `max(5px, ${point.y * 100}%)`,
        }}
        className="absolute bottom-0 w-px bg-current text-line-strong"
      >
        <span
          className={classNames(
            'absolute -top-[4px] -left-[3.5px] size-[8px] border border-surface',
            'group-hover/turn:ring-2 group-hover/turn:ring-accent group-aria-[current=true]/turn:ring-2 group-aria-[current=true]/turn:ring-accent',
            // A slow reply is a square: told by shape as well as by colour.
            point.isSlow ? 'bg-warn' : 'rounded-full bg-agent',
          )}
        />
      </span>
    </button>
  )
}

function turnText({ startSeconds, valueMs, isSlow }: LatencyPoint): string {
  const slow = isSlow ? ', slow' : ''
  return `${formatDuration(startSeconds)}: ${milliseconds(valueMs)}${slow}`
}

function seconds(ms: number): string {
  return `${formatScore(ms / 1000)} s`
}

function milliseconds(ms: number): string {
  return `${formatScore(Math.round(ms))} ms`
}

type Followed = Pick<LatencyChartProps, 'clock' | 'turns' | 'durationSeconds'>

/** Moves the playhead and marks the turn it is in, on the page itself. */
function usePlayhead(
  frame: RefObject<HTMLFieldSetElement | null>,
  { clock, turns, durationSeconds }: Followed,
) {
  useEffect(() => {
    const element = frame.current
    const head = element?.querySelector<HTMLElement>('[data-playhead]')
    if (!element || !head) return
    let current = -1
    const buttonAt = (index: number) => element.querySelector(`[data-turn="${index}"]`)
    return clock.onFrame((seconds) => {
      const share = durationSeconds > 0 ? Math.min(1, seconds / durationSeconds) : 0
      head.style.left = `${share * 100}%`
      const next = turnAt(turns, seconds)
      if (next === current) return
      buttonAt(current)?.removeAttribute('aria-current')
      buttonAt(next)?.setAttribute('aria-current', 'true')
      current = next
    })
  }, [frame, clock, turns, durationSeconds])
}
