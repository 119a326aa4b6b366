import type { ExportQuery } from '#contract/api.ts'
import { exportFileName } from '#contract/export-file-name.ts'
import { type ExportProgress, exportCalls } from '../api/export-calls.ts'
import { failureText } from '../format/failure-text.ts'
import { addExportRun, changeExportRun } from './export-runs.ts'
import { openSink } from './file-sink.ts'

/** Between two changes of the progress: each draws the dialog and the navigation again. */
const REPORT_GAP_MS = 100

/**
 * Asks for a place for the file where the browser can, then begins and answers with the run's id. Null if the person
 * changed their mind. Call it in the handler of a click: browsers open no picker otherwise.
 */
export async function startExport(query: ExportQuery): Promise<number | null> {
  const { format } = query
  const sink = await openSink({ fileName: exportFileName(format, Date.now()), format })
  if (!sink) return null
  const cancelling = new AbortController()
  const id = addExportRun({
    query,
    fileName: sink.fileName,
    state: 'running',
    errorMessage: null,
    rowCount: 0,
    totalCount: null,
    sizeBytes: 0,
    cancel: () => cancelling.abort(),
  })
  void follow(id, { query, sink, signal: cancelling.signal })
  return id
}

type Following = Omit<Parameters<typeof exportCalls>[0], 'onProgress'>

async function follow(id: number, following: Following) {
  let reportedAtMs = 0
  let latest: Partial<ExportProgress> = {}
  const onProgress = (progress: ExportProgress) => {
    latest = progress
    if (performance.now() - reportedAtMs < REPORT_GAP_MS) return
    reportedAtMs = performance.now()
    changeExportRun(id, progress)
  }
  try {
    await exportCalls({ ...following, onProgress })
    changeExportRun(id, { ...latest, state: 'done' })
  } catch (cause) {
    const state = following.signal.aborted ? 'cancelled' : 'failed'
    const errorMessage = failureText(cause)
    changeExportRun(id, { ...latest, state, errorMessage })
  }
}
