import { listMetricRecords } from '../store/metrics.ts'
import { badField } from './http-problem.ts'
import type { ServerTools } from './server-tools.ts'

/** 400 that lists those of the given metrics that the project does not have, or has no more. */
export async function refuseForeignMetrics(
  { database }: Pick<ServerTools, 'database'>,
  wanted: { field: string; metricIds: readonly number[]; projectId: number },
): Promise<void> {
  const { field, metricIds, projectId } = wanted
  if (metricIds.length === 0) return
  const metrics = await listMetricRecords(database.reader, projectId)
  const known = new Set(metrics.map(({ id }) => id))
  const foreign = metricIds.filter((id) => !known.has(id))
  if (foreign.length === 0) return
  throw badField(field, `There are no such metrics in this project: ${foreign.join(', ')}.`)
}
