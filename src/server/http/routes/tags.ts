import type { FastifyInstance } from 'fastify'
import { api } from '#contract/api.ts'
import { MAX_TAGS } from '#contract/tag.ts'
import { findCallIdentity } from '../../store/calls.ts'
import { changeTags, listTags } from '../../store/tags.ts'
import { badField, notFound } from '../http-problem.ts'
import { projectOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** The tags of one call; those of many are a bulk action. */
export function serveTags(app: FastifyInstance, { database, clock }: ServerTools): void {
  serveEndpoint(app, api.changeTags, async ({ params: { id }, body: { add, remove }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    return database.transaction(async (trx) => {
      const call = await findCallIdentity(trx, { id, projectId })
      if (call === null) throw notFound('Call')
      const change = await changeTags(trx, { callId: id, add, remove, now: clock() })
      if (change === null) throw badField('add', `A call can have at most ${MAX_TAGS} tags.`)
      return { tags: (await listTags(trx, [id])).get(id) ?? [] }
    })
  })
}
