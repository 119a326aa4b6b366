import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Link, Navigate, useParams } from 'react-router'
import type { ReviewQueue } from '#contract/review-queue.ts'
import { queueQueries } from '../../api/queues.ts'
import { ApiError } from '../../api/request.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Page } from '../../ui/page.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import {
  endText,
  isFinished,
  progressOf,
  progressText,
  readerText,
  spentText,
} from './queue-progress.ts'

/** `/queues/:id`: takes the next call and opens it; where there is none, what was done. */
export function QueuePage() {
  const { id } = useParams()
  const canWrite = useCanWrite()
  if (!id || !/^\d{1,15}$/.test(id)) return <NoSuchQueue />
  // To take a call is to write: who may only read sees how the queue stands.
  return canWrite ? (
    <StartedQueue key={id} id={Number(id)} />
  ) : (
    <WatchedQueue key={id} id={Number(id)} />
  )
}

function WatchedQueue({ id }: { id: number }) {
  const { data: queue, error, refetch } = useQuery(queueQueries.one(id))
  if (error instanceof ApiError && error.status === 404) return <NoSuchQueue />
  if (queue) return <QueueStand queue={queue} text={readerText(queue)} />
  if (error)
    return <LoadError title="The queue could not be loaded" error={error} onRetry={refetch} />
  return <SkeletonRows rows={3} rowHeight={44} label="Loading the queue" />
}

function StartedQueue({ id }: { id: number }) {
  const { data, error, refetch, isFetching } = useQuery(queueQueries.start(id))
  if (error instanceof ApiError && error.status === 404) return <NoSuchQueue />
  if (error)
    return <LoadError title="The queue could not be opened" error={error} onRetry={refetch} />
  if (!data) return <SkeletonRows rows={3} rowHeight={44} label="Taking the next call" />
  if (data.item) return <Navigate to={`/calls/${data.item.callId}?queue=${id}`} replace />
  return (
    <QueueStand queue={data.queue} text={endText(data.queue)}>
      {!isFinished(data.queue) && (
        <div>
          <Button isBusy={isFetching} onClick={() => void refetch()}>
            Look again
          </Button>
        </div>
      )}
    </QueueStand>
  )
}

type QueueStandProps = { queue: ReviewQueue; text: string; children?: ReactNode }

/** What was done of a queue so far. */
function QueueStand({ queue, text, children }: QueueStandProps) {
  const { data: summary } = useQuery(queueQueries.summary(queue.id))
  return (
    <Page
      title={queue.name}
      width="reading"
      actions={
        <Link to="/queues" className={buttonClass()}>
          All queues
        </Link>
      }
    >
      <div className="flex flex-col gap-[16px] py-[20px]">
        <p role="status" className="text-[14px] font-semibold">
          {text}
        </p>
        <ProgressBar
          label="Progress"
          progress={progressOf(queue)}
          valueText={progressText(queue)}
          tone={isFinished(queue) ? 'pass' : 'accent'}
        />
        {summary && (
          <dl className="grid grid-cols-[repeat(auto-fit,minmax(120px,1fr))] gap-[12px]">
            <Fact name="Reviewed" value={String(summary.doneCount)} />
            <Fact name="Success" value={String(summary.successCount)} />
            <Fact name="Failure" value={String(summary.failureCount)} />
            <Fact name="Time with calls open" value={spentText(summary.spentSeconds)} />
          </dl>
        )}
        {children}
      </div>
    </Page>
  )
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt className="text-ink-soft">{name}</dt>
      <dd className="text-[18px] font-semibold tabular-nums">{value}</dd>
    </div>
  )
}

function NoSuchQueue() {
  return (
    <main>
      <EmptyState
        title="There is no such queue"
        headingLevel={1}
        action={
          <Link to="/queues" className={buttonClass()}>
            All queues
          </Link>
        }
      >
        It may have been deleted, or the link has a typo.
      </EmptyState>
    </main>
  )
}
