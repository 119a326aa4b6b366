import { z } from 'zod'
import { CallSummary } from './call.ts'

const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()])

/** What one node of a filter says of one call. */
export const NodeExplanation = z.object({
  /** Where the node stands, as `NodePath`. */
  path: z.array(z.int()),
  /** False also for rules that are not looked at: see `isSkipped`. */
  holds: z.boolean(),
  /** Disabled, or without a condition that asks anything. */
  isSkipped: z.boolean(),
  /** The values a rule looked at, at most 20; empty where the call has none. A group has no values. */
  actual: z.array(Scalar),
})
export type NodeExplanation = z.infer<typeof NodeExplanation>

/** Why a call is, or is not, among those of a filter. Nodes stand in the order of the tree, the root first. */
export const FilterExplanation = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unknown-call') }),
  z.object({
    kind: z.literal('explained'),
    call: CallSummary,
    holds: z.boolean(),
    nodes: z.array(NodeExplanation),
    /** Whether the search finds the call; null without a search. */
    isFound: z.boolean().nullable(),
  }),
])
export type FilterExplanation = z.infer<typeof FilterExplanation>
