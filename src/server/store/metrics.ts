import { z } from 'zod'
import type { FilterMetric } from '#contract/facet.ts'
import type { EvalType } from '#contract/metric-result.ts'
import type { Connection } from './database.ts'

const MOST_METRICS = 500

export type MetricDefinition = {
  projectId: number
  /** Stable, unique in the project: what makes two definitions the same metric. */
  code: string
  name: string
  evalType: EvalType
  unit: string
  /** The labels of an enum metric in their order; empty for the others. */
  enumValues: readonly string[]
}

export type Metric = FilterMetric & { code: string }

/** The id of a project's metric of this code, which is made if there is none and otherwise gets what is defined here. */
export async function ensureMetric(
  db: Connection,
  { projectId, code, name, evalType, unit, enumValues, now }: MetricDefinition & { now: number },
): Promise<number> {
  const definition = { name, eval_type: evalType, unit, enum_values: JSON.stringify(enumValues) }
  const { id } = await db
    .insertInto('metric')
    .values({ project_id: projectId, code, ...definition, created_at: now })
    .onConflict((conflict) => conflict.columns(['project_id', 'code']).doUpdateSet(definition))
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

/** The metrics of a project by name, of one name by id; at most 500. */
export async function listMetrics(db: Connection, projectId: number): Promise<Metric[]> {
  const rows = await db
    .selectFrom('metric')
    .select(['id', 'code', 'name', 'eval_type', 'unit', 'enum_values'])
    .where('project_id', '=', projectId)
    .orderBy('name')
    .orderBy('id')
    .limit(MOST_METRICS)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    code: row.code,
    name: row.name,
    evalType: row.eval_type,
    unit: row.unit,
    enumValues: z.array(z.string()).parse(JSON.parse(row.enum_values)),
  }))
}

/** Removes those of the given metrics that have no result on any call, and gives the ids of these. */
export async function deleteUnusedMetrics(
  db: Connection,
  ids: readonly number[],
): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await db
    .deleteFrom('metric')
    .where('id', 'in', ids)
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('verdict')
            .select('verdict.id')
            .whereRef('verdict.metric_id', '=', 'metric.id'),
        ),
      ),
    )
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}
