import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'
import type { BulkAction } from '#contract/bulk-action.ts'
import type { Flip, RunFlips } from '#contract/evaluation-run.ts'
import { isGoingOn, useBulkActions } from '../api/bulk-actions.ts'
import { verdictQueries } from '../api/verdicts.ts'
import { countOf, formatCount } from '../format/count.ts'
import { formatDateTime } from '../format/date.ts'
import { FlipChange } from '../results/flip-change.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { LoadError } from '../ui/load-error.tsx'
import { SkeletonRows } from '../ui/skeleton.tsx'
import { tellOutcome } from './bulk-words.ts'
import { tellRun } from './rerun-words.ts'
import { canRetry, RetryButton } from './retry-button.tsx'

/** Between two looks at a run that goes on. */
const LOOK_MS = 3000

type RunDialogProps = { id: number; onClose: () => void }

/** What a rerun turned: how often per metric, and each result before and after. */
export function RunDialog({ id, onClose }: RunDialogProps) {
  const action = useBulkActions().data?.find((one) => one.id === id)
  const isRunning = action !== undefined && isGoingOn(action)
  const { data, error, refetch } = useQuery({
    ...verdictQueries.flips(id),
    refetchInterval: isRunning && LOOK_MS,
  })
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="large"
      title="What the rerun changed"
      description={action && <Summary action={action} />}
      footer={action && canRetry(action) && <RetryButton action={action} onStarted={onClose} />}
    >
      {!data && !error && <SkeletonRows rows={4} rowHeight={32} label="Loading what changed" />}
      {!data && error && (
        <LoadError
          title="What changed could not be loaded"
          error={error}
          onRetry={() => void refetch()}
        />
      )}
      {data && <Flips flips={data} onLeave={onClose} />}
    </Dialog>
  )
}

function Summary({ action }: { action: BulkAction }) {
  const took = tellRun(action).join(' · ')
  return (
    <>
      {action.startedBy}, {formatDateTime(action.createdAt)}. {tellOutcome(action)}
      {took && ` · ${took}`}
    </>
  )
}

function Flips({ flips: { items, counts }, onLeave }: { flips: RunFlips; onLeave: () => void }) {
  const flippedCount = counts.reduce((sum, one) => sum + one.flippedCount, 0)
  if (flippedCount === 0) {
    return <p className="text-ink-soft">No result turned: everything is as it was before.</p>
  }
  return (
    <div className="flex flex-col gap-[16px]">
      <Counts counts={counts} />
      <div>
        <p className="mb-[6px] text-[12px] text-ink-faint">
          {items.length < flippedCount
            ? `The newest ${formatCount(items.length)} of ${countOf(flippedCount, 'result')} that turned`
            : `${countOf(flippedCount, 'result')} turned`}
        </p>
        <ul aria-label="Results that turned" className="divide-y divide-line">
          {items.map((flip) => (
            <li key={`${flip.callId}-${flip.metricId}`} className="py-[6px]">
              <FlipEntry flip={flip} onLeave={onLeave} />
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function Counts({ counts }: Pick<RunFlips, 'counts'>) {
  const turned = counts.filter(({ flippedCount }) => flippedCount > 0)
  return (
    <table className="w-full text-left tabular-nums">
      <caption className="sr-only">How many results turned, by metric</caption>
      <thead className="text-[12px] text-ink-faint">
        <tr>
          <th className="py-[3px] font-normal">Metric</th>
          <th className="py-[3px] text-right font-normal">Judged</th>
          <th className="py-[3px] text-right font-normal">Turned</th>
          <th className="py-[3px] text-right font-normal">Share</th>
        </tr>
      </thead>
      <tbody>
        {turned.map(({ metricId, metricName, judgedCount, flippedCount }) => (
          <tr key={metricId} className="border-t border-line/70">
            <td className="py-[3px]">{metricName}</td>
            <td className="py-[3px] text-right">{formatCount(judgedCount)}</td>
            <td className="py-[3px] text-right">{formatCount(flippedCount)}</td>
            <td className="py-[3px] text-right">
              {Math.round((100 * flippedCount) / Math.max(1, judgedCount))} %
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function FlipEntry({ flip, onLeave }: { flip: Flip; onLeave: () => void }) {
  const { callId, senderCallId, metricName, before, after } = flip
  return (
    <div className="flex flex-wrap items-center gap-x-[12px] gap-y-[4px]">
      <Link
        to={`/calls/${callId}`}
        onClick={onLeave}
        className="max-w-[180px] truncate font-mono text-[12px] text-accent hover:underline"
      >
        {senderCallId}
      </Link>
      <span className="min-w-0 flex-1 truncate">{metricName}</span>
      <FlipChange before={before} after={after} />
    </div>
  )
}
