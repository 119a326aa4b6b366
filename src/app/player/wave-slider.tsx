import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react'
import { formatDuration } from '../format/duration.ts'
import type { Playback } from './playback.ts'
import { useWholeSeconds } from './use-playback.ts'

export type WaveSliderProps = {
  playback: Playback
  durationSeconds: number
  /** What a screen reader says at a second. */
  sayPosition: (seconds: number) => string
}

/** Seconds that a key moves by; with shift the arrows take the small step. */
const STEP: Record<string, number> = {
  ArrowLeft: -5,
  ArrowDown: -5,
  ArrowRight: 5,
  ArrowUp: 5,
  PageDown: -30,
  PageUp: 30,
}

/** Lies over the waveform: shows where playback is and where the pointer would take it, and takes it there. */
export function WaveSlider({ playback, durationSeconds, sayPosition }: WaveSliderProps) {
  const slider = useRef<HTMLDivElement>(null)
  const hover = useRef<HTMLDivElement>(null)
  const seconds = useWholeSeconds(playback)

  const secondsAt = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = box.width > 0 ? (event.clientX - box.left) / box.width : 0
    return Math.min(Math.max(share, 0), 1) * durationSeconds
  }

  const handlePointerDown = (event: PointerEvent) => {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    playback.seek(secondsAt(event))
  }

  const handlePointerMove = (event: PointerEvent) => {
    const at = secondsAt(event)
    if (hover.current) showHover(hover.current, { at, share: at / durationSeconds })
    if (event.currentTarget.hasPointerCapture(event.pointerId)) playback.seek(at)
  }

  const handleKey = (event: KeyboardEvent) => {
    const target = keyTarget(event, { seconds: playback.seconds, durationSeconds })
    if (target === null) return
    event.preventDefault()
    // The page has meanings of its own for some of these keys.
    event.stopPropagation()
    playback.seek(target)
  }

  return (
    <div
      ref={slider}
      role="slider"
      tabIndex={0}
      aria-label="Position"
      aria-valuemin={0}
      aria-valuemax={Math.floor(durationSeconds)}
      aria-valuenow={Math.min(seconds, Math.floor(durationSeconds))}
      aria-valuetext={sayPosition(playback.seconds)}
      onPointerDown={handlePointerDown}
      onPointerMove={handlePointerMove}
      onKeyDown={handleKey}
      className="group absolute inset-0 z-10 cursor-pointer touch-pan-y rounded-[3px] outline-offset-0!"
    >
      <Playhead playback={playback} durationSeconds={durationSeconds} />
      <div
        ref={hover}
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 hidden w-px bg-line-strong group-hover:pointer-fine:block"
      >
        <span className="absolute top-[2px] left-[5px] rounded-[3px] bg-ink px-[4px] text-[11px] leading-[16px] text-canvas tabular-nums group-data-[near-end]:right-[5px] group-data-[near-end]:left-auto" />
      </div>
    </div>
  )
}

/** Moves by style alone: a render per frame would be wasted. */
function Playhead({ playback, durationSeconds }: { playback: Playback; durationSeconds: number }) {
  const line = useRef<HTMLDivElement>(null)
  useEffect(
    () =>
      playback.onFrame((seconds) => {
        if (!line.current || durationSeconds <= 0) return
        line.current.style.left = `${Math.min(seconds / durationSeconds, 1) * 100}%`
      }),
    [playback, durationSeconds],
  )
  return (
    <div
      ref={line}
      aria-hidden="true"
      className="pointer-events-none absolute -inset-y-[3px] z-10 w-[2px] -translate-x-px rounded-full bg-ink"
    />
  )
}

/** Where the label would leave the track it turns to the other side. */
const NEAR_END = 0.93

function showHover(line: HTMLElement, { at, share }: { at: number; share: number }): void {
  line.style.left = `${share * 100}%`
  line.parentElement?.toggleAttribute('data-near-end', share > NEAR_END)
  const label = line.firstElementChild
  if (label) label.textContent = formatDuration(at)
}

function keyTarget(
  event: KeyboardEvent,
  { seconds, durationSeconds }: { seconds: number; durationSeconds: number },
): number | null {
  if (event.ctrlKey || event.altKey || event.metaKey) return null
  if (event.key === 'Home') return 0
  if (event.key === 'End') return durationSeconds
  const step = STEP[event.key]
  if (step === undefined) return null
  const isSmall = event.shiftKey && event.key.startsWith('Arrow')
  return seconds + (isSmall ? Math.sign(step) : step)
}
