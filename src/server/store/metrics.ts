import type { Insertable, Selectable, Transaction, Updateable } from 'kysely'
import { z } from 'zod'
import { isSameJson } from '#contract/canonical-json.ts'
import type { FilterMetric } from '#contract/facet.ts'
import {
  type Metric,
  type MetricChange,
  MetricContent,
  MetricInputKind,
  type MetricKind,
  type MetricSettings,
  type MetricVersion,
} from '#contract/metric.ts'
import type { EvalType } from '#contract/metric-result.ts'
import type { Connection } from './database.ts'
import type { Tables } from './tables.ts'

/** Live metrics of a project. Nothing makes more, so that no list of them is ever cut. */
export const MOST_METRICS = 500
const MOST_VERSIONS = 100

/** A metric as it is kept; `deletedAt` in epoch ms, null while it lives. */
export type MetricRecord = Metric & {
  projectId: number
  /** The old name of a binary metric's type on the wire; empty for the usual one. */
  wireType: string
  deletedAt: number | null
}

/** Null if there is no such metric in the project; `projectId` null looks in every project. Also finds deleted ones. */
export async function findMetric(
  db: Connection,
  { id, projectId }: { id: number; projectId: number | null },
): Promise<MetricRecord | null> {
  let query = metricRows(db).where('metric.id', '=', id)
  if (projectId !== null) query = query.where('metric.project_id', '=', projectId)
  const row = await query.executeTakeFirst()
  return row ? toRecord(row) : null
}

/** Also finds deleted ones. */
export async function findMetricByCode(
  db: Connection,
  { code, projectId }: { code: string; projectId: number },
): Promise<MetricRecord | null> {
  const row = await metricRows(db)
    .where('metric.project_id', '=', projectId)
    .where('metric.code', '=', code)
    .executeTakeFirst()
  return row ? toRecord(row) : null
}

/** The live metrics of a project by category, those without one last, then by name and id; at most 500. */
export async function listMetricRecords(
  db: Connection,
  projectId: number,
): Promise<MetricRecord[]> {
  const rows = await metricRows(db)
    .where('metric.project_id', '=', projectId)
    .where('metric.deleted_at', 'is', null)
    .orderBy('metric.category', (by) => by.asc().nullsLast())
    .orderBy('metric.name')
    .orderBy('metric.id')
    .limit(MOST_METRICS)
    .execute()
  return rows.map(toRecord)
}

/** How many more metrics a project may have. */
export async function countFreeMetrics(db: Connection, projectId: number): Promise<number> {
  const { count } = await db
    .selectFrom('metric')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('project_id', '=', projectId)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Math.max(0, MOST_METRICS - Number(count))
}

export type NewMetric = {
  projectId: number
  /** Null: the slug is the code as well. */
  code: string | null
  settings: MetricSettings
  content: MetricContent
  isPredefined: boolean
  /** What it looks at; by its kind if nothing is said. */
  inputs?: readonly MetricInputKind[]
  /** The usual one if nothing is said. */
  wireType?: string
  author: string
  now: number
}

/**
 * Makes a metric of version 1. One of this code that was only known from recorded results becomes it and keeps its id
 * and results. Throws where the code is that of another metric, also of a deleted one.
 */
export async function insertMetric(
  trx: Transaction<Tables>,
  { projectId, code, settings, content, isPredefined, wireType = '', ...metric }: NewMetric,
): Promise<MetricRecord> {
  const { author, now, inputs = inputsOf(content) } = metric
  const recorded = code === null ? null : await findRecordedMetric(trx, { code, projectId })
  const slug = await freeSlug(trx, { projectId, name: settings.name, exceptId: recorded })
  const values = {
    ...settingColumns(settings),
    ...contentColumns(content),
    name: settings.name,
    slug,
    version: 1,
    is_predefined: Number(isPredefined),
    wire_type: wireType,
    updated_at: now,
    deleted_at: null,
  }
  const id = recorded ?? (await insertRow(trx, { projectId, code: code ?? slug, values, now }))
  if (recorded !== null) {
    await trx.updateTable('metric').set(values).where('id', '=', id).execute()
  }
  await insertVersion(trx, { id, version: 1, content, inputs, author, now })
  return getMetric(trx, id)
}

