import { z } from 'zod'
import { CallSelection } from './call.ts'
import { endpoint } from './endpoint.ts'
import { AttributePath, Facet, FilterMetric } from './facet.ts'
import { FilterExplanation } from './filter-explanation.ts'

/** The part of the dashboard's API that helps to make a filter. Apart from `api` for the reason of `judgingApi`. */
export const filterApi = {
  getFacet: endpoint({
    method: 'GET',
    path: '/api/calls/facet',
    summary: 'The most frequent values of a field among the calls of a query',
    access: 'read',
    query: CallSelection.extend({
      field: z.string().max(400),
      /** Only values that contain this, ignoring case. */
      contains: z.string().max(200).optional(),
      limit: z.coerce.number().int().min(1).max(100).default(20),
    }),
    output: Facet,
  }),
  listFilterFields: endpoint({
    method: 'GET',
    path: '/api/filter/fields',
    summary: 'What the calls of the project have to filter by, beyond the fixed fields',
    access: 'read',
    output: z.object({
      /** By name, at most 2,000. */
      attributes: z.array(AttributePath),
      metrics: z.array(FilterMetric),
      /** A judge is configured, so that a sentence can become a filter. */
      canPropose: z.boolean(),
    }),
  }),
  explainFilter: endpoint({
    method: 'POST',
    path: '/api/filter/explain',
    summary: 'Which rules of a filter hold for one call, and the values they look at',
    access: 'read',
    body: CallSelection.extend({
      /** The number in Talktrack, or the sender's own id. */
      call: z.string().trim().min(1).max(200),
    }),
    output: FilterExplanation,
  }),
  proposeFilter: endpoint({
    method: 'POST',
    path: '/api/filter/propose',
    summary: 'A filter for a sentence, proposed by the judge and checked; never applied by itself',
    access: 'read',
    body: z.object({ sentence: z.string().trim().min(1).max(1000) }),
    output: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('proposed'), filter: z.string() }),
      z.object({ kind: z.literal('failed'), message: z.string() }),
    ]),
  }),
} as const
