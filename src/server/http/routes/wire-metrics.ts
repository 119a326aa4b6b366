import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { MetricContent, MetricSettings } from '#contract/metric.ts'
import {
  fromWireMetric,
  type MetricBase,
  type MetricWishes,
  NEW_METRIC,
  toWireMetricDefinition,
  WIRE_FIELD_OF,
  WireMetricDefinition,
  WireMetricInput,
} from '#contract/wire/metric.ts'
import { type CatalogueEntry, PREDEFINED_METRICS } from '../../catalogue/predefined-metrics.ts'
import { findAgentIdentity, listAgents } from '../../store/agents.ts'
import { recordAudit } from '../../store/audit-log.ts'
import { changeMetric, listMetricRecords, type MetricRecord } from '../../store/metrics.ts'
import { familyOf } from '../call-log-presenter.ts'
import { canBeSampled, checkContent, findForeignAgent } from '../check-metric.ts'
import { badField, HttpProblem, notFound } from '../http-problem.ts'
import { addMetric, addRule } from '../keep-metric.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'
import { liveMetric, removeMetric } from './metrics.ts'

const positive = z.coerce.number().int().positive()
const blank = (value: unknown) => (value === '' ? undefined : value)
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blank, schema.optional())

const ById = z.object({ id: positive })

const ListQuery = z.object({
  agent_id: optional(positive).describe('Metrics that judge this agent’s calls'),
  assistant_id: optional(z.string().max(200)).describe("As agent_id, by the provider's id"),
  agents: optional(
    z.string().regex(/^\d+(,\d+)*$/, 'Expected comma-separated agent ids.'),
  ).describe('Metrics that judge calls of one of these agents, with commas'),
  project_id: optional(positive).describe('Needed with a key for several projects'),
  project: optional(positive).describe('As project_id'),
  slug: optional(z.string().max(255)),
})

const tags = ['metrics']

/** Metrics in the wire's spelling: list, create, read, change, delete. */
export function serveWireMetrics(app: FastifyInstance, tools: ServerTools, path: string): void {
  serveList(app, tools, path)
  serveCreation(app, tools, path)
  serveOne(app, tools, path)
}

function serveList(app: FastifyInstance, tools: ServerTools, path: string): void {
  const { database } = tools
  app.route({
    method: 'GET',
    url: path,
    schema: {
      tags,
      summary: 'List metrics by category and name',
      querystring: ListQuery,
      response: { 200: z.array(WireMetricDefinition) },
    },
    handler: async (request) => {
      const query = request.query as z.output<typeof ListQuery>
      const agent = await agentOf(tools, request, query)
      const asked = query.project_id ?? query.project ?? agent?.projectId
      const projectId = await projectOf(database, request, asked)
      const agentIds = query.agents?.split(',').map(Number) ?? (agent ? [agent.id] : null)
      const metrics = await listMetricRecords(database.reader, projectId)
      const present = await presenterOf(tools, request, projectId)
      return metrics
        .filter(({ slug }) => query.slug === undefined || slug === query.slug)
        .filter((metric) => agentIds === null || agentIds.some((id) => judges(metric, id)))
        .map(present)
    },
  })
}

async function agentOf(
  { database }: ServerTools,
  request: FastifyRequest,
  { agent_id: id, assistant_id: assistantId }: z.output<typeof ListQuery>,
) {
  if (id === undefined && assistantId === undefined) return null
  const { projectId } = visitorOf(request)
  const by = id === undefined ? { assistantId: assistantId ?? '' } : { id }
  const agent = await findAgentIdentity(database.reader, { ...by, projectId })
  if (agent !== null) return agent
  throw id === undefined
    ? badField('assistant_id', `No agent found for assistant_id "${assistantId}".`)
    : badField('agent_id', `There is no agent ${id}.`)
}

function judges({ agentIds }: MetricRecord, agentId: number): boolean {
  return agentIds.length === 0 || agentIds.includes(agentId)
}

