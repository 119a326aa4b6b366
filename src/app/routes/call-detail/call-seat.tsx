import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { recordingAudioPath } from '#contract/api.ts'
import type { CallDetail } from '#contract/call.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { verdictQueries } from '../../api/verdicts.ts'
import { CallPlayer } from '../../player/call-player.tsx'
import { REVIEW_SHORTCUTS } from '../../player/key-map.ts'
import { type Mark, marksOf, momentOf, nextSlowReply, withEvidence } from '../../player/marks.ts'
import { stepStart } from '../../player/time-index.ts'
import { toTimeline } from '../../player/timeline.ts'
import { Transcript } from '../../player/transcript.tsx'
import { useFollow } from '../../player/use-follow.ts'
import { usePlayback } from '../../player/use-playback.ts'
import { useReviewKeys } from '../../player/use-review-keys.ts'
import { useSize } from '../../player/use-size.ts'
import { useShortcutSection } from '../../ui/shortcut-sections.ts'
import { useDocumentTitle } from '../../ui/use-document-title.ts'
import { CallFacts } from './call-facts.tsx'
import { CallHeader } from './call-header.tsx'
import type { Neighbours } from './neighbours.ts'
import { PaneLinks } from './pane-links.tsx'
import { RecordingNotice } from './recording-notice.tsx'
import { prefetchCall, usePeaks } from './recording-peaks.ts'
import { ResultsPane } from './results-pane.tsx'
import { TranscriptBar } from './transcript-bar.tsx'
import { TranscriptNotices } from './transcript-notices.tsx'
import { useEvidence } from './use-evidence.ts'
import { usePanes } from './use-panes.ts'
import { useRerun } from './use-rerun.ts'

export type CallSeatProps = {
  call: CallDetail
  neighbours: Neighbours
  /** Of the list this call was opened from: empty, or with its `?`. */
  listSearch: string
  startSeconds: number
  /** Opens another call of the same list; its moment is not this one's. */
  onGoTo: (id: number | null) => void
}

