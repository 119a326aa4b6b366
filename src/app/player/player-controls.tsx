import { ChevronsRight, Download, Pause, Play, RotateCcw, RotateCw } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { formatDuration } from '../format/duration.ts'
import { buttonClass, IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Menu, MenuRadioGroup } from '../ui/menu.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import type { Playback } from './playback.ts'
import { PLAYBACK_RATES } from './playback-rate.ts'
import { usePlaybackState } from './use-playback.ts'

export type PlayerControlsProps = {
  playback: Playback
  durationSeconds: number
  /** Seconds that skipping silence can save; null while that is not known. */
  skippableSeconds: number | null
  downloadPath: string
  /** After the controls of the whole recording: those of its highlights. */
  highlights: ReactNode
  /** At the end of the line: the legend. */
  children?: ReactNode
}

/** A click leaves the focus where it is, so that space goes on to play and pause. */
const keepFocus = { onMouseDown: (event: { preventDefault(): void }) => event.preventDefault() }

export function PlayerControls(props: PlayerControlsProps) {
  const { playback, durationSeconds, skippableSeconds, downloadPath, highlights, children } = props
  const { phase } = usePlaybackState(playback)
  const isPlaying = phase === 'playing'
  return (
    <div className="flex flex-wrap items-center gap-x-[4px] gap-y-[2px]">
      <IconButton
        label="Back 5 seconds"
        shortcut="left"
        onClick={() => playback.seekBy(-5)}
        {...keepFocus}
      >
        <RotateCcw size={15} />
      </IconButton>
      <Tooltip label={isPlaying ? 'Pause' : 'Play'} shortcut="space">
        <button
          type="button"
          aria-label={isPlaying ? 'Pause' : 'Play'}
          onClick={() => playback.toggle()}
          {...keepFocus}
          className="flex size-[34px] items-center justify-center rounded-full bg-accent text-accent-ink hover:brightness-110 max-md:size-[40px]"
        >
          {isPlaying ? (
            <Pause size={16} fill="currentColor" strokeWidth={0} />
          ) : (
            <Play size={16} fill="currentColor" strokeWidth={0} className="translate-x-[1px]" />
          )}
        </button>
      </Tooltip>
      <IconButton
        label="Forward 5 seconds"
        shortcut="right"
        onClick={() => playback.seekBy(5)}
        {...keepFocus}
      >
        <RotateCw size={15} />
      </IconButton>
      <Position playback={playback} durationSeconds={durationSeconds} />
      <RateMenu playback={playback} />
      <SkipSilence playback={playback} skippableSeconds={skippableSeconds} />
      {highlights}
      <div className="ml-auto flex items-center max-md:order-last max-md:ml-0 max-md:w-full max-md:justify-center">
        {children}
      </div>
      <Tooltip label="Download the recording">
        <a
          href={downloadPath}
          download
          aria-label="Download the recording"
          className={classNames(
            buttonClass({ variant: 'quiet' }),
            'w-[30px] px-0! hover:bg-hover max-md:ml-auto',
          )}
        >
          <Download size={15} className="shrink-0" />
        </a>
      </Tooltip>
    </div>
  )
}

/** Tenths while playing would flicker; whole seconds are what a link and a sentence need. */
function Position({ playback, durationSeconds }: { playback: Playback; durationSeconds: number }) {
  const text = useRef<HTMLSpanElement>(null)
  useEffect(
    () =>
      playback.onFrame((seconds) => {
        const next = formatDuration(seconds)
        if (text.current && text.current.textContent !== next) text.current.textContent = next
      }),
    [playback],
  )
  return (
    <span className="px-[6px] text-[13px] tabular-nums">
      <span ref={text} data-testid="position" className="font-medium">
        0:00
      </span>
      <span className="text-ink-faint"> / {formatDuration(durationSeconds)}</span>
    </span>
  )
}

function RateMenu({ playback }: { playback: Playback }) {
  const { rate } = usePlaybackState(playback)
  return (
    <Menu
      trigger={
        <button
          type="button"
          aria-label={`Speed ${rate}×`}
          className={classNames(
            buttonClass({ variant: 'quiet' }),
            'min-w-[46px] px-[7px]! tabular-nums',
          )}
        >
          {rate}×
        </button>
      }
    >
      <MenuRadioGroup
        label="Speed"
        options={PLAYBACK_RATES.map((each) => ({ value: String(each), label: `${each}×` }))}
        value={String(rate)}
        onChange={(value) => playback.setRate(Number(value))}
      />
    </Menu>
  )
}

function SkipSilence({
  playback,
  skippableSeconds,
}: Pick<PlayerControlsProps, 'playback' | 'skippableSeconds'>) {
  const { isSkippingSilence, savedSeconds } = usePlaybackState(playback)
  return (
    <Tooltip label={skipHint(skippableSeconds)} shortcut="s">
      <button
        type="button"
        aria-pressed={isSkippingSilence}
        onClick={() => playback.toggleSkipSilence()}
        {...keepFocus}
        className={classNames(
          buttonClass({ variant: 'quiet' }),
          'gap-[5px] px-[8px]!',
          isSkippingSilence && 'bg-accent-soft! text-accent!',
        )}
      >
        <ChevronsRight size={15} aria-hidden="true" />
        <span className="max-md:sr-only">Skip silence</span>
        {isSkippingSilence && savedSeconds >= 1 && (
          <span className="tabular-nums">
            <span className="max-md:sr-only">· saved </span>
            {formatDuration(savedSeconds)}
          </span>
        )}
      </button>
    </Tooltip>
  )
}

function skipHint(skippableSeconds: number | null): string {
  if (skippableSeconds === null) return 'Silence is known once the recording is analysed'
  if (skippableSeconds < 1) return 'This recording has no silence longer than a second'
  return `Passes over pauses longer than a second: ${formatDuration(skippableSeconds)} in this recording`
}
