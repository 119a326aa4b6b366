import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { Link } from 'react-router'
import { recordingAudioPath } from '#contract/api.ts'
import type { CallDetail } from '#contract/call.ts'
import { callQueries } from '../../api/calls.ts'
import { useResponseBudget } from '../../api/project.ts'
import { ApiError } from '../../api/request.ts'
import { verdictQueries } from '../../api/verdicts.ts'
import { formatDateTime } from '../../format/date.ts'
import { formatDuration } from '../../format/duration.ts'
import { CallPlayer } from '../../player/call-player.tsx'
import { type Mark, marksOf, withEvidence } from '../../player/marks.ts'
import type { Playback } from '../../player/playback.ts'
import { toTimeline } from '../../player/timeline.ts'
import { Transcript } from '../../player/transcript.tsx'
import { useFollow } from '../../player/use-follow.ts'
import { usePlayback } from '../../player/use-playback.ts'
import { evidenceMoments } from '../../results/evidence-moments.ts'
import { StatusBadge } from '../../results/status-badge.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { usePeaks } from '../call-detail/recording-peaks.ts'

export type ComparedCallProps = {
  id: number
  /** `Before` or `After`. */
  label: string
  /** Chosen by the form that stood in its place, which took the focus along. */
  isPicked: boolean
  /** Only one of the two is heard at a time. */
  onPlay: (playback: Playback) => void
}

/** One side of a comparison: the call's facts, its recording and its transcript, on a clock of their own. */
export function ComparedCall({ id, ...props }: ComparedCallProps) {
  const { label } = props
  const { data: call, error, refetch } = useQuery(callQueries.detail(id))
  if (call) return <LoadedCall key={id} call={call} {...props} />
  if (!error) return <SkeletonRows rows={8} rowHeight={44} label={`Loading the call ${label}`} />
  if (error instanceof ApiError && error.status === 404) {
    return <EmptyState title="There is no such call">It may have been deleted.</EmptyState>
  }
  return <LoadError title="The call could not be loaded" error={error} onRetry={refetch} />
}

type LoadedCallProps = Omit<ComparedCallProps, 'id'> & { call: CallDetail }

function LoadedCall({ call, label, isPicked, onPlay }: LoadedCallProps) {
  const { recording, segments } = call
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const cover = useRef<HTMLDivElement>(null)
  const timeline = useMemo(() => toTimeline(segments), [segments])
  const playback = usePlayback(recording && recordingAudioPath(recording.id), 0)
  const follow = useFollow(scroller)
  const { peaks, silencePeaks } = usePeaks(recording)
  const budgetSeconds = useResponseBudget()
  const { data: results } = useQuery(verdictQueries.ofCall(call.id))
  const marks = useMemo(
    () => withEvidence(marksOf(segments, budgetSeconds), evidenceMoments(results?.items ?? [])),
    [segments, results, budgetSeconds],
  )
  useEffect(() => {
    // Who went elsewhere while the call loaded stays there.
    const isFocusLost = document.activeElement === document.body
    if (isPicked && isFocusLost) scroller?.focus({ preventScroll: true })
  }, [isPicked, scroller])
  useEffect(
    () =>
      playback.subscribe(() => {
        if (playback.getState().phase === 'playing') onPlay(playback)
      }),
    [playback, onPlay],
  )

  return (
    <section
      ref={setScroller}
      aria-label={`${label}: ${call.callId}`}
      // Reached by Tab, it scrolls by keys.
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      className="h-[min(70dvh,720px)] min-w-0 overflow-y-auto overscroll-contain rounded-[7px] border border-line bg-surface"
    >
      <div
        ref={cover}
        className="sticky top-0 z-20 flex flex-col gap-[8px] border-b border-line bg-surface px-[14px] py-[10px]"
      >
        <CallLine call={call} label={label} />
        {recording && (
          <CallPlayer
            playback={playback}
            recording={recording}
            segments={segments}
            budgetSeconds={budgetSeconds}
            marks={marks}
            onOpenMark={(mark: Mark) => playback.seek(mark.startSeconds)}
            peaks={peaks}
            silencePeaks={silencePeaks}
          />
        )}
      </div>
      <div className="px-[8px] pb-[20px]">
        {scroller && timeline.rows.length > 0 ? (
          <Transcript
            playback={playback}
            timeline={timeline}
            scroller={scroller}
            cover={cover}
            follow={follow}
            pointed={null}
          />
        ) : (
          <p className="px-[6px] py-[12px] text-ink-soft">This call has no transcript.</p>
        )}
      </div>
    </section>
  )
}

function CallLine({ call, label }: { call: CallDetail; label: string }) {
  const facts = [
    call.agentName,
    formatDateTime(call.startedAt),
    call.durationSeconds === null ? '' : formatDuration(call.durationSeconds),
    call.endedReason,
  ]
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-[8px] gap-y-[4px]">
      <span className="text-[12px] text-ink-faint">{label}</span>
      <h2 className="min-w-0 truncate font-mono text-[13px] font-semibold">
        <Link to={`/calls/${call.id}`} className="hover:underline">
          {call.callId}
        </Link>
      </h2>
      <StatusBadge call={call} />
      <p className="w-full truncate text-[12px] text-ink-soft tabular-nums">
        {facts.filter(Boolean).join(' · ')}
      </p>
    </div>
  )
}
