import type { FastifyInstance } from 'fastify'
import { judgingApi } from '#contract/judging-api.ts'
import { type StartedCheck, startStabilityCheck } from '../../evaluation/check-stability.ts'
import { listCallVerdicts } from '../../evaluation/list-call-verdicts.ts'
import { findCallIdentity } from '../../store/calls.ts'
import { findMetric } from '../../store/metrics.ts'
import { findStabilityCheck, setStabilityState } from '../../store/stability-checks.ts'
import { listVerdictHistory } from '../../store/verdicts.ts'
import { badField, HttpProblem, notFound } from '../http-problem.ts'
import { judgeSetting } from '../judge-setting.ts'
import { projectOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** What metrics say of a call, said of it earlier, and how often the judge would change its mind. */
export function serveVerdicts(app: FastifyInstance, tools: ServerTools): void {
  const { database } = tools

  serveEndpoint(app, judgingApi.listVerdicts, async ({ params: { id: callId }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const judge = judgeSetting(tools)
    const verdicts = await listCallVerdicts(database, { callId, projectId, judge })
    if (verdicts === null) throw notFound('Call')
    return { ...verdicts, judge }
  })

  serveEndpoint(
    app,
    judgingApi.listVerdictHistory,
    async ({ params: { id, metricId }, request }) => {
      const projectId = await projectOf(database, request, undefined)
      const call = await findCallIdentity(database.reader, { id, projectId })
      if (call === null) throw notFound('Call')
      const metric = await findMetric(database.reader, { id: metricId, projectId })
      if (metric === null) throw notFound('Metric')
      const wanted = { callId: id, metricId, limit: MAX_HISTORY }
      return { items: await listVerdictHistory(database.reader, wanted) }
    },
  )

  serveStabilityChecks(app, tools)
}

const MAX_HISTORY = 100

function serveStabilityChecks(app: FastifyInstance, tools: ServerTools): void {
  const { database, wakeWorker } = tools
  const checkOf = async (by: { id: number; projectId: number }) => {
    const check = await findStabilityCheck(database.writer, by)
    if (check === null) throw notFound('Stability check')
    return check
  }

  serveEndpoint(
    app,
    judgingApi.startStabilityCheck,
    async ({ params: { id: callId }, body, request }) => {
      const projectId = await projectOf(database, request, undefined)
      const started = await startStabilityCheck(tools, { callId, projectId, ...body })
      if (started.kind !== 'started') throw whyNotStarted(started)
      wakeWorker()
      return started.check
    },
  )

  serveEndpoint(app, judgingApi.getStabilityCheck, async ({ params: { id }, request }) =>
    checkOf({ id, projectId: await projectOf(database, request, undefined) }),
  )

  serveEndpoint(app, judgingApi.cancelStabilityCheck, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const { state } = await checkOf({ id, projectId })
    if (state !== 'running') {
      throw new HttpProblem(409, { detail: `This check does not run any more: ${state}.` })
    }
    const cancelled = { id, state: 'cancelled', errorMessage: null } as const
    await database.transaction((trx) => setStabilityState(trx, cancelled))
    return checkOf({ id, projectId })
  })
}

function whyNotStarted(result: Exclude<StartedCheck, { kind: 'started' }>): HttpProblem {
  switch (result.kind) {
    case 'not-found':
      return notFound(result.what)
    case 'no-judge':
      return new HttpProblem(400, {
        detail: 'No judge is configured: set JUDGE_URL and JUDGE_MODEL, and restart the server.',
      })
    case 'not-judged':
      return badField('metricId', 'Expected a metric that a judge answers: others never waver.')
    default:
      return result satisfies never
  }
}
