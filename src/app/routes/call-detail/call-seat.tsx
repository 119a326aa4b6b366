import { useQuery } from '@tanstack/react-query'
import { type RefObject, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { recordingAudioPath } from '#contract/api.ts'
import type { CallDetail } from '#contract/call.ts'
import { useResponseBudget } from '../../api/project.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { verdictQueries } from '../../api/verdicts.ts'
import { CallPlayer } from '../../player/call-player.tsx'
import { threadOf, withComments } from '../../player/comment-marks.ts'
import { REVIEW_SHORTCUTS } from '../../player/key-map.ts'
import { type Mark, marksOf, momentOf, withEvidence } from '../../player/marks.ts'
import { stepStart } from '../../player/time-index.ts'
import { toTimeline } from '../../player/timeline.ts'
import { Transcript } from '../../player/transcript.tsx'
import { useFollow } from '../../player/use-follow.ts'
import { usePlayback } from '../../player/use-playback.ts'
import { useReviewKeys } from '../../player/use-review-keys.ts'
import { useSize } from '../../player/use-size.ts'
import { useSlowWalk } from '../../player/use-slow-walk.ts'
import { useShortcutSection } from '../../ui/shortcut-sections.ts'
import { useDocumentTitle } from '../../ui/use-document-title.ts'
import { comparedOutcomes, reviewerWords } from './blind.ts'
import { BlindNotice } from './blind-notice.tsx'
import { CallFacts } from './call-facts.tsx'
import { CallHeader } from './call-header.tsx'
import { CommentsPane } from './comments-pane.tsx'
import { DecisionBar } from './decision-bar.tsx'
import type { Neighbours } from './neighbours.ts'
import type { Pane } from './pane.ts'
import { PaneLinks } from './pane-links.tsx'
import { QueueBar } from './queue-bar.tsx'
import { RecordingNotice } from './recording-notice.tsx'
import { usePeaks } from './recording-peaks.ts'
import { ResultsPane } from './results-pane.tsx'
import { ReviewHistory } from './review-history.tsx'
import { TranscriptBar } from './transcript-bar.tsx'
import { TranscriptNotices } from './transcript-notices.tsx'
import { useComments } from './use-comments.ts'
import { useDecision } from './use-decision.ts'
import { useDoneAndNext } from './use-done-and-next.ts'
import { useEvidence } from './use-evidence.ts'
import { usePanes } from './use-panes.ts'
import { usePrefetchCall } from './use-prefetch-call.ts'
import type { QueueSeat } from './use-queue-seat.ts'
import { useRerun } from './use-rerun.ts'
import { useVotes } from './use-votes.ts'

export type CallSeatProps = {
  call: CallDetail
  /** Null outside of a queue. */
  queueSeat: QueueSeat | null
  neighbours: Neighbours
  /** Of the list this call was opened from: empty, or with its `?`. */
  listSearch: string
  startSeconds: number
  /** Opens another call of the same list; its moment is not this one's. */
  onGoTo: (id: number | null) => void
}

/** The review seat: a recording and its transcript on one clock, and what else is known of the call. */
export function CallSeat(props: CallSeatProps) {
  const { call, queueSeat, neighbours, listSearch, startSeconds, onGoTo } = props
  const { recording, segments } = call
  const [scroller, setScroller] = useState<HTMLElement | null>(null)
  const cover = useRef<HTMLDivElement>(null)
  useCoverHeight(scroller, cover)
  const timeline = useMemo(() => toTimeline(segments), [segments])
  const playback = usePlayback(recording && recordingAudioPath(recording.id), startSeconds)
  const follow = useFollow(scroller)
  const judged = useQuery(verdictQueries.ofCall(call.id)).data
  const isBlind = queueSeat?.hidesJudge ?? false
  const verdicts = isBlind ? undefined : judged?.items
  const evidence = useEvidence({ verdicts, playback, timeline, segments })
  const budgetSeconds = useResponseBudget()
  const spoken = useMemo(() => marksOf(segments, budgetSeconds), [segments, budgetSeconds])
  const slowWalk = useSlowWalk(playback, spoken)
  const marks = useMemo(() => withEvidence(spoken, evidence.moments), [spoken, evidence.moments])
  const comments = useComments({ call, playback, timeline })
  const shownMarks = useMemo(() => withComments(marks, comments.shown), [marks, comments.shown])
  const panes = usePanes(scroller)
  const rerun = useRerun(call.id)
  const canWrite = useCanWrite()
  const { peaks, silencePeaks } = usePeaks(recording)
  usePrefetchCall(neighbours.nextId)
  useDocumentTitle(call.callId)
  useShortcutSection(REVIEW_SHORTCUTS)
  const canDecide = canWrite && (queueSeat?.item.isMine ?? true)
  const search = queueSeat ? `?queue=${queueSeat.queue.id}` : listSearch
  const decision = useDecision({ call, search, canDecide, isBlind })
  const showResults = () => panes.open('results')
  const votes = useVotes({ decision, verdicts, evidence, onShowResults: showResults })
  const handleDone = useDoneAndNext({
    call,
    decision,
    neighbours,
    queueSeat,
    onGoTo,
    onShowChoice: () => {
      if (panes.isNarrow) showResults()
    },
  })

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
  const handleCommentKey = () => {
    panes.open('comments')
    comments.startHere()
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
    'toggle-highlights': whenPlayable(() => playback.toggleHighlights()),
    'previous-segment': whenTimed(() => stepSegment(-1)),
    'next-segment': whenTimed(() => stepSegment(1)),
    'next-evidence': whenEvident(() => evidence.step(1)),
    'previous-evidence': whenEvident(() => evidence.step(-1)),
    'next-slow-reply': whenTimed(slowWalk.step),
    'toggle-follow': whenTimed(follow.toggle),
    ...(canDecide && {
      agree: votes.agreeByKey,
      disagree: votes.disagreeByKey,
      'done-and-next': handleDone,
    }),
    ...(canWrite && { comment: handleCommentKey }),
    ...(canWrite && !isBlind && { rerun: handleRerunKey }),
  })

  const showEvidence: typeof evidence.show = (moment) => {
    panes.open('conversation')
    comments.forgetPointed()
    evidence.show(moment)
  }
  const openMark = (mark: Mark) => {
    const thread = threadOf(mark, comments.shown)
    if (thread) {
      panes.open('comments')
      comments.goTo(thread)
      comments.choose(thread.id)
      return
    }
    const moment = momentOf(mark, evidence.moments)
    if (moment) showEvidence(moment)
    else playback.seek(mark.startSeconds)
  }
  const links = (
    <PaneLinks
      panes={panes.all}
      shown={panes.shown}
      failedCount={verdicts?.filter(({ passed }) => passed === false).length ?? 0}
      openCommentCount={comments.openCount}
      onLeave={panes.remember}
    />
  )

  return (
    <main ref={setScroller} className="h-full overflow-y-auto overscroll-contain">
      {queueSeat && (
        <QueueBar
          seat={queueSeat}
          compared={
            queueSeat.queue.isBlind && !isBlind && judged
              ? comparedOutcomes(call, {
                  reviewer: reviewerWords(decision),
                  judged: judged.rubric?.success ?? null,
                })
              : null
          }
          onDone={handleDone}
        />
      )}
      <CallHeader
        call={call}
        isBlind={isBlind}
        playback={playback}
        neighbours={neighbours}
        listSearch={listSearch}
        onGoTo={onGoTo}
      />
      {!panes.isNarrow && (
        <DecisionBar call={call} decision={decision} className="px-[20px] pb-[8px]" />
      )}
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
            marks={shownMarks}
            budgetSeconds={budgetSeconds}
            onOpenMark={openMark}
            peaks={peaks}
            silencePeaks={silencePeaks}
          />
        )}
        <p role="status" className="px-[6px] text-[12px] text-warn tabular-nums">
          {slowWalk.told}
        </p>
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
                  pointed={comments.pointed ?? evidence.pointed}
                />
              )}
            </div>
          </section>
        )}
        {panes.side && (
          <aside
            aria-label={SIDE_NAME[panes.side]}
            className="border-line text-[13px] lg:sticky lg:top-(--cover) lg:h-[calc(100dvh-var(--cover))] lg:overflow-y-auto lg:border-l"
          >
            {!panes.isNarrow && (
              <div className="sticky top-0 z-10 border-b border-line bg-canvas px-[12px]">
                {links}
              </div>
            )}
            <div className="px-[20px] py-[14px] max-md:px-[14px]">
              {panes.side === 'details' && <CallFacts call={call} />}
              {panes.side === 'comments' && <CommentsPane callId={call.id} comments={comments} />}
              {panes.side === 'results' && isBlind && <BlindNotice />}
              {panes.side === 'results' && !isBlind && (
                <ResultsPane
                  call={call}
                  playback={playback}
                  evidence={{ ...evidence, show: showEvidence }}
                  rerun={rerun}
                  votes={votes}
                  onSeek={(seconds) => playback.seek(seconds)}
                />
              )}
              {panes.side === 'results' && (
                <>
                  {panes.isNarrow && (
                    <DecisionBar call={call} decision={decision} className="mt-[16px]" />
                  )}
                  {!isBlind && <ReviewHistory events={decision.review?.events ?? []} />}
                </>
              )}
            </div>
          </aside>
        )}
      </div>
    </main>
  )
}

const SIDE_NAME: Record<Exclude<Pane, 'conversation'>, string> = {
  results: 'Results',
  details: 'Details',
  comments: 'Comments',
}

/** Tells styles, as `--cover`, how much of the top is covered while the page scrolls. */
function useCoverHeight(scroller: HTMLElement | null, cover: RefObject<HTMLElement | null>): void {
  const { height } = useSize(cover)
  useLayoutEffect(() => {
    scroller?.style.setProperty('--cover', `${height}px`)
  }, [scroller, height])
}
