import type { FastifyReply } from 'fastify'
import { HttpProblem } from './http-problem.ts'

/** Source: nginx, "client closed request". It reaches nobody, and the log takes it for no failure of the server. */
const CLIENT_CLOSED_REQUEST = 499

/**
 * Aborts once the client has left or has its answer. `request.signal` does not do for a request with a body: that one
 * closes once its body is read.
 */
export function untilGone(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  const reason = new HttpProblem(CLIENT_CLOSED_REQUEST, { detail: 'The client has left.' })
  reply.raw.once('close', () => gone.abort(reason))
  return gone.signal
}
