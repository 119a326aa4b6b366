import { ApiError } from './request.ts'

/** An error as a form shows it: what belongs to a field beside it, the rest above the buttons. */
export type FormErrors<Field extends string> = {
  fields: Partial<Record<Field, string>>
  /** Messages of no known field, one per line; null if there are none. */
  general: string | null
}

/**
 * Sorts a server's answer by the form's fields. `fieldOf` maps the wire's names to the form's; names
 * it does not hold go to `general`, with their name in front.
 */
export function toFormErrors<Field extends string>(
  error: Error | null,
  fieldOf: Readonly<Record<string, Field>>,
): FormErrors<Field> {
  if (!error) return { fields: {}, general: null }
  if (!(error instanceof ApiError) || !error.problem) return { fields: {}, general: error.message }

  const fields: Partial<Record<Field, string>> = {}
  const general: string[] = []
  for (const [name, value] of Object.entries(error.problem)) {
    const messages = Array.isArray(value) ? value : [value]
    const field = Object.hasOwn(fieldOf, name) ? fieldOf[name] : undefined
    if (field) fields[field] = [fields[field], ...messages].filter(Boolean).join('\n')
    else general.push(...messages.map((message) => withName(name, message)))
  }
  return { fields, general: general.join('\n') || null }
}

function withName(name: string, message: string): string {
  return name === 'detail' || name === 'non_field_errors' ? message : `${name}: ${message}`
}
