import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import { queueApi } from '#contract/queue-api.ts'
import type { QueueItem, ReviewQueue } from '#contract/review-queue.ts'
import { createQueue } from '../../actions/create-queue.ts'
import { recordAudit } from '../../store/audit-log.ts'
import type { Connection } from '../../store/database.ts'
import {
  type ClosedItem,
  closeQueueItem,
  findQueue,
  listQueues,
  markQueueDeleted,
  openQueueItem,
  type Seat,
  summariseQueue,
  takeNextCall,
  unmarkQueueDeleted,
} from '../../store/queues.ts'
import type { Tables } from '../../store/tables.ts'
import { badField, badFilter, HttpProblem, notFound } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'
import { untilGone } from '../until-gone.ts'

/** Calls that several people review one after the other, each call with one of them at a time. */
export function serveQueues(app: FastifyInstance, { database, clock }: ServerTools): void {
  serveEndpoint(app, queueApi.listQueues, async ({ request, reply }) => {
    const projectId = await projectOf(database, request, undefined)
    const wanted = { projectId, now: clock(), signal: untilGone(reply) }
    return { items: await listQueues(database, wanted) }
  })

  serveEndpoint(app, queueApi.createQueue, async ({ body: input, request, reply }) => {
    const projectId = await projectOf(database, request, undefined)
    const createdBy = visitorOf(request).name
    const now = clock()
    const signal = untilGone(reply)
    const create = { input, projectId, createdBy, now, random: Math.random, signal }
    const created = await createQueue(database, create)
    switch (created.kind) {
      case 'created':
        return getQueue(database.writer, { id: created.id, projectId, now })
      case 'unreadable-filter':
        throw badFilter('selection.filter', created.issues)
      case 'no-calls':
        throw badField('selection', 'Expected calls that match; there are none.')
      default:
        return created satisfies never
    }
  })

  serveEndpoint(app, queueApi.getQueue, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    return getQueue(database.reader, { id, projectId, now: clock() })
  })

  serveEndpoint(app, queueApi.getQueueSummary, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    await getQueue(database.reader, { id, projectId, now: clock() })
    return summariseQueue(database.reader, id)
  })

  serveEndpoint(app, queueApi.deleteQueue, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const actor = visitorOf(request).name
    const now = clock()
    await database.transaction(async (trx) => {
      if (!(await markQueueDeleted(trx, { id, projectId, now }))) throw notFound('Queue')
      await recordAudit(trx, { now, actor, action: 'delete queue', subject: `queue:${id}` })
    })
    return { deleted: true }
  })

  serveEndpoint(app, queueApi.restoreQueue, async ({ params: { id }, request }) => {
    const projectId = await projectOf(database, request, undefined)
    const actor = visitorOf(request).name
    const now = clock()
    return database.transaction(async (trx) => {
      await unmarkQueueDeleted(trx, { id, projectId, now })
      const queue = await getQueue(trx, { id, projectId, now })
      await recordAudit(trx, { now, actor, action: 'restore queue', subject: `queue:${id}` })
      return queue
    })
  })

  serveEndpoint(app, queueApi.takeNext, async ({ params: { id }, body, request }) =>
    work({ request, id, session: body.session }, async (trx, seat) => {
      if (body.leaving) itemOf(await closeQueueItem(trx, { ...seat, ...body.leaving }))
      return takeNextCall(trx, seat)
    }),
  )

  serveEndpoint(app, queueApi.openQueueCall, async ({ params: { id, callId }, body, request }) =>
    work({ request, id, session: body.session }, async (trx, seat) => {
      const item = await openQueueItem(trx, { ...seat, callId })
      if (item === null) throw notFound('Call of the queue')
      return item
    }),
  )

  serveEndpoint(app, queueApi.closeQueueCall, async ({ params: { id, callId }, body, request }) =>
    work({ request, id, session: body.session }, async (trx, seat) =>
      itemOf(await closeQueueItem(trx, { ...seat, callId, as: body.as })),
    ),
  )

  /** Does one thing at a seat of a queue, and gives the queue as it stands then: of the same moment. */
  async function work<Item extends QueueItem | null>(
    { request, id, session }: { request: FastifyRequest; id: number; session: string },
    act: (trx: Transaction<Tables>, seat: Seat) => Promise<Item>,
  ): Promise<{ item: Item; queue: ReviewQueue }> {
    const projectId = await projectOf(database, request, undefined)
    const reviewer = visitorOf(request).name
    const now = clock()
    return database.transaction(async (trx) => {
      const queue = await getQueue(trx, { id, projectId, now })
      const item = await act(trx, { queue, reviewer, session, now })
      return { item, queue: await getQueue(trx, { id, projectId, now }) }
    })
  }
}

async function getQueue(
  db: Connection,
  place: { id: number; projectId: number; now: number },
): Promise<ReviewQueue> {
  const queue = await findQueue(db, place)
  if (queue === null) throw notFound('Queue')
  return queue
}

function itemOf(closed: ClosedItem): QueueItem {
  switch (closed.kind) {
    case 'closed':
      return closed.item
    case 'not-found':
      throw notFound('Call of the queue')
    case 'refused':
      throw new HttpProblem(409, { detail: closed.message })
    default:
      return closed satisfies never
  }
}
