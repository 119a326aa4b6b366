import { Check, FileJson, RotateCw, Sheet } from 'lucide-react'
import { useState } from 'react'
import type { ExportQuery } from '#contract/api.ts'
import type { CallListQuery } from '#contract/call.ts'
import { countOf } from '../format/count.ts'
import { formatFileSize } from '../format/file-size.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { FormError } from '../ui/form-error.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { type ExportRun, tellRows, useExportRuns } from './export-runs.ts'
import { startExport } from './run-export.ts'

type Format = ExportQuery['format']

const FORMATS = [
  { value: 'csv', label: 'CSV', icon: <Sheet size={14} /> },
  { value: 'jsonl', label: 'JSONL', icon: <FileJson size={14} /> },
] as const

const HOLDS: Record<Format, string> = {
  csv: 'For spreadsheets: one line per call with its fields, tags, review, measures and a column per metric; metadata and dynamic variables as JSON. No transcripts. Text that a spreadsheet would run as a formula is defused.',
  jsonl:
    'For programs: one JSON object per call with everything that is kept of it, transcripts and the results of metrics included. No audio.',
}

type ExportDialogProps = {
  calls: CallListQuery
  /** Undefined until counted. */
  callCount: number | undefined
  onClose: () => void
}

/** Chooses a format, then follows the export. It goes on when this is closed; the activity list has it. */
export function ExportDialog({ calls, callCount, onClose }: ExportDialogProps) {
  const [runId, setRunId] = useState<number | null>(null)
  const [format, setFormat] = useState<Format>('csv')
  const run = useExportRuns().find(({ id }) => id === runId)
  const start = async () => {
    const id = await startExport({ ...calls, format })
    if (id !== null) setRunId(id)
  }

  if (run) return <RunDialog run={run} onRetry={start} onClose={onClose} />
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Export calls"
      description={callCount === undefined ? 'Every call that matches' : countOf(callCount, 'call')}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button variant="primary" onClick={() => void start()} disabled={callCount === 0}>
            {callCount === undefined ? 'Export' : `Export ${countOf(callCount, 'call')}`}
          </Button>
        </>
      }
    >
      <Segmented label="Format" options={FORMATS} value={format} onChange={setFormat} />
      <p className="mt-[10px] leading-[20px] text-ink-soft">{HOLDS[format]}</p>
    </Dialog>
  )
}

type RunDialogProps = { run: ExportRun; onRetry: () => Promise<void>; onClose: () => void }

function RunDialog({ run, onRetry, onClose }: RunDialogProps) {
  const isRunning = run.state === 'running'
  return (
    <Dialog
      isOpen
      onClose={onClose}
      isProtected={isRunning}
      title="Export calls"
      description={run.fileName}
      footer={
        <>
          {isRunning && <Button onClick={run.cancel}>Cancel the export</Button>}
          {(run.state === 'failed' || run.state === 'cancelled') && (
            <Button icon={<RotateCw size={14} />} onClick={() => void onRetry()}>
              Try again
            </Button>
          )}
          <Button variant="primary" onClick={onClose}>
            {isRunning ? 'Go on in the background' : 'Close'}
          </Button>
        </>
      }
    >
      <RunState run={run} />
    </Dialog>
  )
}

function RunState({ run }: { run: ExportRun }) {
  const { state, rowCount, totalCount, sizeBytes, errorMessage } = run
  if (state === 'running') {
    return (
      <ProgressBar
        label="Exporting"
        progress={totalCount === null ? null : rowCount / Math.max(1, totalCount)}
        valueText={tellRows(run)}
      />
    )
  }
  return (
    <div role="status">
      {state === 'failed' && <FormError message={errorMessage} />}
      {state === 'cancelled' && 'The export was cancelled. No file was kept.'}
      {state === 'done' && (
        <p className="flex items-center gap-[8px]">
          <Check size={15} aria-hidden="true" className="text-pass" />
          {tellRows(run)} exported, {formatFileSize(sizeBytes)}
        </p>
      )}
    </div>
  )
}
