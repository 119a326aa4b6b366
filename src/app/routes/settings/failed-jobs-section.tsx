import { RotateCw } from 'lucide-react'
import { useDeadJobs, useRequeueJob } from '../../api/jobs.ts'
import { countOf } from '../../format/count.ts'
import { formatFullDateTime, formatRelative } from '../../format/date.ts'
import { Button } from '../../ui/button.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toast.tsx'
import { Section } from './section.tsx'
import type { SettingsAccess } from './settings-page.tsx'

/** Work that was tried until it was given up. Nothing of it is lost; it waits for a person. */
export function FailedJobsSection({ access }: { access: SettingsAccess }) {
  const { data: jobs, error, refetch, isFetching } = useDeadJobs()
  return (
    <Section
      title="Failed jobs"
      description="Work on a call that was tried several times and given up."
      action={
        <Button
          variant="quiet"
          icon={<RotateCw size={14} />}
          isBusy={isFetching}
          onClick={() => refetch()}
        >
          Refresh
        </Button>
      }
    >
      {!jobs && !error && <SkeletonRows rows={1} rowHeight={46} label="Loading the failed jobs" />}
      {!jobs && error && (
        <LoadError title="The jobs could not be loaded" error={error} onRetry={refetch} />
      )}
      {jobs?.length === 0 && <p className="text-ink-faint">None. Everything went through.</p>}
      {jobs && jobs.length > 0 && (
        <ul className="divide-y divide-line rounded-[8px] border border-line bg-surface">
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} canRequeue={access?.canWrite ?? false} />
          ))}
        </ul>
      )}
    </Section>
  )
}

type DeadJob = NonNullable<ReturnType<typeof useDeadJobs>['data']>[number]

function JobRow({ job, canRequeue }: { job: DeadJob; canRequeue: boolean }) {
  const requeue = useRequeueJob()
  const handleRequeue = () =>
    requeue.mutate(job.id, {
      onSuccess: () => showToast({ title: 'The job is in line again' }),
      onError: (error) =>
        showToast({ title: 'Not requeued', description: error.message, tone: 'fail' }),
    })

  return (
    <li className="flex items-start gap-[12px] py-[8px] pr-[8px] pl-[14px]">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap gap-x-[8px]">
          <span className="font-medium">{job.kind}</span>
          <span className="font-mono text-[12px] leading-[20px] text-ink-soft">{job.subject}</span>
        </p>
        <p className="leading-[19px] break-words text-fail">{job.error}</p>
        <p className="text-[12px] leading-[18px] text-ink-faint">
          <time dateTime={job.failedAt} title={formatFullDateTime(job.failedAt)}>
            {formatRelative(job.failedAt)}
          </time>{' '}
          after {countOf(job.attempts, 'attempt')}
        </p>
      </div>
      {canRequeue && (
        <Button
          size="small"
          aria-label={`Try again: ${job.kind}, ${job.subject}`}
          onClick={handleRequeue}
        >
          Try again
        </Button>
      )}
    </li>
  )
}
