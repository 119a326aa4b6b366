import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import { type CallCommentInput, MAX_COMMENTS } from '#contract/comment.ts'
import { commentApi } from '#contract/comment-api.ts'
import type { Visitor } from '../../access/authenticate.ts'
import { recordAudit } from '../../store/audit-log.ts'
import { findCallIdentity } from '../../store/calls.ts'
import {
  type CommentRecord,
  countSegments,
  findComment,
  insertComment,
  listComments,
  markCommentDeleted,
  toCallComment,
  unmarkCommentDeleted,
  updateComment,
} from '../../store/comments.ts'
import type { Tables } from '../../store/tables.ts'
import { badField, HttpProblem, notFound } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** What people write on calls. Everybody may read, answer and resolve; only the author edits. */
export function serveComments(app: FastifyInstance, { database, clock }: ServerTools): void {
  serveEndpoint(app, commentApi.listComments, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const call = await findCallIdentity(database.reader, { id, projectId })
    if (call === null) throw notFound('Call')
    const comments = await listComments(database.reader, id)
    const visitor = visitorOf(request)
    return { items: comments.map((comment) => toCallComment(comment, visitor)) }
  })

  serveEndpoint(app, commentApi.addComment, async ({ params: { id }, body, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const visitor = visitorOf(request)
    const now = clock()
    const added = await database.transaction(async (trx) => {
      const call = await findCallIdentity(trx, { id, projectId })
      if (call === null) throw notFound('Call')
      if (body.parentId === null) await refuseBadSegment(trx, { callId: id, ...body })
      else refuseBadReply(body, await findComment(trx, { id: body.parentId, projectId, now }), id)
      const { owner, name: author } = visitor
      return insertComment(trx, { ...body, callId: id, owner, author, now })
    })
    if (added === null) throw tooMany()
    return toCallComment(added, visitor)
  })

  serveEndpoint(app, commentApi.changeComment, ({ params: { id }, body, request }) =>
    changeOne({ request, id }, async (trx, { comment, visitor, now }) => {
      if (comment.isDeleted) throw notFound('Comment')
      if (body.text !== undefined && comment.owner !== visitor.owner) {
        throw new HttpProblem(403, {
          detail: `${comment.author} wrote this comment: only they can edit it. Reply to it instead.`,
        })
      }
      if (body.isResolved !== undefined && comment.parentId !== null) {
        const thread = `comment ${comment.parentId}`
        throw badField('isResolved', `A reply is resolved with its thread: change ${thread}.`)
      }
      return updateComment(trx, comment, { ...body, resolver: visitor.name, now })
    }),
  )

  serveEndpoint(app, commentApi.deleteComment, async ({ params: { id }, request }) => {
    await changeOne({ request, id }, async (trx, { comment, visitor, now }) => {
      if (comment.isDeleted) throw notFound('Comment')
      refuseStranger(visitor, comment)
      await markCommentDeleted(trx, { ...comment, now })
      await audit(trx, { now, actor: visitor.name, action: 'delete comment', comment })
      return comment
    })
    return { deleted: true }
  })

  serveEndpoint(app, commentApi.restoreComment, ({ params: { id }, request }) =>
    changeOne({ request, id }, async (trx, { comment, visitor, now }) => {
      refuseStranger(visitor, comment)
      if (!comment.isDeleted) return comment
      const restored = await unmarkCommentDeleted(trx, { ...comment, now })
      if (restored === null) throw tooMany()
      await audit(trx, { now, actor: visitor.name, action: 'restore comment', comment })
      return restored
    }),
  )

  /** Finds a comment that is there with its thread, and changes it: all or nothing. */
  async function changeOne(
    { request, id }: { request: FastifyRequest; id: number },
    work: (trx: Transaction<Tables>, found: Found) => Promise<CommentRecord>,
  ) {
    const projectId = await projectOf(database, request, undefined)
    const visitor = visitorOf(request)
    const now = clock()
    const changed = await database.transaction(async (trx) => {
      const comment = await findComment(trx, { id, projectId, now })
      if (comment === null) throw notFound('Comment')
      const { parentId } = comment
      const thread =
        parentId === null ? comment : await findComment(trx, { id: parentId, projectId, now })
      const isThreadGone = parentId !== null && (thread === null || thread.isDeleted)
      if (isThreadGone) throw notFound('Comment')
      return work(trx, { comment, visitor, now })
    })
    return toCallComment(changed, visitor)
  }
}

type Found = { comment: CommentRecord; visitor: Visitor; now: number }

/** A reply answers a thread of the same call, and has no place of its own. */
function refuseBadReply(
  { parentId, atSeconds, segmentIndex }: CallCommentInput,
  parent: CommentRecord | null,
  callId: number,
): void {
  if (parent === null || parent.isDeleted || parent.callId !== callId) {
    throw badField('parentId', `This call has no comment ${parentId}.`)
  }
  if (parent.parentId !== null) {
    const thread = `comment ${parent.parentId}`
    throw badField('parentId', `Comment ${parentId} is a reply: answer ${thread}, which it is to.`)
  }
  const place =
    (atSeconds !== null && 'atSeconds') || (segmentIndex !== null && 'segmentIndex') || null
  if (place !== null) {
    throw badField(place, 'A reply stands where its thread does: expected null with a parentId.')
  }
}

async function refuseBadSegment(
  trx: Transaction<Tables>,
  { callId, segmentIndex }: { callId: number; segmentIndex: number | null },
): Promise<void> {
  if (segmentIndex === null) return
  const count = await countSegments(trx, callId)
  if (segmentIndex < count) return
  throw badField(
    'segmentIndex',
    `Expected a place among the ${count} segments of this call, counted from 0; got ${segmentIndex}.`,
  )
}

function refuseStranger(visitor: Visitor, { owner, author }: CommentRecord): void {
  if (owner === visitor.owner || visitor.scope === 'admin') return
  throw new HttpProblem(403, {
    detail: `${author} wrote this comment: only they or an administrator can delete or restore it.`,
  })
}

function tooMany(): HttpProblem {
  return new HttpProblem(409, {
    detail: `A call can hold ${MAX_COMMENTS} comments, replies included. Delete one first.`,
  })
}

type Audit = { now: number; actor: string; action: string; comment: CommentRecord }

function audit(trx: Transaction<Tables>, { now, actor, action, comment }: Audit): Promise<void> {
  const named = `${action} of ${JSON.stringify(comment.author)}`
  return recordAudit(trx, { now, actor, action: named, subject: `comment:${comment.id}` })
}
