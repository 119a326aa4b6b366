import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { BulkAction } from '#contract/bulk-action.ts'
import type { Verdict } from '#contract/metric-result.ts'
import { useCancelBulkAction } from '../../api/bulk-actions.ts'
import { verdictQueries } from '../../api/verdicts.ts'
import { FlipList } from '../../results/flip-list.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { showToast } from '../../ui/toast.tsx'
import type { Rerun } from './use-rerun.ts'

type RerunOutcomeProps = {
  rerun: Rerun
  /** What counts now, of every metric. */
  verdicts: readonly Verdict[]
}

/** How far a rerun is, and once it has ended which results it turned. */
export function RerunOutcome({ rerun, verdicts }: RerunOutcomeProps) {
  const { action, dismiss } = rerun
  if (!action) return null
  if (rerun.isGoingOn) return <GoingOn id={action.id} />
  return (
    <section
      aria-label="What changed"
      className="relative rounded-[6px] border border-line bg-surface py-[8px] pr-[38px] pl-[10px]"
    >
      <h3 className="font-semibold">{titleOf(action)}</h3>
      <div role="status">
        {action.state === 'failed' ? (
          <p className="text-fail">{action.errorMessage ?? 'The rerun failed.'}</p>
        ) : (
          <Flips runId={action.id} />
        )}
        {action.failedCount > 0 && <Broken runId={action.id} verdicts={verdicts} />}
      </div>
      <IconButton
        label="Dismiss"
        size="small"
        className="absolute top-[5px] right-[6px]"
        onClick={dismiss}
      >
        <X size={14} />
      </IconButton>
    </section>
  )
}

/** What the rerun could not answer, and why: that nothing turned is only half of what happened. */
function Broken({ runId, verdicts }: { runId: number; verdicts: readonly Verdict[] }) {
  const broken = verdicts.filter((verdict) => verdict.state === 'failed' && verdict.runId === runId)
  return (
    <div className="mt-[4px] flex flex-col gap-[4px] leading-[18px]">
      <ul aria-label="What went wrong" className="flex flex-col gap-[4px] empty:hidden">
        {broken.map(({ metricId, name, explanation }) => (
          <li key={metricId} className="wrap-anywhere">
            <span className="font-medium">{name}</span>
            <span className="block text-[12px] text-warn">{explanation}</span>
          </li>
        ))}
      </ul>
      <p className="text-[12px] text-ink-soft">
        A metric that broke keeps the result it had. Its history says why.
      </p>
    </div>
  )
}

function titleOf({ state, failedCount }: BulkAction): string {
  if (state === 'cancelled') return 'The rerun was stopped'
  if (state === 'failed') return 'The rerun failed'
  return failedCount > 0 ? 'Evaluated again, with errors' : 'Evaluated again'
}

function GoingOn({ id }: { id: number }) {
  const cancel = useCancelBulkAction()
  return (
    <div className="flex items-center gap-[8px]">
      <p role="status" className="flex min-w-0 flex-1 items-center gap-[8px] text-ink-soft">
        <Spinner />
        Evaluating the call again
      </p>
      <Button
        size="small"
        isBusy={cancel.isPending}
        onClick={() =>
          cancel.mutate(id, {
            onError: ({ message }) => showToast({ title: message, tone: 'fail' }),
          })
        }
      >
        Cancel
      </Button>
    </div>
  )
}

function Flips({ runId }: { runId: number }) {
  const { data, error, refetch } = useQuery(verdictQueries.flips(runId))
  if (error) {
    return (
      <p className="text-ink-soft">
        What changed could not be loaded.{' '}
        <button type="button" className="text-accent underline" onClick={() => void refetch()}>
          Try again
        </button>
      </p>
    )
  }
  if (!data) return <p className="text-ink-soft">Comparing…</p>
  if (data.items.length === 0) return <p className="text-ink-soft">No result changed.</p>
  return (
    <div className="mt-[4px]">
      <FlipList flips={data.items} />
    </div>
  )
}
