import type { FastifyInstance } from 'fastify'
import { api } from '#contract/api.ts'
import { EVERY_CALL, findField } from '#contract/filter.ts'
import { filterApi } from '#contract/filter-api.ts'
import { proposeFilter } from '../../judge/propose-filter.ts'
import { explainFilter } from '../../store/explain-filter.ts'
import { readFacet } from '../../store/facets.ts'
import { listAttributePaths } from '../../store/filter-fields.ts'
import { listMetrics } from '../../store/metrics.ts'
import { isPattern } from '../../store/re2-pattern.ts'
import { listSearchHits } from '../../store/search-hits.ts'
import { badField, HttpProblem } from '../http-problem.ts'
import { parseIds } from '../parse-ids.ts'
import { readCallQuery } from '../read-call-query.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'
import { untilGone } from '../until-gone.ts'
import { createVisitorTurns } from '../visitor-turns.ts'

/** What helps a person to find calls: values to choose from, why a call matches and where, a filter for a sentence. */
export function serveFilter(app: FastifyInstance, { database, clock, judge }: ServerTools): void {
  const proposals = createVisitorTurns({
    max: 1,
    detail: 'The judge is at work on another sentence of yours. Wait for its answer.',
    retryAfterSeconds: PROPOSAL_SECONDS,
  })

  serveEndpoint(app, filterApi.getFacet, async ({ query: { field, ...wanted }, request }) => {
    const { contains, limit, ...selection } = wanted
    refuseUnlisted(field)
    const projectId = await projectOf(database, request, undefined)
    const query = readCallQuery(selection, { projectId, now: clock() })
    return readFacet(database, { query, field, contains, limit, signal: request.signal })
  })

  serveEndpoint(app, api.listSearchHits, async ({ query: { ids, search }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const { signal } = request
    return {
      items: await listSearchHits(database, { projectId, ids: parseIds(ids), search, signal }),
    }
  })

  serveEndpoint(app, filterApi.listFilterFields, async ({ request }) => {
    const projectId = await projectOf(database, request, undefined)
    return { ...(await fieldsOf(projectId)), canPropose: judge !== null }
  })

  serveEndpoint(
    app,
    filterApi.explainFilter,
    async ({ body: { call, ...selection }, request, reply }) => {
      const projectId = await projectOf(database, request, undefined)
      const { filter = EVERY_CALL, ...query } = readCallQuery(selection, {
        projectId,
        now: clock(),
      })
      return explainFilter(database, { ...query, call, filter, signal: untilGone(reply) })
    },
  )

  serveEndpoint(app, filterApi.proposeFilter, async ({ body: { sentence }, request, reply }) => {
    const projectId = await projectOf(database, request, undefined)
    if (judge === null) throw new HttpProblem(400, { detail: NO_JUDGE })
    const fields = await fieldsOf(projectId)
    const endTurn = proposals.take(visitorOf(request), reply)
    try {
      const signal = untilGone(reply)
      return await proposeFilter(judge, { ...fields, sentence, now: clock(), isPattern, signal })
    } finally {
      endTurn()
    }
  })

  async function fieldsOf(projectId: number) {
    return {
      attributes: await listAttributePaths(database.reader, projectId),
      metrics: await listMetrics(database.reader, projectId),
    }
  }
}

/** A judge usually has an answer by then. */
const PROPOSAL_SECONDS = 5

const NO_JUDGE =
  'No judge is configured, and only a judge can turn a sentence into a filter. Set JUDGE_URL and JUDGE_MODEL to any ' +
  'OpenAI-compatible endpoint and restart the server.'

function refuseUnlisted(name: string): void {
  const field = findField(name)
  if (field === null) throw badField('field', `There is no field ${JSON.stringify(name)}.`)
  if (field.kind === 'words') {
    throw badField('field', `${field.label} is spoken text: it has no values to list.`)
  }
}
