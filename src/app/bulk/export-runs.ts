import { useSyncExternalStore } from 'react'
import type { ExportQuery } from '#contract/api.ts'
import type { ExportProgress } from '../api/export-calls.ts'
import { countOf, formatCount } from '../format/count.ts'

/** An export of this tab: it lives as long as the page does. */
export type ExportRun = ExportProgress & {
  id: number
  query: ExportQuery
  fileName: string
  state: 'running' | 'done' | 'cancelled' | 'failed'
  /** Why it failed. */
  errorMessage: string | null
  cancel: () => void
}

let runs: readonly ExportRun[] = []
const listeners = new Set<() => void>()

/** Newest first. */
export function useExportRuns(): readonly ExportRun[] {
  return useSyncExternalStore(subscribe, () => runs)
}

/** `1,204 of 12,345 calls`. */
export function tellRows({ rowCount, totalCount }: ExportProgress): string {
  if (totalCount === null) return 'Waiting for the server'
  return `${formatCount(rowCount)} of ${countOf(totalCount, 'call')}`
}

export function addExportRun(run: Omit<ExportRun, 'id'>): number {
  const id = (runs[0]?.id ?? 0) + 1
  replace([{ ...run, id }, ...runs])
  return id
}

export function changeExportRun(id: number, changes: Partial<ExportRun>) {
  replace(runs.map((run) => (run.id === id ? { ...run, ...changes } : run)))
}

function replace(next: readonly ExportRun[]) {
  runs = next
  const isRunning = runs.some(({ state }) => state === 'running')
  // Leaving the page ends an export: the browser asks first.
  if (isRunning) window.addEventListener('beforeunload', askFirst)
  else window.removeEventListener('beforeunload', askFirst)
  for (const notify of listeners) notify()
}

function askFirst(event: BeforeUnloadEvent) {
  event.preventDefault()
}

function subscribe(notify: () => void) {
  listeners.add(notify)
  return () => {
    listeners.delete(notify)
  }
}
