import { opLabel } from '#contract/filter-words.ts'
import type { CatalogField } from './field-catalog.ts'
import type { OpChoice } from './fit-rule.ts'

/** How an operator is written in the list of operators. */
export function opText(choice: OpChoice, field: CatalogField): string {
  if (choice === 'isempty') return 'is empty'
  if (choice === 'isfilled') return 'is not empty'
  return opLabel(choice, field)
}
