import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Endpoint } from '#contract/endpoint.ts'

type Parsed<Shape> = Shape extends z.ZodType ? z.output<Shape> : undefined

export type EndpointInput<E extends Endpoint> = {
  params: Parsed<E['params']>
  query: Parsed<E['query']>
  body: Parsed<E['body']>
  request: FastifyRequest
  reply: FastifyReply
}

/** Serves one endpoint of the dashboard's API: its input is checked, its output has the contract's type. */
export function serveEndpoint<E extends Endpoint>(
  app: FastifyInstance,
  endpoint: E,
  handle: (input: EndpointInput<E>) => Promise<z.input<E['output']>>,
): void {
  const { method, path, params, query, body, output } = endpoint
  app.route({
    method,
    url: path,
    config: { access: endpoint.access },
    schema: {
      tags: ['dashboard'],
      summary: endpoint.summary,
      ...(params && { params }),
      ...(query && { querystring: query }),
      ...(body && { body }),
      response: { 200: output },
    },
    handler: (request, reply) =>
      handle({
        params: request.params as Parsed<E['params']>,
        query: request.query as Parsed<E['query']>,
        body: request.body as Parsed<E['body']>,
        request,
        reply,
      }),
  })
}
