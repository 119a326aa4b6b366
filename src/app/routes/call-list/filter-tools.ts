import type { QueryClient } from '@tanstack/react-query'
import type { FilterMetric } from '#contract/facet.ts'
import { EVERY_CALL, type FilterGroup, type FilterScalar } from '#contract/filter.ts'
import { issueText } from '#contract/filter-parse.ts'
import { readFilter, spellFilter } from '#contract/filter-url.ts'
import { filterQueries } from '../../api/filters.ts'
import { chosenValues, withChosenValues } from '../../view-state/filter-nodes.ts'
import { isChosen, toggleChip } from './quick-chip-nodes.ts'
import { QUICK_CHIPS, type QuickChipId } from './quick-chips.ts'
import type { QuickChoices, QuickField } from './quick-choices.ts'

/** A filter as the list shows it. `messages` are for a person to read. */
export type ReadListFilter =
  | { kind: 'read'; filter: FilterGroup; choices: QuickChoices }
  | { kind: 'broken'; messages: string[] }

export function readListFilter(text: string): ReadListFilter {
  const parsed = readFilter(text)
  if (!parsed.ok) return { kind: 'broken', messages: parsed.issues.map(issueText) }
  const { filter } = parsed
  return {
    kind: 'read',
    filter,
    choices: {
      chips: QUICK_CHIPS.map(({ id }) => id).filter((id) => isChosen(filter, id)),
      outcome: chosenValues(filter, 'outcome'),
      'agent.id': chosenValues(filter, 'agent.id'),
    },
  }
}

/** The text of a filter after a change; a text that cannot be read gives way to the change alone. */
export function editText(text: string, edit: (filter: FilterGroup) => FilterGroup): string {
  const parsed = readFilter(text)
  return spellFilter(edit(parsed.ok ? parsed.filter : EVERY_CALL))
}

export function chooseValues(
  text: string,
  { field, values }: { field: QuickField; values: readonly FilterScalar[] },
): string {
  return editText(text, (filter) => withChosenValues(filter, { field, values }))
}

export async function toggleQuickChip(
  text: string,
  { id, client }: { id: QuickChipId; client: QueryClient },
): Promise<string> {
  const metrics = id === 'negative-feedback' ? await knownMetrics(client) : []
  return editText(text, (filter) => toggleChip(filter, { id, metrics }))
}

function knownMetrics(client: QueryClient): Promise<readonly FilterMetric[]> {
  return (
    client
      .ensureQueryData(filterQueries.fields())
      .then(({ metrics }) => metrics)
      // The other questions of the chip can be asked without them.
      .catch(() => [])
  )
}