/** Puts metrics of a project into the words of the address that was asked. */
export async function presenterOf(
  { database }: ServerTools,
  request: FastifyRequest,
  projectId: number,
): Promise<(metric: MetricRecord) => WireMetricDefinition> {
  const agents = await listAgents(database.reader, projectId)
  const agentNames = new Map(agents.map(({ id, name }) => [id, name]))
  const family = familyOf(request)
  return (metric) => toWireMetricDefinition(metric, { family, agentNames })
}

function serveCreation(app: FastifyInstance, tools: ServerTools, path: string): void {
  const { database, clock } = tools
  app.route({
    method: 'POST',
    url: path,
    config: { access: 'write' },
    schema: {
      tags,
      summary: 'Make a metric',
      description:
        'Keys beyond those of the body are ignored. `custom_code` is JavaScript that sets `_result` and `_explanation`. ' +
        'With `function_name` or `vocera_defined_metric_code` the metric begins as that entry of the catalogue.',
      body: WireMetricInput,
      response: { 201: WireMetricDefinition },
    },
    handler: async (request, reply) => {
      const body = request.body as WireMetricInput
      const entry = entryOf(body)
      const { settings, content, wireType } = read(body, baseOf(body, entry))
      const projectId = await projectForAgents(tools, request, { body, settings })
      await refuseProblems(tools, { body, content, settings, projectId, isContentNew: true })
      const author = visitorOf(request).name
      const now = clock()
      const described = { projectId, content, wireType, author, now }
      const metric = await database.transaction(async (trx) => {
        const made = await addMetric(trx, {
          ...described,
          settings: { ...standardSettings(entry), ...settings },
          addsToRubric: body.add_to_rubric ?? false,
        })
        const what = { action: `make metric "${made.name}"`, subject: `metric:${made.id}` }
        await recordAudit(trx, { now, actor: author, ...what })
        return made
      })
      const present = await presenterOf(tools, request, projectId)
      return reply.status(201).send(present(metric))
    },
  })
}

/** What a name and an eval type alone would be; the catalogue knows both. */
function baseOf(body: WireMetricInput, entry: CatalogueEntry | null): MetricBase {
  if (entry) return { content: entry.content, wireType: '' }
  const missing = (['name', 'eval_type'] as const).filter((field) => body[field] === undefined)
  if (missing.length === 0) return NEW_METRIC
  throw new HttpProblem(
    400,
    Object.fromEntries(missing.map((field) => [field, ['This field is required.']])),
  )
}

function entryOf(body: WireMetricInput): CatalogueEntry | null {
  const { function_name: name, vocera_defined_metric_code: code } = body
  if (!name && !code) return null
  const entry = PREDEFINED_METRICS.find((known) =>
    code ? known.code === code : known.content.functionName === name,
  )
  const field = code ? 'vocera_defined_metric_code' : 'function_name'
  if (entry === undefined) throw badField(field, `There is no predefined metric "${code || name}".`)
  if (entry.unavailable === null) return entry
  throw badField(field, `${entry.name}: ${entry.unavailable}`)
}

function standardSettings(entry: CatalogueEntry | null): MetricSettings {
  return {
    name: entry?.name ?? '',
    direction: entry?.direction ?? 'neutral',
    category: entry?.category ?? null,
    isEnabled: true,
    isSampled: false,
    agentIds: [],
  }
}

function read(body: WireMetricInput, base: MetricBase): MetricWishes {
  const result = fromWireMetric(body, base)
  if (!result.ok) throw badField(result.field, result.message)
  const { settings, content } = result.wishes
  if (!settings.isSampled || canBeSampled(content.kind)) return result.wishes
  return { ...result.wishes, settings: { ...settings, isSampled: false } }
}

/** With a key for every project, naming an agent also says which project is meant. */
async function projectForAgents(
  { database }: ServerTools,
  request: FastifyRequest,
  { body, settings }: { body: WireMetricInput; settings: Partial<MetricSettings> },
): Promise<number> {
  const { projectId } = visitorOf(request)
  const [id] = settings.agentIds ?? []
  const agent =
    id === undefined || projectId !== null
      ? null
      : await findAgentIdentity(database.reader, { id, projectId })
  return projectOf(database, request, body.project ?? agent?.projectId)
}

