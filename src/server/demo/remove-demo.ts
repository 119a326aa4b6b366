import { deleteCall } from '../ingest/delete-call.ts'
import { deleteDemoAgents } from '../store/agents.ts'
import { listDemoCallIds } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { deleteUnusedMetrics } from '../store/metrics.ts'
import type { RecordingFiles } from '../store/recording-files.ts'
import { listMetricIdsOf } from '../store/verdicts.ts'

export type RemovalTools = { database: Database; files: RecordingFiles; clock: () => number }

export async function countDemoCalls(database: Database, projectId: number): Promise<number> {
  return (await listDemoCallIds(database.reader, projectId)).length
}

/**
 * Removes the demo calls with their results and recordings, the demo's agents, and the metrics that only demo calls had
 * results of. Returns how many calls went.
 */
export async function removeDemo(
  { database, files, clock }: RemovalTools,
  { projectId, actor }: { projectId: number; actor: string },
): Promise<number> {
  const ids = await listDemoCallIds(database.writer, projectId)
  const metricIds = await listMetricIdsOf(database.writer, ids)
  for (const id of ids) {
    await deleteCall({ database, files }, { id, projectId, actor, now: clock() })
  }
  await deleteDemoAgents(database.writer, projectId)
  await deleteUnusedMetrics(database.writer, metricIds)
  return ids.length
}
