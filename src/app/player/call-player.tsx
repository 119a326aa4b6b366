import './player.css'
import { useEffect, useMemo, useState } from 'react'
import { recordingAudioPath } from '#contract/api.ts'
import type { RecordingDetail } from '#contract/call.ts'
import type { Segment } from '#contract/transcript.ts'
import { Button } from '../ui/button.tsx'
import { type Gap, gapsOf } from './gaps.ts'
import type { HighlightPart } from './highlights.ts'
import { HighlightLine, HighlightsButton } from './highlights-button.tsx'
import { lanesOf } from './lanes.ts'
import { MarkLegend } from './mark-legend.tsx'
import { type Mark, type MarkKind, milliseconds } from './marks.ts'
import type { Peaks } from './peak-level.ts'
import type { Playback } from './playback.ts'
import { PlayerControls } from './player-controls.tsx'
import { positionText } from './position-text.ts'
import { findSilences, skippableSeconds } from './silence.ts'
import { buildTimeIndex, findSpansAt } from './time-index.ts'
import { useHighlights } from './use-highlights.ts'
import { usePlaybackState } from './use-playback.ts'
import { Waveform } from './waveform.tsx'

export type CallPlayerProps = {
  playback: Playback
  recording: RecordingDetail
  segments: readonly Segment[]
  /** All marks of the call, by start. */
  marks: readonly Mark[]
  /** Seconds after which a reply is slow. */
  budgetSeconds: number
  /** A mark was chosen: what it speaks of is to be shown. */
  onOpenMark: (mark: Mark) => void
  /** For drawing; null while not there. */
  peaks: Peaks | null
  /** For finding silence; null while not there. */
  silencePeaks: Peaks | null
}

/** While the whole recording is played no part of it is tinted. */
const NO_PARTS: readonly HighlightPart[] = []

/** Waveform, gaps, marks and controls of one recording. */
export function CallPlayer(props: CallPlayerProps) {
  const { playback, recording, segments, marks, onOpenMark, peaks, silencePeaks } = props
  const { budgetSeconds } = props
  const { durationSeconds: mediaSeconds, problem, highlight } = usePlaybackState(playback)
  const [hidden, setHidden] = useState<ReadonlySet<MarkKind>>(new Set())
  const durationSeconds = recording.durationSeconds || mediaSeconds || 0
  const { channels, agentChannel } = recording
  const lanes = useMemo(() => lanesOf({ channels, agentChannel }), [channels, agentChannel])
  const shown = useMemo(() => marks.filter((mark) => !hidden.has(mark.kind)), [marks, hidden])
  const gaps = useMemo(() => gapsOf(segments, budgetSeconds), [segments, budgetSeconds])
  const parts = useHighlights(playback, { marks: shown, durationSeconds })
  const sayPosition = useDescription({ segments, gaps, budgetSeconds, durationSeconds })
  const skippable = useSilences(playback, silencePeaks)

  if (problem !== null) {
    return <BrokenMedia problem={problem} onRetry={() => playback.reopen()} />
  }

  return (
    <section aria-label="Recording" className="flex flex-col gap-[6px]">
      <Waveform
        playback={playback}
        durationSeconds={durationSeconds}
        lanes={lanes}
        peaks={peaks}
        marks={shown}
        onOpenMark={onOpenMark}
        gaps={gaps}
        budgetSeconds={budgetSeconds}
        highlights={highlight === null ? NO_PARTS : parts}
        sayPosition={sayPosition}
      />
      <PlayerControls
        playback={playback}
        durationSeconds={durationSeconds}
        skippableSeconds={skippable}
        downloadPath={`${recordingAudioPath(recording.id)}?download=1`}
        highlights={
          <HighlightsButton
            playback={playback}
            durationSeconds={durationSeconds}
            parts={parts}
            marks={marks}
          />
        }
      >
        <MarkLegend
          marks={marks}
          hidden={hidden}
          onToggle={(kind) => setHidden((before) => toggled(before, kind))}
        />
      </PlayerControls>
      <HighlightLine playback={playback} parts={parts} />
    </section>
  )
}

function BrokenMedia({ problem, onRetry }: { problem: string; onRetry: () => void }) {
  return (
    <div role="alert" className="flex flex-wrap items-center gap-[12px] py-[4px] text-[13px]">
      <p className="min-w-0 flex-1 text-ink-soft">{problem}</p>
      <Button size="small" onClick={onRetry}>
        Try again
      </Button>
    </div>
  )
}

/** Tells the clock where silence is; returns how much of it can be skipped, null while unknown. */
function useSilences(playback: Playback, peaks: Peaks | null): number | null {
  const silences = useMemo(() => (peaks ? findSilences(peaks) : null), [peaks])
  useEffect(() => {
    playback.setSilences(silences ?? [])
  }, [playback, silences])
  return silences && skippableSeconds(silences)
}

function useDescription({
  segments,
  gaps,
  budgetSeconds,
  durationSeconds,
}: {
  segments: readonly Segment[]
  gaps: readonly Gap[]
  budgetSeconds: number
  durationSeconds: number
}): (seconds: number) => string {
  return useMemo(() => {
    const speech = segments.filter((segment) => segment.kind === 'speech')
    const index = buildTimeIndex(speech)
    return (seconds) => {
      const speakers = findSpansAt(index, seconds).flatMap((i) => speech[i]?.speaker ?? [])
      const notes = gaps
        .filter((gap) => isToldAt(gap, seconds))
        .map((gap) => gapNote(gap, budgetSeconds))
      return positionText({
        seconds,
        durationSeconds,
        speakers: [...new Set(speakers)].toSorted(),
        notes,
      })
    }
  }, [segments, gaps, budgetSeconds, durationSeconds])
}

/** The wait itself is silence: who steps by seconds is as likely to hear the words that came late. */
const REPLY_BEGINS_SECONDS = 1

/** A seek may land a few milliseconds before its target. */
const SAME_PLACE_SECONDS = 0.05

function isToldAt({ kind, isSlow, startSeconds, endSeconds }: Gap, seconds: number): boolean {
  if (kind === 'reply' && !isSlow) return false
  const told = kind === 'reply' ? endSeconds + REPLY_BEGINS_SECONDS : endSeconds
  return startSeconds <= seconds + SAME_PLACE_SECONDS && seconds < told
}

function gapNote({ kind, seconds }: Gap, budgetSeconds: number): string {
  const length = milliseconds(seconds)
  return kind === 'overlap'
    ? `overlap of ${length}`
    : `slow reply after ${length} (budget ${milliseconds(budgetSeconds)})`
}

function toggled<Item>(items: ReadonlySet<Item>, item: Item): ReadonlySet<Item> {
  const next = new Set(items)
  if (!next.delete(item)) next.add(item)
  return next
}
