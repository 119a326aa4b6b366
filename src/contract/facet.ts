import { z } from 'zod'

/** One value of a field and how many of the matching calls have it. Null: those that have no value. */
export const FacetValue = z.object({
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
  count: z.int(),
})
export type FacetValue = z.infer<typeof FacetValue>

/** The most frequent values of a field under a filter, most frequent first, equal counts by value. */
export const Facet = z.object({
  values: z.array(FacetValue),
  /** False: there are more values than these. */
  isComplete: z.boolean(),
  /** False: time ran out, and the counts are of the newest calls only. */
  isExact: z.boolean(),
})
export type Facet = z.infer<typeof Facet>

/** A metadata or dynamic-variable path that occurs in the project's calls, and which kinds of value it has held. */
export const AttributePath = z.object({
  /** As a rule spells it: `metadata.order.plan`. */
  name: z.string(),
  hasText: z.boolean(),
  hasNumber: z.boolean(),
})
export type AttributePath = z.infer<typeof AttributePath>

/** A metric whose results can be filtered by, with what an editor of its values needs. */
export const FilterMetric = z.object({
  id: z.int(),
  name: z.string(),
  evalType: z.enum(['binary', 'rating', 'numeric', 'enum']),
  unit: z.string(),
  enumValues: z.array(z.string()),
})
export type FilterMetric = z.infer<typeof FilterMetric>
