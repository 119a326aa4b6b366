import { z } from 'zod'
import { ById, endpoint } from './endpoint.ts'
import { QueueInput, QueueItem, QueueSummary, ReviewQueue } from './review-queue.ts'

/** Who works on a queue: `session` tells two windows of one person apart. */
const QueueSeat = z.object({ session: z.string().min(8).max(64) })

const OfCall = ById.extend({ callId: z.coerce.number().int().positive() })

/** Queues of calls to review. Apart from `api`, as `judgingApi` is. */
export const queueApi = {
  listQueues: endpoint({
    method: 'GET',
    path: '/api/queues',
    summary: 'Review queues, newest first, at most 100',
    access: 'read',
    output: z.object({ items: z.array(ReviewQueue) }),
  }),
  createQueue: endpoint({
    method: 'POST',
    path: '/api/queues',
    summary: 'Make a queue of the calls that match now',
    access: 'write',
    body: QueueInput,
    output: ReviewQueue,
  }),
  getQueue: endpoint({
    method: 'GET',
    path: '/api/queues/:id',
    summary: 'One queue with its progress',
    access: 'read',
    params: ById,
    output: ReviewQueue,
  }),
  deleteQueue: endpoint({
    method: 'DELETE',
    path: '/api/queues/:id',
    summary: 'Delete a queue; what was reviewed stays, and it can be restored',
    access: 'write',
    params: ById,
    output: z.object({ deleted: z.boolean() }),
  }),
  restoreQueue: endpoint({
    method: 'POST',
    path: '/api/queues/:id/restore',
    summary: 'Bring a deleted queue back',
    access: 'write',
    params: ById,
    output: ReviewQueue,
  }),
  getQueueSummary: endpoint({
    method: 'GET',
    path: '/api/queues/:id/summary',
    summary: 'How the work on a queue came out so far',
    access: 'read',
    params: ById,
    output: QueueSummary,
  }),
  takeNext: endpoint({
    method: 'POST',
    path: '/api/queues/:id/next',
    summary:
      'Take the next call that nobody else has open, leaving another in the same moment; null when none is left for this reviewer',
    access: 'write',
    params: ById,
    body: QueueSeat.extend({
      leaving: z.object({ callId: z.int().positive(), as: z.enum(['done', 'skipped']) }).optional(),
    }),
    output: z.object({ item: QueueItem.nullable(), queue: ReviewQueue }),
  }),
  openQueueCall: endpoint({
    method: 'POST',
    path: '/api/queues/:id/calls/:callId/open',
    summary: 'Open a call of the queue, or say that it is still open: renews the lock',
    access: 'write',
    params: OfCall,
    body: QueueSeat,
    output: z.object({ item: QueueItem, queue: ReviewQueue }),
  }),
  closeQueueCall: endpoint({
    method: 'POST',
    path: '/api/queues/:id/calls/:callId/close',
    summary:
      'Done with a call, put it off, or let it go as it was; 409 while another reviewer has it open',
    access: 'write',
    params: OfCall,
    body: QueueSeat.extend({ as: z.enum(['done', 'skipped', 'released', 'reopened']) }),
    output: z.object({ item: QueueItem, queue: ReviewQueue }),
  }),
}
