import fastifyCookie from '@fastify/cookie'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastifyPlugin from 'fastify-plugin'
import { authenticate, type Credentials, type Visitor } from '../access/authenticate.ts'
import type { Database } from '../store/database.ts'
import { findProject, firstProjectIds } from '../store/projects.ts'
import { badField, HttpProblem } from './http-problem.ts'

export const SESSION_COOKIE = 'talktrack_session'

/**
 * What a route asks of its visitor; one that says nothing asks for `read`. `page-or-read` is an address that
 * is both a page of the dashboard, open as all pages are, and data.
 */
export type RequiredAccess = 'public' | 'page-or-read' | 'read' | 'write' | 'admin'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: RequiredAccess
  }
  interface FastifyRequest {
    visitor: Visitor | null
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

type AccessOptions = {
  database: Database
  clock: () => number
  /** Where browsers find this server, if that is not where it listens. */
  publicUrl: string | null
}

/** Checks every request before its body is read. Routes see the visitor as `request.visitor`. */
export const requestAccess = fastifyPlugin(
  async (app: FastifyInstance, { database, clock, publicUrl }: AccessOptions) => {
    await app.register(fastifyCookie)
    app.decorateRequest('visitor', null)
    app.addHook('onRequest', async (request) => {
      if (!SAFE_METHODS.has(request.method)) refuseForeignPage(request, publicUrl)
      const required = requirementOf(request)
      if (required === 'public') return
      const visitor = await authenticate(database, credentialsOf(request), clock())
      if (visitor === null) throw new HttpProblem(401, { detail: signInHint(request) })
      refuseBeyondScope(visitor, required)
      request.visitor = visitor
    })
  },
)

function requirementOf(request: FastifyRequest): 'public' | 'read' | 'write' | 'admin' {
  if (request.is404) return 'public'
  const access = request.routeOptions.config.access ?? 'read'
  if (access !== 'page-or-read') return access
  return wantsPage(request) ? 'public' : 'read'
}

/** A browser that opens an address asks for HTML; programs and the dashboard's own requests do not. */
export function wantsPage(request: FastifyRequest): boolean {
  const isRead = request.method === 'GET' || request.method === 'HEAD'
  return isRead && (request.headers.accept ?? '').includes('text/html')
}

/** Opens every route that is registered in a scope to anyone: the dashboard's files, the API's description. */
export function makePublic(scope: FastifyInstance): void {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'public' }
  })
}

/** What a request shows of who sends it. */
export function credentialsOf(request: FastifyRequest): Credentials {
  return { apiKey: apiKeyOf(request), sessionToken: request.cookies[SESSION_COOKIE] ?? null }
}

/** `X-CEKURA-API-KEY`, its old name, or a bearer token. Source: Cekura API, authentication. */
export function apiKeyOf({ headers }: FastifyRequest): string | null {
  const named = headers['x-cekura-api-key'] ?? headers['x-vocera-api-key']
  if (typeof named === 'string') return named.trim()
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')
  return bearer?.[1] ?? null
}

function signInHint(request: FastifyRequest): string {
  return apiKeyOf(request) === null
    ? 'Authentication credentials were not provided. Send the header X-CEKURA-API-KEY, or sign in.'
    : 'The API key is unknown or was revoked.'
}

function refuseBeyondScope({ scope }: Visitor, required: 'read' | 'write' | 'admin'): void {
  const isAllowed =
    required === 'read' ||
    (required === 'write' && scope !== 'read-only') ||
    (required === 'admin' && scope === 'admin')
  if (isAllowed) return
  throw new HttpProblem(403, {
    detail: `This needs ${required} access; yours is ${scope}.`,
  })
}

/**
 * A page of another site must not act with the visitor's cookie. The cookie is SameSite=Strict already; this
 * also holds in browsers that treat sibling sub-domains as the same site.
 */
function refuseForeignPage({ headers }: FastifyRequest, publicUrl: string | null): void {
  const site = headers['sec-fetch-site']
  const isForeignFetch = site !== undefined && site !== 'same-origin' && site !== 'none'
  if (!isForeignFetch && !isForeignOrigin(headers, publicUrl)) return
  throw new HttpProblem(403, { detail: 'Requests from pages of another site are refused.' })
}

/** A proxy in front may send its own name for this server as `Host`; the public address counts as well. */
function isForeignOrigin(
  { origin, host }: FastifyRequest['headers'],
  publicUrl: string | null,
): boolean {
  if (origin === undefined) return false
  if (!URL.canParse(origin)) return true
  const own = publicUrl === null ? null : new URL(publicUrl).host
  const { host: asking } = new URL(origin)
  return asking !== host && asking !== own
}

/** The visitor of a route that is not public. */
export function visitorOf(request: FastifyRequest): Visitor {
  if (request.visitor === null) throw new Error(`${request.url} has no access rule`)
  return request.visitor
}

/**
 * The project a request is about: the key's own, the one asked for, or the only one there is.
 * Throws 400 where an all-project key must say which or names none that exists, 403 where the project is not the key's.
 */
export async function projectOf(
  database: Database,
  request: FastifyRequest,
  asked: number | undefined,
): Promise<number> {
  const { projectId } = visitorOf(request)
  if (projectId !== null) {
    if (asked !== undefined && asked !== projectId) {
      throw new HttpProblem(403, { detail: `This key has no access to project ${asked}.` })
    }
    return projectId
  }
  if (asked !== undefined) {
    if ((await findProject(database.reader, asked)) !== null) return asked
    throw badField('project_id', `There is no project ${asked}.`)
  }
  const [only, second] = await firstProjectIds(database.reader)
  if (only === undefined || second !== undefined) {
    throw badField('project_id', 'This field is required: there is more than one project.')
  }
  return only
}

export function setSessionCookie(
  reply: FastifyReply,
  { token, expiresAt, isSecure }: { token: string; expiresAt: number; isSecure: boolean },
): void {
  void reply.setCookie(SESSION_COOKIE, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: isSecure,
    expires: new Date(expiresAt),
  })
}
