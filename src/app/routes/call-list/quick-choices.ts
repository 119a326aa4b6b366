import type { FilterScalar } from '#contract/filter.ts'
import type { QuickChipId } from './quick-chips.ts'

/** The fields with a menu of their own. */
export type QuickField = 'outcome' | 'agent.id'

/** What of a filter the quick controls show. */
export type QuickChoices = { chips: readonly QuickChipId[] } & Record<
  QuickField,
  readonly FilterScalar[]
>

export const NOTHING_CHOSEN: QuickChoices = { chips: [], outcome: [], 'agent.id': [] }
