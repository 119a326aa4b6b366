import type { FastifyInstance, FastifyRequest } from 'fastify'
import { api } from '#contract/api.ts'
import type { Problem } from '#contract/problem.ts'
import { openSession, type Visitor } from '../../access/authenticate.ts'
import { hashSecret } from '../../access/secrets.ts'
import { deleteSession } from '../../store/sessions.ts'
import { publicUrl } from '../call-log-presenter.ts'
import { HttpProblem } from '../http-problem.ts'
import { SESSION_COOKIE, setSessionCookie, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** Signing in and out of the dashboard. */
export function serveSession(app: FastifyInstance, tools: ServerTools): void {
  const { database, clock } = tools

  serveEndpoint(app, api.getSession, async ({ request }) => toSession(visitorOf(request)))

  serveEndpoint(app, api.signIn, async ({ body, request, reply }) => {
    const session = await openSession(database, body, clock())
    if (session === null) throw new HttpProblem(400, refusal(body))
    setSessionCookie(reply, { ...session, isSecure: isSecure(tools, request) })
    return toSession(session.visitor)
  })

  serveEndpoint(app, api.signOut, async ({ request, reply }) => {
    const token = request.cookies[SESSION_COOKIE]
    if (token !== undefined) await deleteSession(database.writer, hashSecret(token))
    void reply.clearCookie(SESSION_COOKIE, { path: '/' })
    return { signedOut: true }
  })
}

function refusal(proof: { key: string } | { token: string }): Problem {
  return 'key' in proof
    ? { key: ['This API key is unknown or was revoked.'] }
    : { token: ['This sign-in link was used already or has expired.'] }
}

function isSecure(tools: ServerTools, request: FastifyRequest): boolean {
  return publicUrl(tools, request).startsWith('https:')
}

function toSession({ scope, name, expiresAt }: Visitor) {
  return { scope, name, expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString() }
}
