import { useQuery } from '@tanstack/react-query'
import { type HistoryRequest, verdictQueries } from '../../api/verdicts.ts'
import { HistoryList } from '../../results/history-list.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'

type MetricHistoryProps = HistoryRequest & { currentId: number | null }

/** Every result of one metric on one call. */
export function MetricHistory({ callId, metricId, currentId }: MetricHistoryProps) {
  const { data, error, refetch } = useQuery(verdictQueries.history({ callId, metricId }))
  if (error) {
    return (
      <p role="alert" className="text-ink-soft">
        The history could not be loaded: {error.message}{' '}
        <button type="button" className="text-accent underline" onClick={() => void refetch()}>
          Try again
        </button>
      </p>
    )
  }
  if (!data) return <Skeleton className="h-[40px] w-full" />
  return <HistoryList verdicts={data} currentId={currentId} />
}
