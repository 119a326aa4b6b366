import { PREDEFINED_METRICS } from '../catalogue/predefined-metrics.ts'
import { HttpProblem } from './http-problem.ts'

/** 400 with every code that is not in the catalogue, or that this version cannot compute. */
export function refuseUnknownCodes(field: string, codes: readonly string[]): void {
  const byCode = new Map(PREDEFINED_METRICS.map((entry) => [entry.code, entry]))
  const messages = codes.flatMap((code) => {
    const entry = byCode.get(code)
    if (entry === undefined) return [`There is no predefined metric ${JSON.stringify(code)}.`]
    return entry.unavailable === null ? [] : [`${entry.name}: ${entry.unavailable}`]
  })
  if (messages.length > 0) throw new HttpProblem(400, { [field]: messages })
}
