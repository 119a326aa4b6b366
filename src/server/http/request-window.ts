import type { FastifyReply } from 'fastify'
import type { Visitor } from '../access/authenticate.ts'
import { throttled } from './throttled.ts'

const WINDOW_MS = 60_000

export type RequestWindow = {
  /** Counts a request; throws 429 where the visitor had as many as allowed in this minute. */
  count: (visitor: Visitor, reply: FastifyReply) => void
}

/** Lets each visitor ask `max` times in a minute by the clock. All sessions of one key are one visitor. */
export function createRequestWindow({
  max,
  clock,
}: {
  max: number
  clock: () => number
}): RequestWindow {
  const counts = new Map<string, number>()
  let minute = 0
  return {
    count: ({ owner }, reply) => {
      const now = clock()
      const current = Math.floor(now / WINDOW_MS)
      if (current !== minute) counts.clear()
      minute = current
      const count = counts.get(owner) ?? 0
      if (count >= max) throw throttled(reply, Math.ceil(((current + 1) * WINDOW_MS - now) / 1000))
      counts.set(owner, count + 1)
    },
  }
}