/** The review seat: a recording and its transcript on one clock, and what else is known of the call. */
export function CallSeat(props: CallSeatProps) {
  const { call, neighbours, listSearch, startSeconds, onGoTo } = props
  const { recording, segments } = call
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const cover = useRef<HTMLDivElement>(null)
  useCoverHeight(scroller, cover)
  const timeline = useMemo(() => toTimeline(segments), [segments])
  const playback = usePlayback(recording && recordingAudioPath(recording.id), startSeconds)
  const follow = useFollow(scroller)
  const verdicts = useQuery(verdictQueries.ofCall(call.id)).data?.items
  const evidence = useEvidence({ verdicts, playback, timeline, segments })
  const spoken = useMemo(() => marksOf(segments), [segments])
  const marks = useMemo(() => withEvidence(spoken, evidence.moments), [spoken, evidence.moments])
  const panes = usePanes(scroller)
  const rerun = useRerun(call.id)
  const canWrite = useCanWrite()
  const { peaks, silencePeaks } = usePeaks(recording)
  usePrefetch(neighbours.nextId)
  useDocumentTitle(call.callId)
  useShortcutSection(REVIEW_SHORTCUTS)

  const seekTo = (seconds: number | null) => {
    if (seconds !== null) playback.seek(seconds)
  }
  const stepSegment = (direction: -1 | 1) =>
    seekTo(stepStart(timeline.index, playback.seconds, direction))
  const hasRecording = recording !== null
  const whenPlayable = (handler: () => void) => (hasRecording ? handler : undefined)
  const whenTimed = (handler: () => void) => (timeline.hasTimes ? handler : undefined)
  const whenEvident = (handler: () => void) => (evidence.moments.length > 0 ? handler : undefined)
  const handleRerunKey = () => {
    if (rerun.isStarting || rerun.isGoingOn) return
    panes.open('results')
    rerun.setMenu('open-by-key')
  }
  useReviewKeys({
    'toggle-play': whenPlayable(() => playback.toggle()),
    back: whenPlayable(() => playback.seekBy(-5)),
    forward: whenPlayable(() => playback.seekBy(5)),
    'back-little': whenPlayable(() => playback.seekBy(-1)),
    'forward-little': whenPlayable(() => playback.seekBy(1)),
    slower: whenPlayable(() => playback.stepRate(-1)),
    faster: whenPlayable(() => playback.stepRate(1)),
    'toggle-skip-silence': whenPlayable(() => playback.toggleSkipSilence()),
    'previous-segment': whenTimed(() => stepSegment(-1)),
    'next-segment': whenTimed(() => stepSegment(1)),
    'next-evidence': whenEvident(() => evidence.step(1)),
    'previous-evidence': whenEvident(() => evidence.step(-1)),
    'next-slow-reply': whenTimed(() => seekTo(nextSlowReply(marks, playback.seconds))),
    'toggle-follow': whenTimed(follow.toggle),
    ...(canWrite && { rerun: handleRerunKey }),
  })

  const showEvidence: typeof evidence.show = (moment) => {
    panes.open('conversation')
    evidence.show(moment)
  }
  const openMark = (mark: Mark) => {
    const moment = momentOf(mark, evidence.moments)
    if (moment) showEvidence(moment)
    else playback.seek(mark.startSeconds)
  }
  const links = (
    <PaneLinks
      panes={panes.all}
      shown={panes.shown}
      failedCount={verdicts?.filter(({ passed }) => passed === false).length ?? 0}
      onLeave={panes.remember}
    />
  )

  return (
    <main ref={setScroller} className="h-full overflow-y-auto overscroll-contain">
      <CallHeader
        call={call}
        playback={playback}
        neighbours={neighbours}
        listSearch={listSearch}
        onGoTo={onGoTo}
      />
      <div
        ref={cover}
        className="sticky top-0 z-20 border-b border-line bg-surface px-[20px] pt-[10px] pb-[8px] max-md:px-[14px] max-md:pb-[6px]"
      >
        <RecordingNotice call={call} />
        {recording && (
          <CallPlayer
            playback={playback}
            recording={recording}
            segments={segments}
            marks={marks}
            onOpenMark={openMark}
            peaks={peaks}
            silencePeaks={silencePeaks}
          />
        )}
      </div>
      <div className="items-start lg:grid lg:grid-cols-[minmax(0,1fr)_380px]">
        {panes.isNarrow && (
          <div className="sticky top-(--cover) z-10 border-b border-line bg-canvas px-[12px] max-md:px-[6px]">
            {links}
          </div>
        )}
        {panes.conversation && (
          <section
            aria-label="Conversation"
            className="min-w-0 px-[20px] pb-[32px] max-md:px-[8px]"
          >
            <div className="mx-auto max-w-[780px]">
              <TranscriptBar call={call} timeline={timeline} follow={follow} />
              <TranscriptNotices call={call} timeline={timeline} />
              {scroller && timeline.rows.length > 0 && (
                <Transcript
                  playback={playback}
                  timeline={timeline}
                  scroller={scroller}
                  cover={cover}
                  follow={follow}
                  pointed={evidence.pointed}
                />
              )}
            </div>
          </section>
        )}
        {panes.side && (
          <aside
            aria-label={panes.side === 'results' ? 'Results' : 'Details'}
            className="border-line text-[13px] lg:sticky lg:top-(--cover) lg:h-[calc(100dvh-var(--cover))] lg:overflow-y-auto lg:border-l"
          >
            {!panes.isNarrow && (
              <div className="sticky top-0 z-10 border-b border-line bg-canvas px-[12px]">
                {links}
              </div>
            )}
            <div className="px-[20px] py-[14px] max-md:px-[14px]">
              {panes.side === 'details' ? (
                <CallFacts call={call} />
              ) : (
                <ResultsPane
                  call={call}
                  playback={playback}
                  evidence={{ ...evidence, show: showEvidence }}
                  rerun={rerun}
                  onSeek={(seconds) => playback.seek(seconds)}
                />
              )}
            </div>
          </aside>
        )}
      </div>
    </main>
  )
}

/** Tells styles, as `--cover`, how much of the top is covered while the page scrolls. */
function useCoverHeight(scroller: HTMLElement | null, cover: RefObject<HTMLElement | null>): void {
  const { height } = useSize(cover)
  useLayoutEffect(() => {
    scroller?.style.setProperty('--cover', `${height}px`)
  }, [scroller, height])
}

/** The next call is most likely the next to be opened. */
function usePrefetch(id: number | null): void {
  const client = useQueryClient()
  useEffect(() => {
    if (id === null) return
    // Failing is not this page's business: the next one asks again and says so.
    prefetchCall(client, id).catch(() => undefined)
  }, [client, id])
}
