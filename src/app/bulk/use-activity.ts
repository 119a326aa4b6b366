import { isGoingOn, useBulkActions } from '../api/bulk-actions.ts'
import { useExportRuns } from './export-runs.ts'

/** For the indicator: how many things run, how far they are together, and whether there is anything to look at. */
export function useActivity() {
  const actions = useBulkActions().data ?? []
  const runs = useExportRuns()
  const parts = [
    ...actions.filter(isGoingOn).map(({ state, doneCount, totalCount }) => {
      const left = totalCount - doneCount
      return { done: state === 'undoing' ? left : doneCount, total: totalCount }
    }),
    ...runs
      .filter(({ state }) => state === 'running')
      .map(({ rowCount, totalCount }) => ({ done: rowCount, total: totalCount ?? 0 })),
  ]
  const total = parts.reduce((sum, part) => sum + part.total, 0)
  const done = parts.reduce((sum, part) => sum + part.done, 0)
  return {
    runningCount: parts.length,
    percent: total === 0 ? 0 : Math.floor((100 * done) / total),
    isEmpty: actions.length + runs.length === 0,
  }
}