/**
 * Sets what is given; other content makes a new version, the same content does not. `addToRubric` is for others to
 * heed. Null if there is no such live metric in the project.
 */
export async function changeMetric(
  trx: Transaction<Tables>,
  {
    id,
    projectId,
    change: { content, addToRubric: _, ...settings },
    wireType,
    author,
    now,
  }: {
    id: number
    projectId: number
    change: MetricChange
    wireType?: string | undefined
    author: string
    now: number
  },
): Promise<MetricRecord | null> {
  const metric = await findMetric(trx, { id, projectId })
  if (metric === null || metric.deletedAt !== null) return null
  const isNew = content !== undefined && !isSameJson(content, metric.content)
  const version = metric.version + 1
  await trx
    .updateTable('metric')
    .set({
      ...settingColumns(settings),
      ...(isNew && { ...contentColumns(content), version }),
      ...(wireType !== undefined && { wire_type: wireType }),
      updated_at: now,
    })
    .where('id', '=', id)
    .execute()
  if (isNew) {
    const inputs = content.kind === metric.content.kind ? metric.inputs : inputsOf(content)
    await insertVersion(trx, { id, version, content, inputs, author, now })
  }
  return getMetric(trx, id)
}

/** Keeps its results and versions. False if there is no such live metric in the project. */
export async function deleteMetric(
  trx: Transaction<Tables>,
  { id, projectId, now }: { id: number; projectId: number; now: number },
): Promise<boolean> {
  const result = await trx
    .updateTable('metric')
    .set({ deleted_at: now, updated_at: now })
    .where('id', '=', id)
    .where('project_id', '=', projectId)
    .where('deleted_at', 'is', null)
    .executeTakeFirst()
  return result.numUpdatedRows > 0n
}

/** Null if there is no such metric in the project; one that lives stays as it is. */
export async function restoreMetric(
  trx: Transaction<Tables>,
  { id, projectId, now }: { id: number; projectId: number; now: number },
): Promise<MetricRecord | null> {
  await trx
    .updateTable('metric')
    .set({ deleted_at: null, updated_at: now })
    .where('id', '=', id)
    .where('project_id', '=', projectId)
    .where('deleted_at', 'is not', null)
    .execute()
  return findMetric(trx, { id, projectId })
}

/** True once a metric was defined in the project, also if it is deleted since; those only recorded do not count. */
export async function hasDefinedMetrics(db: Connection, projectId: number): Promise<boolean> {
  const row = await db
    .selectFrom('metric')
    .select('id')
    .where('project_id', '=', projectId)
    .where('version', '>', 0)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Newest first, at most 100; none of a metric that was only recorded. */
export async function listMetricVersions(
  db: Connection,
  { metricId }: { metricId: number },
): Promise<MetricVersion[]> {
  const rows = await db
    .selectFrom('metric_version')
    .select(['version', 'content', 'author', 'created_at'])
    .where('metric_id', '=', metricId)
    .orderBy('version', 'desc')
    .limit(MOST_VERSIONS)
    .execute()
  return rows.map(({ version, content, author, created_at }) => ({
    version,
    content: readStored(content).content,
    author,
    createdAt: new Date(created_at).toISOString(),
  }))
}

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

/**
 * The id of a project's metric of this code, for results that came with calls. It is made if there is none. One that is
 * only known from such results gets what is defined here; any other stays as its owner made it.
 */
export async function ensureMetric(
  db: Connection,
  { projectId, code, name, evalType, unit, enumValues, now }: MetricDefinition & { now: number },
): Promise<number> {
  const definition = { name, eval_type: evalType, unit, enum_values: JSON.stringify(enumValues) }
  const known = await db
    .selectFrom('metric')
    .select(['id', 'version'])
    .where('project_id', '=', projectId)
    .where('code', '=', code)
    .executeTakeFirst()
  if (known === undefined) {
    const slug = await freeSlug(db, { projectId, name, exceptId: null })
    return insertRow(db, { projectId, code, values: { ...definition, slug, updated_at: now }, now })
  }
  if (known.version === 0) {
    await db.updateTable('metric').set(definition).where('id', '=', known.id).execute()
  }
  return known.id
}

/** What filters need of a metric. */
export type NamedMetric = FilterMetric & { code: string }

/** The live metrics of a project by name, of one name by id; at most 500. */
export async function listMetrics(db: Connection, projectId: number): Promise<NamedMetric[]> {
  const rows = await db
    .selectFrom('metric')
    .select(['id', 'code', 'name', 'eval_type', 'unit', 'enum_values'])
    .where('project_id', '=', projectId)
    .where('deleted_at', 'is', null)
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
    enumValues: readLabels(row.enum_values),
  }))
}

