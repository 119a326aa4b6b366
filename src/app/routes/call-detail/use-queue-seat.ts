import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useNavigate } from 'react-router'
import type { QueueItem, ReviewQueue } from '#contract/review-queue.ts'
import {
  queueQueries,
  releaseQueueCall,
  useNextInQueue,
  useReopenQueueCall,
} from '../../api/queues.ts'
import { reviewQueries } from '../../api/review.ts'
import { useSession } from '../../api/session.ts'
import { showToast } from '../../ui/toast.tsx'
import { hidesJudge } from './blind.ts'
import { parsePane, withPane } from './pane.ts'

/** What a call's page does as a part of a queue. */
export type QueueSeat = {
  item: QueueItem
  queue: ReviewQueue
  /** True until the reviewer has answered in a blind queue: nothing that the judge said may be shown. */
  hidesJudge: boolean
  /** While the next call is being taken. */
  isLeaving: boolean
  /** Marks the call as done and opens the next. */
  finish: () => void
  /** Puts the call off and opens the next. */
  skip: () => void
}

type UseQueueSeatOptions = { queueId: number; callId: number; params: URLSearchParams }

/** Opens a call of a queue, keeps it while the page is open, and lets it go after. `seat` is null until it is open. */
export function useQueueSeat({ queueId, callId, params }: UseQueueSeatOptions) {
  const navigate = useNavigate()
  const opened = useQuery(queueQueries.openCall({ queueId, callId }))
  const next = useNextInQueue({ queueId, callId })
  const reopen = useReopenQueueCall()
  const isBlind = opened.data?.queue.isBlind ?? false
  const review = useQuery({ ...reviewQueries.ofCall(callId), enabled: isBlind }).data
  const reviewer = useSession().data?.name
  const search = queueCallSearch(queueId, params)
  const item = opened.data?.item
  // Until the server has answered it may have locked the call already, whatever an earlier answer said.
  const mayHold = !opened.isFetchedAfterMount || (item?.isMine !== false && !item?.isDone)
  const lastMayHold = useRef(mayHold)
  useEffect(() => {
    lastMayHold.current = mayHold
  }, [mayHold])

  useEffect(() => {
    const release = () => {
      if (lastMayHold.current) releaseQueueCall({ queueId, callId })
    }
    window.addEventListener('pagehide', release)
    return () => {
      window.removeEventListener('pagehide', release)
      release()
    }
  }, [queueId, callId])

  const open = (id: number | null) =>
    void navigate(id === null ? `/queues/${queueId}` : `/calls/${id}${search}`, { replace: true })

  // As promises: another call is on the page by the time of an undo.
  const undo = () =>
    void reopen
      .mutateAsync({ queueId, callId })
      .then(() => open(callId))
      .catch(showFailure)
  const leave = async (as: 'done' | 'skipped') => {
    if (next.isPending || !item?.isMine) return
    try {
      const taken = await next.mutateAsync(as)
      if (as === 'done') {
        showToast({ title: 'Done with this call.', action: { label: 'Undo', onSelect: undo } })
      }
      open(taken.item?.callId ?? null)
    } catch (cause) {
      showFailure(cause)
    }
  }

  const seat: QueueSeat | null = opened.data
    ? {
        ...opened.data,
        hidesJudge: hidesJudge({ ...opened.data, review, reviewer }),
        isLeaving: next.isPending,
        finish: () => void leave('done'),
        skip: () => void leave('skipped'),
      }
    : null
  return { seat, search, error: opened.error, retry: opened.refetch }
}

/** With which a call of a queue is opened: who reads the details of one is likely to want those of the next. */
function queueCallSearch(queueId: number, params: URLSearchParams): string {
  return withPane(`?queue=${queueId}`, parsePane(params))
}

function showFailure(cause: unknown): void {
  showToast({ title: cause instanceof Error ? cause.message : String(cause), tone: 'fail' })
}
