import { useQuery } from '@tanstack/react-query'
import { Link, Navigate, useParams, useSearchParams } from 'react-router'
import { spellFilter } from '#contract/filter-url.ts'
import { newestCallQuery } from '../../api/calls.ts'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { CallSkeleton } from './call-skeleton.tsx'

/** `/calls/by-call-id/:callId`: the newest call of the sender's own id, at the same second and with the same pane. */
export function CallByNamePage() {
  const callId = useParams().callId ?? ''
  const [params] = useSearchParams()
  const rule = { field: 'call_id', op: 'eq', value: callId } as const
  const filter = spellFilter({ operator: 'and', conditions: [rule] })
  const { data: calls, error, refetch } = useQuery(newestCallQuery(filter))
  if (!calls) {
    if (!error) return <CallSkeleton />
    return <LoadError title="The call could not be looked up" error={error} onRetry={refetch} />
  }
  const [call] = calls
  if (call)
    return <Navigate replace to={{ pathname: `/calls/${call.id}`, search: params.toString() }} />
  return (
    <main>
      <EmptyState
        title={`There is no call “${callId}”`}
        headingLevel={1}
        action={
          <Link to="/calls" className={buttonClass()}>
            All calls
          </Link>
        }
      >
        No call of this ID has arrived, or it was deleted.
      </EmptyState>
    </main>
  )
}
