import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { metricListQuery } from '../../api/metric-list.ts'
import { createDeferred } from '../../ui/deferred.ts'
import {
  type ColumnPreferences,
  isFixed,
  metricIdOf,
  shownColumns,
} from '../../view-state/column-preferences.ts'
import { columnTemplate, minimumRowWidth } from './column-template.ts'
import { fixedColumn, type ListColumn, METRIC_COLUMN_WIDTH } from './columns.tsx'

/** What draws results: most lists show none. */
const metricColumns = createDeferred(() => import('./metric-column.tsx'))

/**
 * The columns that show, from left to right; those of metrics that are deleted do not. The same array while a width is
 * being dragged: rows are drawn again only for other columns.
 */
export function useShownColumns({
  order,
  hidden,
}: Pick<ColumnPreferences, 'order' | 'hidden'>): readonly ListColumn[] {
  const shown = useMemo(() => shownColumns({ order, hidden }), [order, hidden])
  const hasMetrics = shown.some((id) => !isFixed(id))
  const metrics = useQuery({ ...metricListQuery(), enabled: hasMetrics }).data?.items
  const drawing = metricColumns.useModule()
  if (hasMetrics && !drawing) void metricColumns.load()
  return useMemo(() => {
    const names = new Map(metrics?.map(({ id, name }) => [id, name]))
    return shown.flatMap((id) => {
      if (isFixed(id)) return [fixedColumn(id)]
      const metricId = metricIdOf(id)
      if (metricId === null || (metrics && !names.has(metricId))) return []
      const name = names.get(metricId) ?? '…'
      return [drawing ? drawing.toMetricColumn({ id: metricId, name }) : { ...NOT_YET, id }]
    })
  }, [shown, metrics, drawing])
}

const NOT_YET = { label: '…', usualWidth: METRIC_COLUMN_WIDTH, drawCell: () => null }

/** The grid tracks that columns make, as this person has arranged them. */
export function toTracks(
  columns: readonly ListColumn[],
  { widths }: Pick<ColumnPreferences, 'widths'>,
) {
  const tracks = columns.map(({ id, usualWidth, growth = 0 }) => {
    const width = widths[id]
    return { width: width ?? usualWidth, growth: width === undefined ? growth : 0 }
  })
  return { template: columnTemplate(tracks), minWidth: minimumRowWidth(tracks) }
}
