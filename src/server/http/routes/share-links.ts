import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { MAX_SHARE_LINKS, shareApi } from '#contract/share-api.ts'
import { hashSecret, newToken } from '../../access/secrets.ts'
import { endedPage } from '../../packet/ended-page.ts'
import { PACKET_POLICY } from '../../packet/packet-page.ts'
import { writePacket } from '../../packet/write-packet.ts'
import { recordAudit } from '../../store/audit-log.ts'
import { findCallIdentity } from '../../store/calls.ts'
import {
  insertShareLink,
  listShareLinks,
  openShareLink,
  revokeShareLink,
} from '../../store/share-links.ts'
import { publicUrl } from '../call-log-presenter.ts'
import { endWhenStalled } from '../end-when-stalled.ts'
import { findCallFile } from '../find-call-file.ts'
import { findCallSound } from '../find-call-sound.ts'
import { HttpProblem, notFound } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

const DAY_MS = 24 * 60 * 60_000
const STALL_MS = 60_000

/** Links by which people without a key read and hear one call, as its packet. */
export function serveShareLinks(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock } = tools

  serveEndpoint(app, shareApi.listShareLinks, async ({ params: { id }, request }) => {
    await refuseUnknownCall(id, await projectOf(database, request, undefined))
    const wanted = { callId: id, now: clock(), limit: MAX_SHARE_LINKS }
    return { items: await listShareLinks(database.reader, wanted) }
  })

  serveEndpoint(app, shareApi.createShareLink, async ({ params: { id }, body, request }) => {
    await refuseUnknownCall(id, await projectOf(database, request, undefined))
    const token = newToken()
    const now = clock()
    const author = visitorOf(request).name
    const link = await database.transaction(async (trx) => {
      const standing = await listShareLinks(trx, { callId: id, now, limit: MAX_SHARE_LINKS })
      if (standing.length >= MAX_SHARE_LINKS) throw new HttpProblem(409, { detail: TOO_MANY })
      await recordAudit(trx, { now, actor: author, action: 'share call', subject: `call:${id}` })
      const expiresAt = now + body.days * DAY_MS
      return insertShareLink(trx, {
        callId: id,
        tokenHash: hashSecret(token),
        author,
        now,
        expiresAt,
      })
    })
    return { ...link, url: `${publicUrl(tools, request)}/shared/${token}` }
  })

  serveEndpoint(app, shareApi.revokeShareLink, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const now = clock()
    const actor = visitorOf(request).name
    const revoked = await database.transaction(async (trx) => {
      const isRevoked = await revokeShareLink(trx, { id, projectId, now })
      if (isRevoked) {
        await recordAudit(trx, { now, actor, action: 'revoke link', subject: `share-link:${id}` })
      }
      return isRevoked
    })
    if (!revoked) throw notFound('Shared link')
    return { revoked }
  })

  app.route({
    method: 'GET',
    url: '/shared/:token',
    exposeHeadRoute: false,
    compress: false,
    config: { access: 'public' },
    schema: {
      tags: ['dashboard'],
      summary: 'A shared call as a page, for anyone who has the link',
      params: z.object({ token: z.string() }),
    },
    handler: async (request, reply) => {
      const { token } = request.params as { token: string }
      return sendShared(token, reply)
    },
  })

  async function sendShared(token: string, reply: FastifyReply) {
    const now = clock()
    const opened = await openShareLink(database, { tokenHash: hashSecret(token), now })
    const file = opened && (await findCallFile(tools, opened))
    reply
      .headers({
        'cache-control': 'no-store',
        'content-security-policy': PACKET_POLICY,
        'x-robots-tag': 'noindex',
      })
      .type('text/html; charset=utf-8')
    if (!opened || !file) return reply.status(404).send(endedPage())
    const sound = await findCallSound(tools, { file, projectId: opened.projectId })
    const madeAt = new Date(now).toISOString()
    endWhenStalled(reply.raw, STALL_MS)
    return reply.send(Readable.from(writePacket({ file, ...sound, author: opened.author, madeAt })))
  }

  async function refuseUnknownCall(id: number, projectId: number): Promise<void> {
    const call = await findCallIdentity(database.reader, { id, projectId })
    if (call === null) throw notFound('Call')
  }
}

const TOO_MANY = `A call has at most ${MAX_SHARE_LINKS} links that stand. Revoke one first.`
