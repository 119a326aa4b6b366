import { z } from 'zod'

/**
 * The wire's error body. Either `{"detail": "…"}` or one list of messages per field; `non_field_errors`
 * for rules across fields. Source: Cekura API, errors (the shape of Django REST Framework).
 */
export const Problem = z.record(z.string(), z.union([z.string(), z.array(z.string())]))
export type Problem = z.infer<typeof Problem>

/** All messages of a problem in reading order, each with its field unless it concerns the whole. */
export function problemMessages(problem: Problem): string[] {
  return Object.entries(problem).flatMap(([field, value]) => {
    const messages = Array.isArray(value) ? value : [value]
    const isGeneral = field === 'detail' || field === 'non_field_errors'
    return messages.map((message) => (isGeneral ? message : `${field}: ${message}`))
  })
}