/**
 * Removes those of the given metrics that have no result and no vote on any call and were only ever recorded, and gives
 * the ids of these.
 */
export async function deleteUnusedMetrics(
  db: Connection,
  ids: readonly number[],
): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await db
    .deleteFrom('metric')
    .where('id', 'in', ids)
    .where('version', '=', 0)
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('verdict')
            .select('verdict.id')
            .whereRef('verdict.metric_id', '=', 'metric.id'),
        ),
      ),
    )
    .where(({ exists, not, selectFrom }) =>
      not(
        exists(
          selectFrom('metric_vote')
            .select('metric_vote.call_id')
            .whereRef('metric_vote.metric_id', '=', 'metric.id'),
        ),
      ),
    )
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

const METRIC_COLUMNS = [
  'metric.id',
  'metric.project_id',
  'metric.code',
  'metric.slug',
  'metric.name',
  'metric.eval_type',
  'metric.unit',
  'metric.enum_values',
  'metric.min_score',
  'metric.max_score',
  'metric.kind',
  'metric.version',
  'metric.direction',
  'metric.category',
  'metric.is_predefined',
  'metric.is_enabled',
  'metric.is_sampled',
  'metric.agent_ids',
  'metric.wire_type',
  'metric.created_at',
  'metric.updated_at',
  'metric.deleted_at',
] as const

function metricRows(db: Connection) {
  return db
    .selectFrom('metric')
    .leftJoin('metric_version', (join) =>
      join
        .onRef('metric_version.metric_id', '=', 'metric.id')
        .onRef('metric_version.version', '=', 'metric.version'),
    )
    .select(METRIC_COLUMNS)
    .select('metric_version.content')
}

type MetricRow = Omit<Selectable<Tables['metric']>, 'function_name'> & { content: string | null }

function toRecord(row: MetricRow): MetricRecord {
  const stored = row.content === null ? null : readStored(row.content)
  return {
    id: row.id,
    projectId: row.project_id,
    code: row.code,
    slug: row.slug || toSlug(row.name),
    name: row.name,
    version: row.version,
    content: stored?.content ?? recordedContent(row),
    inputs: stored?.inputs ?? [],
    direction: row.direction,
    category: row.category,
    isPredefined: row.is_predefined === 1,
    isEnabled: row.is_enabled === 1,
    isSampled: row.is_sampled === 1,
    agentIds: z.array(z.int()).parse(JSON.parse(row.agent_ids)),
    wireType: row.wire_type,
    createdAt: new Date(row.created_at).toISOString(),
    updatedAt: new Date(row.updated_at).toISOString(),
    deletedAt: row.deleted_at,
  }
}

/** Of a metric that nobody defined: its results came with the calls. */
function recordedContent(row: MetricRow): MetricContent {
  const { min_score: min, max_score: max } = row
  return {
    kind: 'recorded',
    functionName: null,
    evalType: row.eval_type,
    unit: row.unit,
    range: min === null || max === null ? null : { min, max },
    enumValues: readLabels(row.enum_values),
    prompt: '',
    code: '',
    trigger: { kind: 'always' },
    priorityPrompt: '',
    configuration: {},
  }
}

async function getMetric(db: Connection, id: number): Promise<MetricRecord> {
  const metric = await findMetric(db, { id, projectId: null })
  if (metric === null) throw new Error(`Metric ${id} is gone in the transaction that changed it.`)
  return metric
}

