import { usePrefetchQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { Link, useParams, useSearchParams } from 'react-router'
import type { CallDetail } from '#contract/call.ts'
import { callQueries } from '../../api/calls.ts'
import { useLiveCalls } from '../../api/live-calls.ts'
import { metricQueries } from '../../api/metrics.ts'
import { ApiError } from '../../api/request.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { verdictQueries } from '../../api/verdicts.ts'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { listQueryOf, parseUrlView, urlViewSearch } from '../../view-state/view-url.ts'
import { isBeingJudged } from './being-judged.ts'
import { withoutOutcome } from './blind.ts'
import { CallSeat } from './call-seat.tsx'
import { CallSkeleton } from './call-skeleton.tsx'
import { parseMoment } from './moment.ts'
import { findNeighbours, type Neighbours } from './neighbours.ts'
import { parsePane, withPane } from './pane.ts'
import { runOfQueue } from './queue-run.ts'
import { useCallSteps } from './use-call-steps.ts'
import { useNeighbours } from './use-neighbours.ts'
import { usePrefetchCall } from './use-prefetch-call.ts'
import { type QueueSeat, useQueueSeat } from './use-queue-seat.ts'

/** How often to look while a recording or a verdict is on its way, should the live channel be blocked. */
const UNDER_WAY_MS = 4000

/** `/calls/:id`: one call, at the second of `?t=`, as part of the list that the other parameters name. */
export function CallDetailPage() {
  const id = parseId(useParams().id)
  const [params] = useSearchParams()
  const listSearch = urlViewSearch(parseUrlView(params))
  const queueId = parseId(params.get('queue') ?? undefined)
  const canWrite = useCanWrite()
  if (id === null) return <NoSuchCall listSearch={listSearch} />
  // Who may only read takes no part in a queue, and sees its calls as any others.
  return queueId === null || !canWrite ? (
    <CallOfList id={id} params={params} listSearch={listSearch} />
  ) : (
    <CallOfQueue id={id} params={params} listSearch={listSearch} queueId={queueId} />
  )
}

function parseId(text: string | undefined): number | null {
  return text && /^\d{1,15}$/.test(text) ? Number(text) : null
}

type CallOfListProps = { id: number; params: URLSearchParams; listSearch: string }

/** The list stays while its calls change: keys that step through it work before the call itself is there. */
function CallOfList(props: CallOfListProps) {
  const { id, params, listSearch } = props
  const { neighbours, run } = useNeighbours(listQueryOf(parseUrlView(params)), id)
  // Who reads the details of one call is likely to want those of the next.
  const goTo = useCallSteps({ run, search: withPane(listSearch, parsePane(params)) })
  return <KnownId key={id} {...props} neighbours={neighbours} onGoTo={goTo} queueSeat={null} />
}

/** As `CallOfList`, in the order of a queue. Nothing of the call is shown before it is known whether it is a blind one. */
function CallOfQueue({ queueId, ...props }: CallOfListProps & { queueId: number }) {
  const { id, params } = props
  const { seat, search, error, retry } = useQueueSeat({ queueId, callId: id, params })
  const run = useMemo(() => runOfQueue(seat?.item ?? null), [seat?.item])
  const goTo = useCallSteps({ run, search })
  usePrefetchCall(seat?.item.upcomingCallId ?? null)
  if (!seat) {
    if (!error) return <CallSkeleton />
    if (error instanceof ApiError && error.status === 404) return <NotInQueue />
    return <LoadError title="The queue could not be opened" error={error} onRetry={retry} />
  }
  const neighbours = findNeighbours(run.rows, id)
  return <KnownId key={id} {...props} neighbours={neighbours} onGoTo={goTo} queueSeat={seat} />
}

type KnownIdProps = CallOfListProps & {
  /** Null outside of a queue. */
  queueSeat: QueueSeat | null
  neighbours: Neighbours
  onGoTo: (id: number | null) => void
}

function KnownId(props: KnownIdProps) {
  const { id, params, listSearch, queueSeat, neighbours, onGoTo } = props
  const client = useQueryClient()
  const {
    data: call,
    error,
    refetch,
  } = useQuery({
    ...callQueries.detail(id),
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? UNDER_WAY_MS : false),
  })
  // Beside the call and not after it: the marks under the waveform come from them.
  usePrefetchQuery(verdictQueries.ofCall(id))
  usePrefetchQuery(metricQueries.list())
  useLiveCalls((ids) => {
    if (!ids.includes(id)) return
    void client.invalidateQueries({ queryKey: callQueries.detail(id).queryKey })
    void client.invalidateQueries({ queryKey: verdictQueries.ofCall(id).queryKey })
  })
  if (!call) {
    if (!error) return <CallSkeleton />
    if (error instanceof ApiError && error.status === 404)
      return <NoSuchCall listSearch={listSearch} />
    return <LoadError title="The call could not be loaded" error={error} onRetry={refetch} />
  }
  return (
    <CallSeat
      // A link to another moment of the same call opens it anew there.
      key={params.get('t')}
      call={queueSeat?.hidesJudge ? withoutOutcome(call) : call}
      queueSeat={queueSeat}
      neighbours={neighbours}
      listSearch={listSearch}
      onGoTo={onGoTo}
      startSeconds={parseMoment(params)}
    />
  )
}

function isUnderWay(call: CallDetail | undefined): boolean {
  if (!call) return false
  const { recordingState } = call
  return recordingState === 'waiting' || recordingState === 'analysing' || isBeingJudged(call)
}

function NotInQueue() {
  return (
    <main>
      <EmptyState
        title="This call is not in the queue"
        action={
          <Link to="/queues" className={buttonClass()}>
            All queues
          </Link>
        }
      >
        The call or the queue may have been deleted.
      </EmptyState>
    </main>
  )
}

function NoSuchCall({ listSearch }: { listSearch: string }) {
  return (
    <main>
      <EmptyState
        title="There is no such call"
        action={
          <Link to={`/calls${listSearch}`} className={buttonClass()}>
            All calls
          </Link>
        }
      >
        It may have been deleted, or the link has a typo.
      </EmptyState>
    </main>
  )
}
