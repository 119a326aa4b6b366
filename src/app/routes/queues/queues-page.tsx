import { useQuery } from '@tanstack/react-query'
import { EyeOff, Plus, Trash2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Link } from 'react-router'
import type { ReviewQueue } from '#contract/review-queue.ts'
import { queueQueries, useDeleteQueue, useRestoreQueue } from '../../api/queues.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { formatDateTime } from '../../format/date.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonClass, IconButton } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Page } from '../../ui/page.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toast.tsx'
import { isFinished, progressOf, progressText } from './queue-progress.ts'

const QueueDialog = lazy(async () => ({
  default: (await import('./queue-dialog.tsx')).QueueDialog,
}))

/** Every review queue and how far it has come. */
export function QueuesPage() {
  const canWrite = useCanWrite()
  const [isMaking, setMaking] = useState(false)
  const { data: queues, error, refetch } = useQuery(queueQueries.list())

  const makeButton = canWrite && (
    <Button variant="primary" icon={<Plus size={15} />} onClick={() => setMaking(true)}>
      New queue
    </Button>
  )

  return (
    <Page title="Queues" aside={queues && queues.length > 0 && queues.length} actions={makeButton}>
      {!queues && !error && <SkeletonRows rows={4} rowHeight={64} label="Loading the queues" />}
      {!queues && error && (
        <LoadError title="The queues could not be loaded" error={error} onRetry={refetch} />
      )}
      {queues?.length === 0 && <NoQueues canWrite={canWrite} />}
      {queues && queues.length > 0 && (
        <ul>
          {queues.map((queue) => (
            <QueueRow key={queue.id} queue={queue} canWrite={canWrite} />
          ))}
        </ul>
      )}
      {isMaking && (
        <Suspense fallback={null}>
          <QueueDialog selection={{}} onClose={() => setMaking(false)} />
        </Suspense>
      )}
    </Page>
  )
}

function NoQueues({ canWrite }: { canWrite: boolean }) {
  const action = canWrite && (
    <Link to="/calls" className={buttonClass({ variant: 'primary' })}>
      Filter calls
    </Link>
  )
  return (
    <EmptyState title="No queues yet" action={action}>
      A queue hands out calls one after the other, each to one person at a time.{' '}
      {canWrite
        ? 'Filter the calls that matter, then choose “Review these as a queue”.'
        : 'How far each has come appears here.'}
    </EmptyState>
  )
}

function QueueRow({ queue, canWrite }: { queue: ReviewQueue; canWrite: boolean }) {
  const remove = useRemoval(queue)
  const isOpen = canWrite && !isFinished(queue)
  return (
    <li className="flex flex-wrap items-center gap-x-[16px] gap-y-[8px] border-b border-line px-[20px] py-[10px] max-md:px-[14px]">
      <div className="min-w-0 flex-1 basis-[260px]">
        <div className="flex flex-wrap items-center gap-[8px]">
          <h2 className="min-w-0 truncate font-semibold" title={queue.name}>
            {queue.name}
          </h2>
          {queue.isBlind && <Badge icon={<EyeOff size={12} aria-hidden="true" />}>Blind</Badge>}
          {queue.assignee && <Badge>For {queue.assignee}</Badge>}
        </div>
        <p className="truncate text-ink-soft" title={queue.reason}>
          {queue.reason}
        </p>
        <p className="text-[12px] text-ink-faint">
          By {queue.createdBy}, {formatDateTime(queue.createdAt)}
        </p>
      </div>
      <div className="w-[220px] max-sm:w-full">
        <ProgressBar
          label={`Progress of ${queue.name}`}
          isLabelHidden
          progress={progressOf(queue)}
          valueText={progressText(queue)}
          tone={isFinished(queue) ? 'pass' : 'accent'}
        />
      </div>
      <div className="flex items-center gap-[6px]">
        <Link
          to={`/queues/${queue.id}`}
          aria-label={`${isOpen ? 'Review' : 'Summary of'} ${queue.name}`}
          className={buttonClass()}
        >
          {isOpen ? 'Review' : 'Summary'}
        </Link>
        {canWrite && (
          <IconButton label={`Delete ${queue.name}`} onClick={remove}>
            <Trash2 size={15} />
          </IconButton>
        )}
      </div>
    </li>
  )
}

/** As promises: the row is gone by the time the answer is here. */
function useRemoval({ id, name }: ReviewQueue) {
  const deletion = useDeleteQueue()
  const restore = useRestoreQueue()
  const undo = () => void restore.mutateAsync(id).catch(showFailure)
  return () =>
    void deletion
      .mutateAsync(id)
      .then(() =>
        showToast({
          title: `“${name}” is deleted.`,
          description: 'What was reviewed is kept.',
          action: { label: 'Undo', onSelect: undo },
        }),
      )
      .catch(showFailure)
}

function showFailure(cause: unknown): void {
  showToast({ title: cause instanceof Error ? cause.message : String(cause), tone: 'fail' })
}
