import { RotateCcw } from 'lucide-react'
import type { BulkAction } from '#contract/bulk-action.ts'
import { isGoingOn, useBulkActions } from '../api/bulk-actions.ts'
import { formatDateTime } from '../format/date.ts'
import { Button } from '../ui/button.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { ActionProgress } from './action-progress.tsx'
import { nameWork, tellOutcome } from './bulk-words.ts'
import { type ExportRun, tellRows, useExportRuns } from './export-runs.ts'
import { tellRun } from './rerun-words.ts'
import { RetryButton } from './retry-button.tsx'
import { useUndo } from './use-bulk-work.ts'

type ActivityPanelProps = {
  /** A rerun's report is to be shown, for which the panel makes room. */
  onShowRun: (id: number) => void
}

/** What runs and what ran lately. */
export function ActivityPanel({ onShowRun }: ActivityPanelProps) {
  const actions = useBulkActions().data ?? []
  const runs = useExportRuns()
  if (actions.length + runs.length === 0)
    return <p className="text-ink-soft">Nothing ran lately.</p>
  return (
    <ul className="flex w-[340px] max-w-full flex-col divide-y divide-line">
      {runs.map((run) => (
        <li key={`export-${run.id}`} className="py-[8px]">
          <ExportEntry run={run} />
        </li>
      ))}
      {actions.map((action) => (
        <li key={action.id} className="py-[8px]">
          <ActionEntry action={action} onShowRun={onShowRun} />
        </li>
      ))}
    </ul>
  )
}

function ActionEntry({ action, onShowRun }: ActivityPanelProps & { action: BulkAction }) {
  const undo = useUndo()
  return (
    <>
      <div className="flex items-start gap-[8px]">
        <div className="min-w-0 flex-1">
          <div className="break-words">{nameWork(action.work)}</div>
          <div className="text-[12px] text-ink-faint">
            {action.startedBy}, {formatDateTime(action.createdAt)}
          </div>
        </div>
        {action.canUndo && (
          <Button size="small" icon={<RotateCcw size={12} />} onClick={() => void undo(action.id)}>
            Undo
          </Button>
        )}
      </div>
      {isGoingOn(action) ? (
        <ActionProgress id={action.id} />
      ) : (
        <div className="mt-[2px] text-[12px] break-words text-ink-soft tabular-nums">
          {tellOutcome(action)}
        </div>
      )}
      {action.work.kind === 'rerun' && (
        <div className="mt-[4px] flex flex-wrap items-center gap-[6px]">
          {!isGoingOn(action) && (
            <span className="mr-auto text-[12px] text-ink-faint tabular-nums">
              {tellRun({ ...action, failedCount: 0, skippedCount: 0 }).join(' · ')}
            </span>
          )}
          <RetryButton action={action} />
          {action.doneCount > 0 && (
            <Button size="small" variant="quiet" onClick={() => onShowRun(action.id)}>
              What changed
            </Button>
          )}
        </div>
      )}
    </>
  )
}

const EXPORT_ENDED: Record<Exclude<ExportRun['state'], 'running'>, string> = {
  done: 'exported',
  cancelled: 'when it was cancelled; no file was kept',
  failed: 'when it failed; no file was kept',
}

function ExportEntry({ run }: { run: ExportRun }) {
  return (
    <>
      <div className="truncate">Export {run.fileName}</div>
      {run.state === 'running' ? (
        <div className="mt-[4px] flex items-end gap-[10px]">
          <div className="min-w-0 flex-1">
            <ProgressBar
              label="Exporting"
              isLabelHidden
              progress={run.totalCount === null ? null : run.rowCount / Math.max(1, run.totalCount)}
              valueText={tellRows(run)}
            />
          </div>
          <Button size="small" onClick={run.cancel}>
            Cancel
          </Button>
        </div>
      ) : (
        <div className="mt-[2px] text-[12px] text-ink-soft tabular-nums">
          {tellRows(run)} {EXPORT_ENDED[run.state]}
        </div>
      )}
    </>
  )
}
