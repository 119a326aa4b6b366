import type { Selectable, Transaction } from 'kysely'
import { z } from 'zod'
import type { StabilityCheck } from '#contract/evaluation-run.ts'
import { Verdict } from '#contract/metric-result.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** Begins a check, without answers. */
export async function insertStabilityCheck(
  trx: Transaction<Tables>,
  {
    callId,
    metricId,
    metricVersion,
    times,
    now,
  }: Pick<StabilityCheck, 'callId' | 'metricId' | 'metricVersion' | 'times'> & { now: number },
): Promise<StabilityCheck> {
  const row = await trx
    .insertInto('stability_check')
    .values({
      call_id: callId,
      metric_id: metricId,
      metric_version: metricVersion,
      times,
      state: 'running',
      answers: '[]',
      error_message: null,
      created_at: now,
    })
    .returning(CHECK_COLUMNS)
    .executeTakeFirstOrThrow()
  return toStabilityCheck(row)
}

/** Null if there is no such check in the project; `projectId` null looks in every project. */
export async function findStabilityCheck(
  db: Connection,
  { id, projectId }: { id: number; projectId: number | null },
): Promise<StabilityCheck | null> {
  let query = db
    .selectFrom('stability_check')
    .innerJoin('call', 'call.id', 'stability_check.call_id')
    .select(CHECK_COLUMNS)
    .where('stability_check.id', '=', id)
  if (projectId !== null) query = query.where('call.project_id', '=', projectId)
  const row = await query.executeTakeFirst()
  return row ? toStabilityCheck(row) : null
}

/** Adds an answer behind the others; a check that has ended, or has all its answers, takes none. */
export async function addStabilityAnswer(
  trx: Transaction<Tables>,
  { id, answer }: { id: number; answer: Verdict },
): Promise<void> {
  const check = await findStabilityCheck(trx, { id, projectId: null })
  if (check?.state !== 'running' || check.answers.length >= check.times) return
  await trx
    .updateTable('stability_check')
    .set({ answers: JSON.stringify([...check.answers, answer]) })
    .where('id', '=', id)
    .execute()
}

/** Ends a check that runs; one that has ended stays as it ended. */
export async function setStabilityState(
  trx: Transaction<Tables>,
  { id, state, errorMessage }: Pick<StabilityCheck, 'id' | 'state' | 'errorMessage'>,
): Promise<void> {
  await trx
    .updateTable('stability_check')
    .set({ state, error_message: errorMessage })
    .where('id', '=', id)
    .where('state', '=', 'running')
    .execute()
}

const CHECK_COLUMNS = [
  'stability_check.id',
  'stability_check.call_id',
  'stability_check.metric_id',
  'stability_check.metric_version',
  'stability_check.times',
  'stability_check.state',
  'stability_check.answers',
  'stability_check.error_message',
  'stability_check.created_at',
] as const

function toStabilityCheck(row: Selectable<Tables['stability_check']>): StabilityCheck {
  const answers = z.array(Verdict).parse(JSON.parse(row.answers))
  return {
    id: row.id,
    callId: row.call_id,
    metricId: row.metric_id,
    metricVersion: row.metric_version,
    times: row.times,
    state: row.state,
    answers,
    flipRate: flipRate(answers),
    errorMessage: row.error_message,
    createdAt: new Date(row.created_at).toISOString(),
  }
}

/** Part of the answers, 0 to 1, that differ from the most frequent one; null below two. What failed is no answer. */
export function flipRate(
  answers: readonly Pick<Verdict, 'state' | 'score' | 'valueText'>[],
): number | null {
  const said = answers.filter(({ state }) => state !== 'failed')
  if (said.length < 2) return null
  const groups = Map.groupBy(said, ({ state, score, valueText }) =>
    JSON.stringify([state, score, valueText]),
  )
  const most = Math.max(...[...groups.values()].map((group) => group.length))
  return (said.length - most) / said.length
}
