import type { FastifyReply } from 'fastify'
import { describe, expect, it } from 'vitest'
import type { Visitor } from '../access/authenticate.ts'
import { HttpProblem } from './http-problem.ts'
import { createRequestWindow } from './request-window.ts'

function visitor(owner: string): Visitor {
  return { via: 'key', scope: 'admin', projectId: null, owner, name: owner, expiresAt: null }
}

/** Only the header of a reply is looked at. */
function aReply() {
  const headers = new Map<string, unknown>()
  const reply = { header: (name: string, value: unknown) => headers.set(name, value) }
  return { headers, reply: reply as unknown as FastifyReply }
}

describe('a request window', () => {
  it('lets each visitor ask so many times a minute, and says when the next one begins', () => {
    let now = 50_000
    const window = createRequestWindow({ max: 2, clock: () => now })
    const { headers, reply } = aReply()
    const ask = (owner: string) => window.count(visitor(owner), reply)
    ask('a')
    ask('a')
    expect(() => ask('a')).toThrow(HttpProblem)
    // The next minute begins 60 - 50 s later.
    expect(headers.get('retry-after')).toBe(10)
    expect(() => ask('a')).toThrow(/Request was throttled. Expected available in 10 seconds./)
    ask('b')
    now = 60_000
    ask('a')
    ask('a')
    now = 119_001
    expect(() => ask('a')).toThrow(/available in 1 second\./)
  })
})
