import { useEffect, useRef } from 'react'
import type { Stretch } from '#contract/conversation.ts'
import { formatDuration } from '../format/duration.ts'
import { classNames } from '../ui/class-names.ts'
import { GapRibbon } from './gap-ribbon.tsx'
import type { Gap } from './gaps.ts'
import type { Lane, Voice } from './lanes.ts'
import { MarkTrack } from './mark-track.tsx'
import { type Mark, milliseconds } from './marks.ts'
import type { Peaks } from './peak-level.ts'
import type { Playback } from './playback.ts'
import { timeTicks } from './time-ticks.ts'
import { useSize } from './use-size.ts'
import { laneColours, onThemeChange } from './wave-colours.ts'
import type { WaveDrawing } from './wave-drawing.ts'
import { WaveSlider } from './wave-slider.tsx'

/** Asked for when this file is read, so that it arrives with the call and not after it. */
const drawing = import('./wave-drawing.ts')

const LABEL_TONE: Record<Voice, string> = {
  agent: 'text-agent',
  caller: 'text-caller',
  both: 'text-ink-soft',
  unknown: 'text-ink-soft',
}

/** Room for "2,430 ms" in 11 px. */
const GAP_LABEL_PIXELS = 62

const TICK_SPACING_PIXELS = 84

const LANE_HEIGHT = { one: 72, several: 42 }

export type WaveformProps = {
  playback: Playback
  durationSeconds: number
  lanes: readonly Lane[]
  /** Null while they are being made or loaded: the slider works without. */
  peaks: Peaks | null
  /** Those to show, by start. */
  marks: readonly Mark[]
  onOpenMark: (mark: Mark) => void
  /** Every wait and overlap, by start. */
  gaps: readonly Gap[]
  budgetSeconds: number
  /** Parts that are played alone, by start; empty while the whole recording is played. */
  highlights: readonly Stretch[]
  /** What a screen reader says at a second. */
  sayPosition: (seconds: number) => string
}

/** The recording as a picture with a slider over it, its marks and a time axis below. */
export function Waveform(props: WaveformProps) {
  const { playback, durationSeconds, lanes, peaks, marks, onOpenMark, sayPosition } = props
  const { gaps, budgetSeconds, highlights } = props
  const stage = useRef<HTMLDivElement>(null)
  const { width: widthPixels } = useSize(stage)
  const laneHeight = lanes.length > 1 ? LANE_HEIGHT.several : LANE_HEIGHT.one

  return (
    <div className="grid grid-cols-[46px_minmax(0,1fr)] max-md:grid-cols-[40px_minmax(0,1fr)]">
      <div aria-hidden="true" className="text-[11px] leading-[14px]">
        {lanes.map(({ channel, voice, label }) => (
          <div
            key={channel}
            style={{ height: laneHeight }}
            className={classNames('flex items-center font-medium', LABEL_TONE[voice])}
          >
            {label}
          </div>
        ))}
      </div>
      <div ref={stage} className="relative" style={{ height: laneHeight * lanes.length }}>
        {!peaks && <CentreLines lanes={lanes} laneHeight={laneHeight} />}
        {peaks && (
          <Drawing
            playback={playback}
            durationSeconds={durationSeconds}
            lanes={lanes}
            laneHeight={laneHeight}
            peaks={peaks}
          />
        )}
        <HighlightTint parts={highlights} durationSeconds={durationSeconds} />
        <Stretches marks={marks} durationSeconds={durationSeconds} widthPixels={widthPixels} />
        <WaveSlider
          playback={playback}
          durationSeconds={durationSeconds}
          sayPosition={sayPosition}
        />
      </div>
      {gaps.length > 0 && (
        <GapRibbon
          gaps={gaps}
          budgetSeconds={budgetSeconds}
          durationSeconds={durationSeconds}
          widthPixels={widthPixels}
          onSeek={(seconds) => playback.seek(seconds)}
        />
      )}
      <div className="relative col-start-2 mt-[3px] h-[14px]">
        <TimeAxis durationSeconds={durationSeconds} widthPixels={widthPixels} />
      </div>
      {marks.length > 0 && (
        <div className="relative col-start-2 h-[26px]">
          <MarkTrack
            marks={marks}
            durationSeconds={durationSeconds}
            widthPixels={widthPixels}
            onOpen={onOpenMark}
          />
        </div>
      )}
    </div>
  )
}

