import { badField } from './http-problem.ts'

const MAX_IDS = 200

/** The numbers of a comma-separated list, at most 200. Throws 400 for anything else. */
export function parseIds(text: string): number[] {
  const items = text.split(',').filter((item) => item !== '')
  const wrong = items.find((item) => !/^\d{1,15}$/.test(item))
  if (wrong !== undefined) throw badField('ids', `Expected comma-separated ids, got "${wrong}".`)
  if (items.length > MAX_IDS) throw badField('ids', `Expected at most ${MAX_IDS} ids.`)
  return items.map(Number)
}
