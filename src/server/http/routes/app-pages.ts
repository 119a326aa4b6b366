import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { presentNotFound } from '../present-error.ts'
import { makePublic, wantsPage } from '../request-access.ts'

const NONCE_PLACEHOLDER = '__CSP_NONCE__'
const PAGES =
  /^\/(|calls|calls\/[^/]+|filters|metrics|metrics\/[^/]+|agents|improve|overview|settings|sign-in)\/?$/

/**
 * The dashboard's files, and its one page for every address a browser may open. Fingerprinted files are cached
 * for good. Throws where the dashboard was not built.
 */
export async function serveAppPages(
  app: FastifyInstance,
  { folder }: { folder: string },
): Promise<void> {
  const page = await readPage(folder)
  await app.register(async (scope) => {
    makePublic(scope)
    await scope.register(fastifyStatic, {
      root: folder,
      index: false,
      wildcard: false,
      globIgnore: ['index.html'],
      cacheControl: false,
      setHeaders: (reply, path) => {
        const isFingerprinted = path.includes('/assets/')
        const lifetime = isFingerprinted ? 'public, max-age=31536000, immutable' : 'no-cache'
        void reply.header('cache-control', lifetime)
      },
    })
  })
  app.setNotFoundHandler({}, (request, reply) => {
    const isPage = PAGES.test(pathOf(request))
    if (!wantsPage(request) && !(isPage && takesAnything(request))) {
      return presentNotFound(request, reply)
    }
    return sendPage(reply, { page, status: isPage ? 200 : 404 })
  })
}

async function readPage(folder: string): Promise<string> {
  try {
    return await readFile(join(folder, 'index.html'), 'utf8')
  } catch (cause) {
    throw new Error(`The dashboard is not built: ${folder} has no index.html. Run npm run build.`, {
      cause,
    })
  }
}

/** Watchers of uptime and makers of previews ask for a page without saying that they want one. */
function takesAnything({ method, headers }: FastifyRequest): boolean {
  const isRead = method === 'GET' || method === 'HEAD'
  return isRead && (headers.accept ?? '*/*') === '*/*'
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/'
}

/** The nonce lets the page's own style elements through a policy that refuses all others. */
function sendPage(reply: FastifyReply, { page, status }: { page: string; status: number }) {
  return reply
    .status(status)
    .header('cache-control', 'no-store')
    .type('text/html; charset=utf-8')
    .send(page.replaceAll(NONCE_PLACEHOLDER, reply.cspNonce.style))
}
