import { badField } from './http-problem.ts'

const MAX_IDS = 200

/** The numbers of a comma-separated list, at most 200 unless told. Throws 400 for anything else. */
export function parseIds(text: string, { field = 'ids', max = MAX_IDS } = {}): number[] {
  const items = text.split(',').filter((item) => item !== '')
  const wrong = items.find((item) => !/^\d{1,15}$/.test(item))
  if (wrong !== undefined) throw badField(field, `Expected comma-separated ids, got "${wrong}".`)
  if (items.length > max) throw badField(field, `Expected at most ${max} ids.`)
  return items.map(Number)
}
