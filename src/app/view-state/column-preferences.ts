import { z } from 'zod'
import { Density, type ViewColumn } from '#contract/view.ts'

/** The columns that every list has. */
export const FixedColumn = z.enum([
  'status',
  'callId',
  'agentName',
  'customerNumber',
  'durationSeconds',
  'endedReason',
  'topic',
  'tags',
  'longestGapSeconds',
  'interruptionCount',
  'toolErrorCount',
  'state',
  'startedAt',
])
export type FixedColumn = z.infer<typeof FixedColumn>

/** A column with the results of the metric of this number. */
export type MetricColumn = `metric:${number}`

export type ColumnId = FixedColumn | MetricColumn

/** So many metrics at most: one request asks for the results of all of them. */
export const MAX_METRIC_COLUMNS = 20

/** Narrowest and widest a person can make a column, in CSS pixels. */
export const COLUMN_WIDTH = { min: 56, max: 640 } as const

/** This column holds the link to the call. */
export const ALWAYS_SHOWN: FixedColumn = 'callId'

/**
 * How one person wants the table. `order` names every fixed column once, and of the metrics those that show: also ones
 * that are deleted by now, which nobody sees.
 */
export type ColumnPreferences = {
  order: ColumnId[]
  hidden: FixedColumn[]
  /** CSS pixels; a column that is not named has its usual width and may grow. */
  widths: Partial<Record<ColumnId, number>>
  density: Density
}

export const DEFAULT_PREFERENCES: ColumnPreferences = {
  order: [...FixedColumn.options],
  hidden: ['longestGapSeconds', 'interruptionCount', 'toolErrorCount'],
  widths: {},
  density: 'comfortable',
}

/** The version is part of the key: a later shape starts from its defaults and leaves this one alone. */
export const PREFERENCES_KEY = 'talktrack.call-list.columns.v1'

const Stored = z.object({
  order: z.array(z.string()),
  hidden: z.array(z.string()),
  widths: z.record(z.string(), z.number()),
  density: Density,
})

/** Stored preferences, made whole: unknown columns are dropped, missing ones stand in their usual place. Anything unreadable gives the defaults. */
export function parsePreferences(text: string | null): ColumnPreferences {
  const stored = Stored.safeParse(parseJson(text))
  if (!stored.success) return DEFAULT_PREFERENCES
  const { order, hidden, widths, density } = stored.data
  const known = knownColumns(order)
  // Columns that are newer than what is stored show as they do for everyone else.
  const newlyHidden = DEFAULT_PREFERENCES.hidden.filter((id) => !known.includes(id))
  return {
    order: completeOrder(known),
    hidden: knownColumns([...hidden, ...newlyHidden])
      .filter(isFixed)
      .filter((id) => id !== ALWAYS_SHOWN),
    widths: Object.fromEntries(
      Object.entries(widths).flatMap(([id, width]) =>
        isColumn(id) ? [[id, clampWidth(width)] as const] : [],
      ),
    ),
    density,
  }
}

/** The columns that show, from left to right. */
export function shownColumns({
  order,
  hidden,
}: Pick<ColumnPreferences, 'order' | 'hidden'>): ColumnId[] {
  return order.filter((id) => !isFixed(id) || !hidden.includes(id))
}

/** The ids of the metrics whose columns show, comma-separated and ascending, as rows are asked for with them; `''` for none. */
export function shownMetrics({ order }: Pick<ColumnPreferences, 'order'>): string {
  return order
    .flatMap((id) => metricIdOf(id) ?? [])
    .sort((a, b) => a - b)
    .join(',')
}

/** The columns that show, from left to right, as views and links carry them. */
export function toViewColumns(preferences: ColumnPreferences): ViewColumn[] {
  return shownColumns(preferences).map((id) => {
    const widthPixels = preferences.widths[id]
    return widthPixels === undefined ? { id } : { id, widthPixels }
  })
}

/** The other direction: columns that are not named are hidden, those that are not known are left out. */
export function fromViewColumns(
  columns: readonly ViewColumn[],
  density: Density,
): ColumnPreferences {
  const shown = knownColumns(columns.map(({ id }) => id))
  return {
    order: completeOrder(shown),
    hidden: FixedColumn.options.filter((id) => id !== ALWAYS_SHOWN && !shown.includes(id)),
    widths: Object.fromEntries(
      columns.flatMap(({ id, widthPixels }) =>
        widthPixels === undefined || !isColumn(id) ? [] : [[id, clampWidth(widthPixels)] as const],
      ),
    ),
    density,
  }
}

/** `order` with `id` at `index` of the result; an index out of range means the nearest end. */
export function moveColumn(order: readonly ColumnId[], id: ColumnId, index: number): ColumnId[] {
  const others = order.filter((one) => one !== id)
  const place = Math.min(Math.max(index, 0), others.length)
  return [...others.slice(0, place), id, ...others.slice(place)]
}

export function toggleColumn(hidden: readonly FixedColumn[], id: FixedColumn): FixedColumn[] {
  if (id === ALWAYS_SHOWN) return [...hidden]
  return hidden.includes(id) ? hidden.filter((one) => one !== id) : [...hidden, id]
}

/** Takes a metric's column out, or puts it behind the last one of a metric; without one, before the state of the call. */
export function toggleMetric(order: readonly ColumnId[], metricId: number): ColumnId[] {
  const id = metricColumn(metricId)
  if (order.includes(id)) return order.filter((one) => one !== id)
  const last = order.findLastIndex((one) => !isFixed(one))
  const place = last === -1 ? order.indexOf('state') : last + 1
  return moveColumn(order, id, place === -1 ? order.length : place)
}

export function metricColumn(metricId: number): MetricColumn {
  return `metric:${metricId}`
}

/** Null for a fixed column. */
export function metricIdOf(id: string): number | null {
  const [, digits] = METRIC_COLUMN.exec(id) ?? []
  return digits === undefined ? null : Number(digits)
}

const METRIC_COLUMN = /^metric:([1-9]\d{0,14})$/

export function isFixed(id: string): id is FixedColumn {
  return FixedColumn.safeParse(id).success
}

export function clampWidth(width: number): number {
  return Math.round(Math.min(Math.max(width, COLUMN_WIDTH.min), COLUMN_WIDTH.max))
}

export function areDefault(preferences: ColumnPreferences): boolean {
  return JSON.stringify(preferences) === JSON.stringify(DEFAULT_PREFERENCES)
}

function completeOrder(order: ColumnId[]): ColumnId[] {
  const missing = FixedColumn.options.filter((id) => !order.includes(id))
  return missing.reduce((whole, id) => {
    const before = FixedColumn.options[FixedColumn.options.indexOf(id) - 1]
    return moveColumn(whole, id, before ? whole.indexOf(before) + 1 : 0)
  }, order)
}

function knownColumns(ids: readonly string[]): ColumnId[] {
  const known = [...new Set(ids.filter(isColumn))]
  const metrics = known.filter((id) => !isFixed(id))
  const tooMany = new Set<ColumnId>(metrics.slice(MAX_METRIC_COLUMNS))
  return known.filter((id) => !tooMany.has(id))
}

export function isColumn(id: string): id is ColumnId {
  return isFixed(id) || metricIdOf(id) !== null
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return null
  }
}
