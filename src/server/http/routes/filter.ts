import type { FastifyInstance, FastifyReply } from 'fastify'
import { api } from '#contract/api.ts'
import { type CallSelection, NEWEST_FIRST } from '#contract/call.ts'
import { EVERY_CALL, findField } from '#contract/filter.ts'
import { proposeFilter } from '../../judge/propose-filter.ts'
import type { CallQuery } from '../../store/call-query.ts'
import { readSelection } from '../../store/call-selection.ts'
import { explainFilter } from '../../store/explain-filter.ts'
import { readFacet } from '../../store/facets.ts'
import { listAttributePaths, listFilterMetrics } from '../../store/filter-fields.ts'
import { isPattern } from '../../store/re2-pattern.ts'
import { listSearchHits } from '../../store/search-hits.ts'
import { badField, badFilter, HttpProblem } from '../http-problem.ts'
import { parseIds } from '../parse-ids.ts'
import { projectOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** What helps a person to find calls: values to choose from, why a call matches and where, a filter for a sentence. */
export function serveFilter(app: FastifyInstance, { database, clock, judge }: ServerTools): void {
  serveEndpoint(app, api.getFacet, async ({ query: { field, ...wanted }, request }) => {
    const { contains, limit, ...selection } = wanted
    refuseUnlisted(field)
    const projectId = await projectOf(database, request, undefined)
    const query = toCallQuery(selection, { projectId, now: clock() })
    return readFacet(database, { query, field, contains, limit, signal: request.signal })
  })

  serveEndpoint(app, api.listSearchHits, async ({ query: { ids, search }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const { signal } = request
    return {
      items: await listSearchHits(database, { projectId, ids: parseIds(ids), search, signal }),
    }
  })

  serveEndpoint(app, api.listFilterFields, async ({ request }) => {
    const projectId = await projectOf(database, request, undefined)
    return { ...(await fieldsOf(projectId)), canPropose: judge !== null }
  })

  serveEndpoint(
    app,
    api.explainFilter,
    async ({ body: { call, ...selection }, request, reply }) => {
      const projectId = await projectOf(database, request, undefined)
      const { filter = EVERY_CALL, ...query } = toCallQuery(selection, { projectId, now: clock() })
      return explainFilter(database, { ...query, call, filter, signal: untilGone(reply) })
    },
  )

  serveEndpoint(app, api.proposeFilter, async ({ body: { sentence }, request, reply }) => {
    const projectId = await projectOf(database, request, undefined)
    if (judge === null) throw new HttpProblem(400, { detail: NO_JUDGE })
    const fields = await fieldsOf(projectId)
    const signal = untilGone(reply)
    return proposeFilter(judge, { ...fields, sentence, now: clock(), isPattern, signal })
  })

  async function fieldsOf(projectId: number) {
    return {
      attributes: await listAttributePaths(database.reader, projectId),
      metrics: await listFilterMetrics(database.reader, projectId),
    }
  }
}

const NO_JUDGE =
  'No judge is configured, and only a judge can turn a sentence into a filter. Set JUDGE_URL and JUDGE_MODEL to any ' +
  'OpenAI-compatible endpoint and restart the server.'

/** `now`: what relative times count from. */
function toCallQuery(
  selection: CallSelection,
  { projectId, now }: { projectId: number; now: number },
): CallQuery {
  const read = readSelection({ ...selection, sort: NEWEST_FIRST }, { projectId, now })
  if (!read.ok) throw badFilter('filter', read.issues)
  return read.query
}

function refuseUnlisted(name: string): void {
  const field = findField(name)
  if (field === null) throw badField('field', `There is no field ${JSON.stringify(name)}.`)
  if (field.kind === 'words') {
    throw badField('field', `${field.label} is spoken text: it has no values to list.`)
  }
}

/** `request.signal` does not do for a request with a body: that one closes once its body is read. */
function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort(new Error('The client has left.')))
  return gone.signal
}
