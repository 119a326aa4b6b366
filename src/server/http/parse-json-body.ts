import type { FastifyRequest } from 'fastify'
import { isNestedTooDeep, MAX_NESTING } from '#contract/wire/json-nesting.ts'
import { badField } from './http-problem.ts'

const NOT_JSON = 'The body is not valid JSON, or has a key such as __proto__ that is refused.'

/**
 * The JSON of a body. Throws 400 for what is none, for more nesting than recursion survives, and for keys that
 * would change prototypes.
 */
export async function parseJsonBody(request: FastifyRequest, text: string): Promise<unknown> {
  if (isNestedTooDeep(text)) {
    throw badField('non_field_errors', `Expected JSON of at most ${MAX_NESTING} levels.`)
  }
  const parse = request.server.getDefaultJsonParser('error', 'error')
  return new Promise((resolve, reject) => {
    void parse(request, text, (error, value) => {
      if (error) reject(badField('non_field_errors', NOT_JSON))
      else resolve(value)
    })
  })
}
