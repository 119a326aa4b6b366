import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import type { FilterGroup, FilterRule } from '#contract/filter.ts'
import { spellFilter } from '#contract/filter-url.ts'
import { useAgents } from '../../api/agents.ts'
import { filterQueries, useFilterFields } from '../../api/filters.ts'
import { type EditRule, ruleState, toEditNode } from '../../filters/edit-tree.ts'
import { createFieldCatalog, NOTHING_KNOWN } from '../../filters/field-catalog.ts'
import { FilterDataProvider } from '../../filters/filter-data.ts'
import { opChoiceOf, opChoicesOf, withOp } from '../../filters/fit-rule.ts'
import { opText } from '../../filters/op-text.ts'
import { RuleValueEditor } from '../../filters/rule-value.tsx'
import { Select } from '../../ui/select.tsx'
import { areSameNodes } from '../../view-state/filter-nodes.ts'

/** A change takes effect once nothing has been typed for this long. */
const PAUSE_MS = 300

type ChipEditorProps = {
  rule: FilterRule
  /** What else is asked: suggested values are those of the calls that it leaves. */
  selection: { search: string; filter: FilterGroup }
  onChange: (rule: FilterRule) => void
}

/** Operator and value of one rule. What is unfinished or wrong is not applied, and says so. */
export function ChipEditor({ rule, selection, onChange }: ChipEditorProps) {
  const fields = useFilterFields().data
  const agents = useAgents().data
  const catalog = useMemo(
    () =>
      createFieldCatalog(
        fields ?? NOTHING_KNOWN,
        new Map(agents?.map(({ id, name }) => [id, name])),
      ),
    [fields, agents],
  )
  const [edited, setEdited] = useState(() => toEditRule(rule))
  const state = ruleState(edited)

  // What a field hands over while the editor closes is never drawn.
  const latest = useRef(edited)
  const edit = (next: EditRule) => {
    latest.current = next
    setEdited(next)
  }

  const apply = useEffectEvent(() => {
    const last = ruleState(latest.current)
    if (last.kind === 'finished' && !areSameNodes(last.rule, rule)) onChange(last.rule)
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: each edit begins the pause anew
  useEffect(() => {
    const timer = setTimeout(() => apply(), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [edited])
  useEffect(() => () => apply(), [])

  const { search, filter } = selection
  const data = useMemo(
    () => ({
      catalog,
      facetOf: ({ field, contains }: { field: string; contains: string }) =>
        filterQueries.facet({ field, contains, search, filter: spellFilter(filter) }),
    }),
    [catalog, search, filter],
  )
  const field = catalog.find(edited.field)
  if (!field) return <p className="w-[300px] text-fail">There is no field {edited.field}.</p>
  return (
    <FilterDataProvider value={data}>
      <div className="flex w-[300px] max-w-full flex-col gap-[8px]">
        <p className="text-[12px] text-ink-faint">{field.label}</p>
        <Select
          label="Operator"
          isLabelHidden
          options={opChoicesOf(field).map((value) => ({ value, label: opText(value, field) }))}
          value={opChoiceOf(edited)}
          onChange={(choice) => edit(withOp(edited, choice, field))}
        />
        <RuleValueEditor
          key={edited.op}
          rule={edited}
          field={field}
          onChange={(value) => edit({ ...edited, value })}
        />
        {state.kind === 'unfinished' && (
          <p className="text-[12px] text-ink-faint">Not applied: the value is missing.</p>
        )}
        {state.kind === 'wrong' && <p className="text-[12px] text-fail">{state.message}</p>}
      </div>
    </FilterDataProvider>
  )
}

function toEditRule(rule: FilterRule): EditRule {
  const node = toEditNode(rule)
  if (node.kind !== 'rule') throw new Error('A rule became something else.')
  return node
}
