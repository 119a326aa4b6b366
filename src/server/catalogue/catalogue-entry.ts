import type { PredefinedMetric } from '#contract/metric.ts'

/** A predefined metric, whichever project it may come to. */
export type CatalogueEntry = Omit<PredefinedMetric, 'metricId'>

/** What is the same for the metrics of the catalogue unless they say otherwise. */
export const EVERY_CALL = {
  enumValues: [],
  code: '',
  trigger: { kind: 'always' },
  priorityPrompt: '',
  configuration: {},
} as const satisfies Partial<CatalogueEntry['content']>

type Answer = Pick<CatalogueEntry['content'], 'evalType' | 'unit' | 'range'>

/** Yes or no. */
export const YES_NO = { evalType: 'binary', unit: '', range: null } as const satisfies Answer

/** A number of things, from 0. */
export const COUNT = { evalType: 'numeric', unit: '', range: null } as const satisfies Answer

/** A part of a whole, 0 to 1. */
export const SHARE = {
  evalType: 'numeric',
  unit: '',
  range: { min: 0, max: 1 },
} as const satisfies Answer

/** One of several labels. */
export const LABEL = { evalType: 'enum', unit: '', range: null } as const satisfies Answer

export function numberIn(unit: string): Answer {
  return { evalType: 'numeric', unit, range: null }
}

export function ratingOf(min: number, max: number): Answer {
  return { evalType: 'rating', unit: '', range: { min, max } }
}
