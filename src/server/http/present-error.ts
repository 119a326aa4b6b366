import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Problem } from '#contract/problem.ts'
import { InvalidCursor } from '../store/call-query.ts'
import { FileTooLarge } from '../store/recording-files.ts'
import { QueryCancelled, QueryTimeout, TooManyQueries } from '../store/slow-read-errors.ts'
import { HttpProblem } from './http-problem.ts'

/** By then most of what the database was busy with has ended. */
const RETRY_AFTER_SECONDS = 10

/** The one place where an error becomes a status and a body. */
export function presentError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const { statusCode, problem } = toAnswer(error)
  if (error instanceof QueryTimeout || error instanceof TooManyQueries) {
    void reply.header('retry-after', RETRY_AFTER_SECONDS)
  }
  if (statusCode >= 500) request.log.error({ err: error }, 'A request failed')
  void reply.status(statusCode).send(problem)
}

/** For addresses that no route serves. */
export function presentNotFound(request: FastifyRequest, reply: FastifyReply): void {
  void reply.status(404).send({ detail: `There is no ${request.url}.` })
}

function toAnswer(error: unknown): { statusCode: number; problem: Problem } {
  if (error instanceof HttpProblem) return error
  if (error instanceof z.ZodError) return { statusCode: 400, problem: toProblem(error) }
  if (error instanceof FileTooLarge) {
    return { statusCode: 400, problem: { voice_recording: [error.message] } }
  }
  if (error instanceof InvalidCursor) {
    return { statusCode: 400, problem: { cursor: [error.message] } }
  }
  if (error instanceof QueryTimeout || error instanceof TooManyQueries) {
    return { statusCode: 503, problem: { detail: error.message } }
  }
  // Who asked has gone, so that nobody reads this; nothing is wrong.
  if (error instanceof QueryCancelled)
    return { statusCode: 499, problem: { detail: error.message } }
  if (hasZodFastifySchemaValidationErrors(error)) {
    return { statusCode: 400, problem: toSchemaProblem(error.validation) }
  }
  const { statusCode, message } = error as Partial<FastifyError>
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return { statusCode, problem: { detail: message ?? 'The request is not valid.' } }
  }
  return { statusCode: 500, problem: { detail: 'The server failed. Its log says why.' } }
}

/** Fastify's own checks of parameters, query and body, in the same words. */
function toSchemaProblem(issues: readonly { instancePath: string; message?: string }[]): Problem {
  const problem: Record<string, string[]> = {}
  for (const { instancePath, message } of issues) {
    const [field, ...inside] = instancePath.split('/').filter((part) => part !== '')
    const name = field ?? 'non_field_errors'
    const text = [...(inside.length > 0 ? [inside.join('.')] : []), message ?? 'is not valid']
    problem[name] = [...(problem[name] ?? []), text.join(': ')]
  }
  return problem
}

/** One list of messages per field; a message about something inside of a field names the place. */
export function toProblem(error: z.ZodError): Problem {
  const problem: Record<string, string[]> = {}
  for (const { path, message } of error.issues) {
    const [field, ...inside] = path
    const name = field === undefined ? 'non_field_errors' : String(field)
    const text = inside.length === 0 ? message : `${inside.join('.')}: ${message}`
    problem[name] = [...(problem[name] ?? []), text]
  }
  return problem
}
