import type { FastifyReply } from 'fastify'
import type { Visitor } from '../access/authenticate.ts'
import { HttpProblem } from './http-problem.ts'

export type VisitorTurns = {
  /** What ends the visitor's turn, to be called once; throws 429 with `detail` where as many as allowed are taken. */
  take: (visitor: Visitor, reply: FastifyReply) => () => void
}

type VisitorTurnsOptions = { max: number; detail: string; retryAfterSeconds: number }

/** Lets each visitor have at most `max` of something at a time. All sessions of one key are one visitor. */
export function createVisitorTurns(options: VisitorTurnsOptions): VisitorTurns {
  const { max, detail, retryAfterSeconds } = options
  const taken = new Map<string, number>()
  const change = (owner: string, by: 1 | -1) => {
    const count = (taken.get(owner) ?? 0) + by
    if (count === 0) taken.delete(owner)
    else taken.set(owner, count)
  }
  return {
    take: ({ owner }, reply) => {
      if ((taken.get(owner) ?? 0) >= max) {
        void reply.header('retry-after', retryAfterSeconds)
        throw new HttpProblem(429, { detail })
      }
      change(owner, 1)
      return () => change(owner, -1)
    },
  }
}
