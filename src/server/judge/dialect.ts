/**
 * How an answer is asked for. `json-schema` makes hosted endpoints, llama.cpp, vLLM and Ollama write nothing
 * but the shape; others know `json-object` alone, and the rest only what the instructions say.
 */
export type Dialect = {
  format: 'json-schema' | 'json-object' | 'text'
  /** Some reasoning models take none. */
  hasTemperature: boolean
}

export const RICHEST_DIALECT: Dialect = { format: 'json-schema', hasTemperature: true }

const PLAINER_FORMAT = {
  'json-schema': 'json-object',
  'json-object': 'text',
  text: null,
} as const

/**
 * What to try after an endpoint did not take a request; null if there is nothing plainer. Endpoints word
 * their refusal of a format in many ways, and some dislike a single schema, so any complaint counts as one.
 */
export function plainerDialect(dialect: Dialect, complaint: string): Dialect | null {
  if (dialect.hasTemperature && /temperature/i.test(complaint)) {
    return { ...dialect, hasTemperature: false }
  }
  const format = PLAINER_FORMAT[dialect.format]
  return format && { ...dialect, format }
}
