import type { CatalogueEntry } from './catalogue-entry.ts'
import { COMPUTED_METRICS } from './computed-metrics.ts'
import { JUDGED_METRICS } from './judged-metrics.ts'
import { UNAVAILABLE_METRICS } from './unavailable-metrics.ts'

export type { CatalogueEntry } from './catalogue-entry.ts'

/**
 * Every metric that a project can have without writing it, in the order in which they are made. Source: Cekura API,
 * predefined catalogue, without the metrics of simulated calls; those without a name there are our own.
 */
export const PREDEFINED_METRICS: readonly CatalogueEntry[] = [
  ...COMPUTED_METRICS,
  ...JUDGED_METRICS,
  ...UNAVAILABLE_METRICS,
]
