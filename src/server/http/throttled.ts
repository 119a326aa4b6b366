import type { FastifyReply } from 'fastify'
import { HttpProblem } from './http-problem.ts'

/** 429 that says when to come back, in the words that clients know. Source: Django REST Framework, throttling. */
export function throttled(reply: FastifyReply, waitSeconds: number): HttpProblem {
  const unit = waitSeconds === 1 ? 'second' : 'seconds'
  void reply.header('retry-after', waitSeconds)
  return new HttpProblem(429, {
    detail: `Request was throttled. Expected available in ${waitSeconds} ${unit}.`,
  })
}
