import fastifySwagger from '@fastify/swagger'
import fastifySwaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { makePublic } from './request-access.ts'

/** Other names of operations that are described once already. */
const ALIASES = [/^\/api\/(observability|test_framework)\//, /call-logs-external/, /^\/\w+\/v2\//]

const describeWithZod = createJsonSchemaTransform({ skipList: [] })

/** `/openapi.json`, generated from the same schemas that check requests, and `/docs` to browse it. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Talktrack',
        version: '1',
        description:
          'Send and review the calls of AI voice agents. Compatible with the Cekura observability API; ' +
          'operations tagged "dashboard" are the dashboard\'s own and may change.',
      },
      components: {
        securitySchemes: {
          apiKey: { type: 'apiKey', in: 'header', name: 'X-CEKURA-API-KEY' },
          session: { type: 'apiKey', in: 'cookie', name: 'talktrack_session' },
        },
      },
      security: [{ apiKey: [] }, { session: [] }],
    },
    transform: (document) => {
      const isAlias = ALIASES.some((alias) => alias.test(document.url))
      if (isAlias) return { schema: { hide: true }, url: document.url }
      return describeWithZod(document)
    },
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(async (scope) => {
    makePublic(scope)
    scope.get('/openapi.json', { schema: { hide: true } }, async () => app.swagger())
    await scope.register(fastifySwaggerUi, { routePrefix: '/docs', staticCSP: false })
  })
}
