import type { EditRule, RuleValue } from './edit-tree.ts'
import type { CatalogField } from './field-catalog.ts'

/** What every editor of a value takes. */
export type ValueProps = {
  rule: EditRule
  field: CatalogField
  /** Undefined: emptied. */
  onChange: (value: RuleValue | undefined) => void
}
