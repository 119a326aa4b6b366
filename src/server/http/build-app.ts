import fastifyCompress from '@fastify/compress'
import fastifyFormbody from '@fastify/formbody'
import fastifyHelmet from '@fastify/helmet'
import fastifyMultipart from '@fastify/multipart'
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify'
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod'
import { describeApi } from './describe-api.ts'
import { parseJsonBody } from './parse-json-body.ts'
import { presentError, presentNotFound } from './present-error.ts'
import { MAX_TEXT_BYTES } from './receive-observe.ts'
import { requestAccess } from './request-access.ts'
import { serveAgents } from './routes/agents.ts'
import { serveAgreement } from './routes/agreement.ts'
import { serveAppPages } from './routes/app-pages.ts'
import { serveBulkActions } from './routes/bulk-actions.ts'
import { serveCallFiles } from './routes/call-files.ts'
import { serveCallLogs } from './routes/call-logs.ts'
import { serveCalls } from './routes/calls.ts'
import { serveComments } from './routes/comments.ts'
import { serveEvents } from './routes/events.ts'
import { serveExport } from './routes/export.ts'
import { serveFilter } from './routes/filter.ts'
import { serveHealth } from './routes/health.ts'
import { serveMetrics } from './routes/metrics.ts'
import { serveObserve } from './routes/observe.ts'
import { serveProviderWebhooks } from './routes/provider-webhooks.ts'
import { serveQueues } from './routes/queues.ts'
import { serveRecordings } from './routes/recordings.ts'
import { createRerunWindow, serveReruns } from './routes/reruns.ts'
import { serveReviews } from './routes/reviews.ts'
import { serveRubric } from './routes/rubric.ts'
import { serveSession } from './routes/session.ts'
import { serveSettings } from './routes/settings.ts'
import { serveShareLinks } from './routes/share-links.ts'
import { serveTags } from './routes/tags.ts'
import { serveVerdicts } from './routes/verdicts.ts'
import { serveViews } from './routes/views.ts'
import { serveWireAgents } from './routes/wire-agents.ts'
import { serveWireMetrics } from './routes/wire-metrics.ts'
import { servePredefinedMetrics } from './routes/wire-predefined-metrics.ts'
import { serveWireVotes } from './routes/wire-votes.ts'
import type { ServerTools } from './server-tools.ts'

/** The same operations under each address that clients know. Source: Cekura API, path families (docs/wire.md F2). */
const WIRE_PREFIXES = ['', '/api']
const CALL_LOG_FAMILIES = [
  '/observability/v1/call-logs',
  '/observability/v1/call-logs-external',
  '/observability/v2/call-logs',
]
const BYTES_PER_MEGABYTE = 1024 * 1024
const DEFAULT_BODY_BYTES = BYTES_PER_MEGABYTE
/** `GET` carries whole filters: an address of 64 KB, and beside it as much as Node takes without being told. */
const MAX_HEAD_BYTES = (64 + 16) * 1024
/** The largest recording over a line of 4 Mbit/s. */
const REQUEST_TIMEOUT_MS = 15 * 60_000
const TEST_FAMILIES = ['/test_framework/v1', '/test_framework/v2']

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON body byte for byte, for signatures and for the payload history. */
    rawBody?: Buffer
  }
}

export type AppOptions = {
  tools: ServerTools
  logger: FastifyBaseLogger
  /** The built dashboard; null serves the API alone. */
  pagesFolder: string | null
  /** Tests check every answer against its schema; in production the type checker has done so. */
  checksAnswers: 'always' | 'never'
}

/** The HTTP server with all its routes, not listening yet. */
export async function buildApp(options: AppOptions): Promise<FastifyInstance> {
  const { tools, logger } = options
  const app = Fastify({
    loggerInstance: logger,
    // Routes that take whole transcripts raise it for themselves, once they know who is asking.
    bodyLimit: DEFAULT_BODY_BYTES,
    http: { maxHeaderSize: MAX_HEAD_BYTES },
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    logController: new LogController({ disableRequestLogging: true }),
    frameworkErrors: presentError,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(
    options.checksAnswers === 'always' ? serializerCompiler : () => JSON.stringify,
  )
  app.setErrorHandler(presentError)
  acceptBodies(app)
  await registerPlugins(app, options)
  await app.register(async (routes) => serveRoutes(routes, tools))
  if (options.pagesFolder === null) app.setNotFoundHandler(presentNotFound)
  else await serveAppPages(app, { folder: options.pagesFolder })
  return app
}

/** JSON with its bytes kept, forms, and multipart as a stream. */
function acceptBodies(app: FastifyInstance): void {
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, acceptJson)
}

async function acceptJson(request: FastifyRequest, body: Buffer): Promise<unknown> {
  request.rawBody = body
  return body.length === 0 ? undefined : parseJsonBody(request, body.toString('utf8'))
}

async function registerPlugins(app: FastifyInstance, { tools }: AppOptions): Promise<void> {
  const { config, database, clock } = tools
  await app.register(fastifyHelmet, {
    enableCSPNonces: true,
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        mediaSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    crossOriginEmbedderPolicy: false,
    // Behind plain http on one's own machine this header would lock the browser out.
    strictTransportSecurity: config.publicUrl?.startsWith('https:') ?? false,
  })
  // On the few cores of a self-hosted machine, brotli takes longer than it saves on a transcript of megabytes.
  await app.register(fastifyCompress, {
    // A few kilobytes would unpack to gigabytes before anyone is asked for a key.
    globalDecompression: false,
    threshold: 1024,
    encodings: ['gzip'],
    zlibOptions: { level: 6 },
  })
  await app.register(fastifyFormbody)
  await app.register(fastifyMultipart, {
    limits: { fieldSize: MAX_TEXT_BYTES, fields: 200, files: 20, parts: 220 },
    throwFileSizeLimit: false,
  })
  await app.register(requestAccess, { database, clock, publicUrl: config.publicUrl })
  await describeApi(app)
}

function serveRoutes(app: FastifyInstance, tools: ServerTools): void {
  const window = createRerunWindow(tools)
  for (const prefix of WIRE_PREFIXES) {
    serveObserve(app, tools, `${prefix}/observability/v1/observe`)
    serveProviderWebhooks(app, tools, `${prefix}/observability/v1`)
    for (const family of CALL_LOG_FAMILIES) {
      serveCallLogs(app, tools, prefix + family)
      serveReruns(app, tools, { path: prefix + family, window })
      serveWireVotes(app, tools, prefix + family)
    }
    for (const family of TEST_FAMILIES) {
      serveWireAgents(app, tools, `${prefix}${family}/aiagents`)
      serveWireMetrics(app, tools, `${prefix}${family}/metrics`)
      servePredefinedMetrics(app, tools, `${prefix}${family}/predefined-metrics`)
    }
  }
  serveCalls(app, tools)
  serveCallFiles(app, tools)
  serveShareLinks(app, tools)
  serveFilter(app, tools)
  serveTags(app, tools)
  serveComments(app, tools)
  serveReviews(app, tools)
  serveQueues(app, tools)
  serveViews(app, tools)
  serveBulkActions(app, tools)
  serveMetrics(app, tools)
  serveAgreement(app, tools)
  serveRubric(app, tools)
  serveVerdicts(app, tools)
  serveExport(app, tools)
  serveAgents(app, tools)
  serveRecordings(app, tools)
  serveEvents(app, tools)
  serveSession(app, tools)
  serveSettings(app, tools)
  serveHealth(app, tools)
}
