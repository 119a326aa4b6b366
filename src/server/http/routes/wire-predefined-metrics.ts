import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import {
  toWirePredefinedMetric,
  WireMetricDefinition,
  WirePredefinedMetric,
} from '#contract/wire/metric.ts'
import { PREDEFINED_METRICS } from '../../catalogue/predefined-metrics.ts'
import { addPredefinedMetrics } from '../../evaluation/install-metrics.ts'
import { findAgentIdentity } from '../../store/agents.ts'
import { recordAudit } from '../../store/audit-log.ts'
import { changeMetric, listMetricRecords, type MetricRecord } from '../../store/metrics.ts'
import { familyOf } from '../call-log-presenter.ts'
import { refuseUnknownCodes } from '../catalogue-codes.ts'
import { badField, HttpProblem } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import type { ServerTools } from '../server-tools.ts'
import { presenterOf } from './wire-metrics.ts'

const id = z.coerce.number().int().positive()

const CopyBody = z
  .object({
    predefined_metric_ids: z.array(id).max(200).nullish(),
    metric_codes: z.array(z.string().max(255)).max(200).nullish(),
    project_id: id.nullish(),
    agent_id: id.nullish().describe('Only this agent’s calls are judged by what is new'),
  })
  .meta({ id: 'PredefinedMetricCopy' })

const tags = ['metrics']

/** The catalogue in the wire's spelling, and adding its metrics to a project. */
export function servePredefinedMetrics(
  app: FastifyInstance,
  tools: ServerTools,
  path: string,
): void {
  const { database, clock } = tools

  app.route({
    method: 'GET',
    url: path,
    schema: {
      tags,
      summary: 'List the metrics of the catalogue',
      response: { 200: z.array(WirePredefinedMetric) },
    },
    handler: async (request) => {
      const family = familyOf(request)
      return PREDEFINED_METRICS.map((entry, index) =>
        toWirePredefinedMetric(entry, { id: index + 1, family }),
      )
    },
  })

  app.route({
    method: 'POST',
    url: `${path}/copy`,
    config: { access: 'write' },
    schema: {
      tags,
      summary: 'Add metrics of the catalogue to a project',
      description: 'Those that are there already stay as they are, apart from being switched on.',
      body: CopyBody,
      response: { 201: z.array(WireMetricDefinition) },
    },
    handler: async (request, reply) => {
      const body = request.body as z.output<typeof CopyBody>
      const codes = codesOf(body)
      const agent = await agentOf(tools, { id: body.agent_id, ...visitorOf(request) })
      const asked = body.project_id ?? agent?.projectId
      const projectId = await projectOf(database, request, asked)
      if (agent !== null && agent.projectId !== projectId) {
        throw badField('agent_id', `There is no agent ${agent.id} in project ${projectId}.`)
      }
      const author = visitorOf(request).name
      const now = clock()
      const metrics = await database.transaction(async (trx) => {
        const present = await listMetricRecords(trx, projectId)
        const known = new Set(present.filter(({ version }) => version > 0).map((it) => it.id))
        const added = await addPredefinedMetrics(trx, { projectId, codes, author, now })
        const copies: MetricRecord[] = []
        for (const metric of added) {
          const before = known.has(metric.id) ? metric.agentIds : null
          const change = { isEnabled: true, ...agentsOf(before, agent?.id) }
          const by = { id: metric.id, projectId, author, now }
          copies.push((await changeMetric(trx, { ...by, change })) ?? metric)
        }
        const what = { action: `add metrics ${codes.join(', ')}`, subject: `project:${projectId}` }
        await recordAudit(trx, { now, actor: author, ...what })
        return copies
      })
      const present = await presenterOf(tools, request, projectId)
      return reply.status(201).send(metrics.map(present))
    },
  })
}

/** What was for every agent stays so; `before` null: the metric is new. */
function agentsOf(
  before: readonly number[] | null,
  agentId: number | undefined,
): { agentIds?: number[] } {
  if (agentId === undefined) return before === null ? {} : { agentIds: [] }
  if (before === null) return { agentIds: [agentId] }
  return before.length === 0 ? {} : { agentIds: [...new Set([...before, agentId])] }
}

function codesOf({
  predefined_metric_ids: ids,
  metric_codes: codes,
}: z.output<typeof CopyBody>): string[] {
  const unknown = (ids ?? []).filter((place) => PREDEFINED_METRICS[place - 1] === undefined)
  if (unknown.length > 0) {
    throw badField('predefined_metric_ids', `There are no such metrics: ${unknown.join(', ')}.`)
  }
  const byId = (ids ?? []).flatMap((place) => PREDEFINED_METRICS[place - 1]?.code ?? [])
  refuseUnknownCodes('predefined_metric_ids', byId)
  refuseUnknownCodes('metric_codes', codes ?? [])
  const all = [...byId, ...(codes ?? [])]
  if (all.length > 0) return all
  throw new HttpProblem(400, {
    non_field_errors: ['Expected predefined_metric_ids or metric_codes.'],
  })
}

async function agentOf(
  { database }: ServerTools,
  { id: agentId, projectId }: { id: number | null | undefined; projectId: number | null },
) {
  if (agentId == null) return null
  const agent = await findAgentIdentity(database.reader, { id: agentId, projectId })
  if (agent === null) throw badField('agent_id', `There is no agent ${agentId}.`)
  return agent
}