type Draft = {
  body: WireMetricInput
  content: MetricContent
  settings: Partial<MetricSettings>
  projectId: number
  /** False: it stands so already, whatever it is. */
  isContentNew: boolean
}

/** 400 with every mistake under the wire's name of the field. */
async function refuseProblems(
  { database }: ServerTools,
  { body, content, settings: { agentIds = [] }, projectId, isContentNew }: Draft,
): Promise<void> {
  const problem: Record<string, string[]> = {}
  for (const { part, message } of isContentNew ? checkContent(content) : []) {
    const field = WIRE_FIELD_OF[part]
    problem[field] = [...(problem[field] ?? []), `${sentence(message)}.`]
  }
  const foreign = await findForeignAgent(database.reader, { agentIds, projectId })
  if (foreign !== null) {
    const field = body.agents ? 'agents' : 'agent'
    problem[field] = [`There is no agent ${foreign} in project ${projectId}.`]
  }
  if (body.add_to_rubric && content.evalType !== 'binary') {
    problem.add_to_rubric = [`Expected a binary metric, got ${content.evalType}.`]
  }
  if (Object.keys(problem).length > 0) throw new HttpProblem(400, problem)
}

function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1)
}

function serveOne(app: FastifyInstance, tools: ServerTools, path: string): void {
  const { database, clock } = tools
  const url = `${path}/:id`
  const find = (request: FastifyRequest) => {
    const { id } = request.params as z.output<typeof ById>
    return liveMetric(tools, { id, projectId: visitorOf(request).projectId })
  }

  app.route({
    method: 'GET',
    url,
    schema: { tags, summary: 'One metric', params: ById, response: { 200: WireMetricDefinition } },
    handler: async (request) => {
      const metric = await find(request)
      const present = await presenterOf(tools, request, metric.projectId)
      return present(metric)
    },
  })

  app.route({
    method: ['PATCH', 'PUT'],
    url,
    config: { access: 'write' },
    schema: {
      tags,
      summary: 'Change the given fields of a metric; other content makes a new version',
      params: ById,
      body: WireMetricInput,
      response: { 200: WireMetricDefinition },
    },
    handler: async (request) => {
      const before = await find(request)
      const { id, projectId } = before
      const present = await presenterOf(tools, request, projectId)
      const body = request.body as WireMetricInput
      refuseFixed(body, present(before))
      const { settings, content, wireType } = read(body, before)
      const hasContent = JSON.stringify(content) !== JSON.stringify(before.content)
      const draft = { body, content, settings, projectId, isContentNew: hasContent }
      await refuseProblems(tools, draft)
      const author = visitorOf(request).name
      const now = clock()
      const change = { ...settings, ...(hasContent && { content }) }
      const metric = await database.transaction(async (trx) => {
        const changed = await changeMetric(trx, { id, projectId, change, wireType, author, now })
        if (changed === null) throw notFound('Metric')
        if (body.add_to_rubric) await addRule(trx, { metric: changed, projectId, now })
        const what = { action: `change metric "${changed.name}"`, subject: `metric:${id}` }
        await recordAudit(trx, { now, actor: author, ...what })
        return changed
      })
      return present(metric)
    },
  })

  app.route({
    method: 'DELETE',
    url,
    config: { access: 'write' },
    schema: {
      tags,
      summary: 'Delete a metric; its results are kept, and it can be restored in the dashboard',
      params: ById,
      response: { 204: z.undefined() },
    },
    handler: async (request, reply) => {
      const { id, projectId } = await find(request)
      await removeMetric(tools, { id, projectId, actor: visitorOf(request).name })
      return reply.status(204).send()
    },
  })
}

const FIXED = ['project', 'function_name', 'vocera_defined_metric_code'] as const

/** What says which metric it is cannot be changed; sent back as it was shown, it is no change. */
function refuseFixed(body: WireMetricInput, shown: WireMetricDefinition): void {
  for (const field of FIXED) {
    const given = body[field]
    if (given === undefined || (given || null) === (shown[field] || null)) continue
    throw badField(field, `This field cannot be changed: it is ${JSON.stringify(shown[field])}.`)
  }
}