function CentreLines({ lanes, laneHeight }: { lanes: readonly Lane[]; laneHeight: number }) {
  return lanes.map(({ channel }, i) => (
    <div
      key={channel}
      style={{ top: laneHeight * (i + 0.5) }}
      className="absolute inset-x-0 h-px bg-line"
    />
  ))
}

type DrawingProps = {
  playback: Playback
  durationSeconds: number
  lanes: readonly Lane[]
  laneHeight: number
  peaks: Peaks
}

function Drawing({ playback, durationSeconds, lanes, laneHeight, peaks }: DrawingProps) {
  const container = useRef<HTMLDivElement>(null)
  const { rows } = peaks

  useEffect(() => {
    const element = container.current
    if (!element || durationSeconds <= 0) return
    const colours = () =>
      laneColours(
        element,
        lanes.map(({ voice }) => voice),
      )
    let wave: WaveDrawing | null = null
    let isGone = false
    void drawing.then(({ drawWave }) => {
      if (isGone) return
      const media = playback.element
      wave = drawWave({
        container: element,
        media,
        peaks: rows,
        durationSeconds,
        lanes,
        laneHeight,
        colours: colours(),
      })
    })
    const stopWatching = onThemeChange(() => wave?.recolour(colours()))
    return () => {
      isGone = true
      stopWatching()
      wave?.destroy()
    }
  }, [playback, durationSeconds, lanes, laneHeight, rows])

  return <div ref={container} data-waveform className="absolute inset-0" />
}

/** The parts that are heard, over the lanes and as a bar at their foot. One path, however many there are. */
function HighlightTint({
  parts,
  durationSeconds,
}: {
  parts: readonly Stretch[]
  durationSeconds: number
}) {
  if (parts.length === 0 || durationSeconds <= 0) return null
  const path = parts
    .map(
      ({ startSeconds, endSeconds }) =>
        `M${startSeconds} 0H${Math.min(endSeconds, durationSeconds)}V1H${startSeconds}z`,
    )
    .join('')
  const box = { viewBox: `0 0 ${durationSeconds} 1`, preserveAspectRatio: 'none' }
  return (
    <div
      aria-hidden="true"
      data-highlights={parts.length}
      className="pointer-events-none absolute inset-0 text-accent"
    >
      <svg {...box} aria-hidden="true" className="absolute inset-0 size-full opacity-15">
        <path d={path} fill="currentColor" />
      </svg>
      <svg {...box} aria-hidden="true" className="absolute inset-x-0 bottom-0 h-[3px] w-full">
        <path d={path} fill="currentColor" />
      </svg>
    </div>
  )
}

type StretchesProps = { marks: readonly Mark[]; durationSeconds: number; widthPixels: number }

/** Overlaps and slow replies as stretches over the lanes. The track below says the same to screen readers. */
function Stretches({ marks, durationSeconds, widthPixels }: StretchesProps) {
  if (durationSeconds <= 0) return null
  return marks
    .filter((mark) => mark.endSeconds > mark.startSeconds)
    .map((mark) => {
      const seconds = mark.endSeconds - mark.startSeconds
      const share = seconds / durationSeconds
      return (
        <div
          key={`${mark.kind} ${mark.startSeconds} ${mark.endSeconds}`}
          aria-hidden="true"
          style={{
            left: `${(mark.startSeconds / durationSeconds) * 100}%`,
            width: `max(3px, ${share * 100}%)`,
          }}
          className={classNames(
            'absolute inset-y-0 flex items-center justify-center',
            mark.kind === 'overlap' ? 'overlap-stretch' : 'gap-stretch',
          )}
        >
          {mark.kind === 'slow-reply' && share * widthPixels > GAP_LABEL_PIXELS && (
            <span className="rounded-[3px] bg-warn-soft px-[3px] text-[11px] leading-[15px] font-medium whitespace-nowrap text-warn tabular-nums">
              {milliseconds(seconds)}
            </span>
          )}
        </div>
      )
    })
}

function TimeAxis({
  durationSeconds,
  widthPixels,
}: {
  durationSeconds: number
  widthPixels: number
}) {
  const ticks = timeTicks({ durationSeconds, widthPixels, spacingPixels: TICK_SPACING_PIXELS })
  return ticks.map((seconds) => (
    <span
      key={seconds}
      aria-hidden="true"
      style={{ left: `${(seconds / durationSeconds) * 100}%` }}
      className="absolute top-0 border-l border-line-strong/50 pl-[3px] text-[10px] leading-[13px] text-ink-faint tabular-nums"
    >
      {formatDuration(seconds)}
    </span>
  ))
}
