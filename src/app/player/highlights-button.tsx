import { Sparkles } from 'lucide-react'
import { formatDuration } from '../format/duration.ts'
import { buttonClass } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { type HighlightPart, highlightText, isHighlight, reelSeconds } from './highlights.ts'
import type { Mark } from './marks.ts'
import type { Playback } from './playback.ts'
import { usePlaybackState } from './use-playback.ts'

export type HighlightsButtonProps = {
  playback: Playback
  durationSeconds: number
  parts: readonly HighlightPart[]
  /** All marks of the call, hidden ones too. */
  marks: readonly Mark[]
}

/** Plays what matters alone, and says how long that takes. Without anything that matters it says why. */
export function HighlightsButton(props: HighlightsButtonProps) {
  const { playback, durationSeconds, parts, marks } = props
  const isOn = usePlaybackState(playback).highlight !== null
  const reason = parts.length === 0 ? reasonFor(marks) : null
  return (
    <Tooltip
      label={reason ?? 'Plays what the marks point to, each with two seconds around it'}
      shortcut="h"
    >
      <button
        type="button"
        aria-pressed={isOn}
        aria-disabled={reason !== null}
        // A click leaves the focus where it is, so that space goes on to play and pause.
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => playback.toggleHighlights()}
        className={classNames(
          buttonClass({ variant: 'quiet' }),
          'gap-[5px] px-[8px]!',
          isOn && 'bg-accent-soft! text-accent!',
        )}
      >
        <Sparkles size={15} aria-hidden="true" />
        <span className="max-md:sr-only">
          {reason === null ? 'Listen to what matters:' : 'Listen to what matters'}
        </span>
        {reason === null ? (
          <span className="tabular-nums">
            {formatDuration(durationSeconds)} in {formatDuration(reelSeconds(parts))}
          </span>
        ) : (
          <span className="sr-only">. {reason}</span>
        )}
      </button>
    </Tooltip>
  )
}

function reasonFor(marks: readonly Mark[]): string {
  if (marks.some(({ kind }) => isHighlight(kind))) {
    return 'Everything that matters is hidden, or lies outside the recording'
  }
  return 'Nothing stands out: no evidence, slow reply, overlap, failed tool or comment'
}

/** `Part 3 of 9: slow reply`, while highlights are played. Not read out: it would talk over the recording. */
export function HighlightLine({
  playback,
  parts,
}: Pick<HighlightsButtonProps, 'playback' | 'parts'>) {
  const { highlight } = usePlaybackState(playback)
  const part = highlight === null ? undefined : parts[highlight]
  if (highlight === null || !part) return null
  return (
    <p className="px-[6px] text-[12px] text-accent tabular-nums">
      Part {highlight + 1} of {parts.length}: {highlightText(part)}
    </p>
  )
}
