import type { FastifyRouteSchemaDef, FastifyValidationResult } from 'fastify/types/schema.js'
import { validatorCompiler } from 'fastify-type-provider-zod'
import type { z } from 'zod'

/**
 * For routes whose body is described by a schema and checked by their handler: a form carries JSON as text, and
 * a multipart body is a stream that is not there yet.
 */
export function checkAllButBody(route: FastifyRouteSchemaDef<unknown>): FastifyValidationResult {
  if (route.httpPart === 'body') return () => true
  // Fastify types a route's compiler by its whole schema and calls it with one part, which here is a zod schema.
  return validatorCompiler(route as FastifyRouteSchemaDef<z.ZodType>)
}