async function findRecordedMetric(
  db: Connection,
  { code, projectId }: { code: string; projectId: number },
): Promise<number | null> {
  const row = await db
    .selectFrom('metric')
    .select('id')
    .where('project_id', '=', projectId)
    .where('code', '=', code)
    .where('version', '=', 0)
    .executeTakeFirst()
  return row?.id ?? null
}

type RowValues = Omit<Insertable<Tables['metric']>, 'project_id' | 'code' | 'created_at'>

async function insertRow(
  db: Connection,
  {
    projectId,
    code,
    values,
    now,
  }: { projectId: number; code: string; values: RowValues; now: number },
): Promise<number> {
  const { id } = await db
    .insertInto('metric')
    .values({ ...values, project_id: projectId, code, created_at: now })
    .returning('id')
    .executeTakeFirstOrThrow()
  return id
}

type Stored = { content: MetricContent; inputs: MetricInputKind[] }

const StoredShape = z.object({ content: MetricContent, inputs: z.array(MetricInputKind) })

function readStored(text: string): Stored {
  return StoredShape.parse(JSON.parse(text))
}

async function insertVersion(
  db: Connection,
  {
    id,
    version,
    content,
    inputs,
    author,
    now,
  }: {
    id: number
    version: number
    content: MetricContent
    inputs: readonly MetricInputKind[]
    author: string
    now: number
  },
): Promise<void> {
  await db
    .insertInto('metric_version')
    .values({
      metric_id: id,
      version,
      content: JSON.stringify({ content, inputs }),
      author,
      created_at: now,
    })
    .execute()
}

type SettingColumns = Pick<
  Updateable<Tables['metric']>,
  'name' | 'direction' | 'category' | 'is_enabled' | 'is_sampled' | 'agent_ids'
>

function settingColumns(settings: Partial<MetricSettings>): SettingColumns {
  return {
    ...(settings.name !== undefined && { name: settings.name }),
    ...(settings.direction !== undefined && { direction: settings.direction }),
    ...(settings.category !== undefined && { category: settings.category }),
    ...(settings.isEnabled !== undefined && { is_enabled: Number(settings.isEnabled) }),
    ...(settings.isSampled !== undefined && { is_sampled: Number(settings.isSampled) }),
    ...(settings.agentIds !== undefined && { agent_ids: JSON.stringify(settings.agentIds) }),
  }
}

function contentColumns(content: MetricContent) {
  return {
    kind: content.kind,
    function_name: content.functionName ?? '',
    eval_type: content.evalType,
    unit: content.unit,
    enum_values: JSON.stringify(content.enumValues),
    min_score: content.range?.min ?? null,
    max_score: content.range?.max ?? null,
  }
}

function readLabels(text: string): string[] {
  return z.array(z.string()).parse(JSON.parse(text))
}

const INPUTS: Record<MetricKind, readonly MetricInputKind[]> = {
  computed: [],
  llm_judge: ['transcript', 'judge'],
  custom_code: ['transcript'],
  recorded: [],
}

function inputsOf({ kind }: MetricContent): readonly MetricInputKind[] {
  return INPUTS[kind]
}

/** A name that no other metric of the project has as slug or code: `customer_satisfaction`, `customer_satisfaction_2`. */
async function freeSlug(
  db: Connection,
  { projectId, name, exceptId }: { projectId: number; name: string; exceptId: number | null },
): Promise<string> {
  const rows = await db
    .selectFrom('metric')
    .select(['id', 'slug', 'code'])
    .where('project_id', '=', projectId)
    .execute()
  const others = rows.filter(({ id }) => id !== exceptId)
  const taken = new Set(others.flatMap(({ slug, code }) => [slug, code]))
  const base = toSlug(name)
  let slug = base
  for (let number = 2; taken.has(slug); number++) slug = `${base}_${number}`
  return slug
}

/** Letters without their marks, digits and underscores; `metric` where the name has none of the first two. */
function toSlug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
  return plain.replace(/[^a-z0-9]+/g, '_').replace(/^_+|_+$/g, '') || 'metric'
}
