import { GripVertical, TriangleAlert } from 'lucide-react'
import { memo, useRef } from 'react'
import { Badge } from '../ui/badge.tsx'
import { classNames } from '../ui/class-names.ts'
import { Combobox } from '../ui/combobox.tsx'
import { Select } from '../ui/select.tsx'
import { useDraggable, useDropTarget } from './drag-node.ts'
import { DropIndicator } from './drop-indicator.tsx'
import { type EditRule, ruleState } from './edit-tree.ts'
import { typedField } from './field-catalog.ts'
import { useFilterData } from './filter-data.ts'
import { opChoiceOf, opChoicesOf, withField, withOp } from './fit-rule.ts'
import { NodeMenu } from './node-menu.tsx'
import { NodeNotes } from './node-notes.tsx'
import { opText } from './op-text.ts'
import { RuleValueEditor } from './rule-value.tsx'
import { useTreeTools } from './tree-context.ts'
import { changeRule } from './tree-edits.ts'

type RuleRowProps = { rule: EditRule }

/** One question on one line: field, operator, value, what it costs, and its menu. */
export const RuleRow = memo(function RuleRow({ rule }: RuleRowProps) {
  const { tree, activeId, nameOf } = useTreeTools()
  const row = useRef<HTMLLIElement>(null)
  const handle = useRef<HTMLSpanElement>(null)
  const isDragging = useDraggable({ id: rule.id, element: row, handle, isRoot: false })
  const operation = useDropTarget({ id: rule.id, part: 'rule', element: row, tree })

  return (
    <li
      ref={row}
      aria-label={nameOf(rule)}
      tabIndex={rule.id === activeId ? 0 : -1}
      data-node={rule.id}
      className={classNames(
        'relative rounded-[7px] border bg-surface p-[5px] pl-[2px]',
        rule.isDisabled ? 'border-dashed border-line-strong' : 'border-line',
        isDragging && 'opacity-50',
      )}
    >
      <div className="flex flex-wrap items-start gap-x-[4px] gap-y-[5px]">
        <span
          ref={handle}
          aria-hidden="true"
          className="flex h-[26px] w-[18px] shrink-0 cursor-grab items-center justify-center text-ink-faint max-md:hidden"
        >
          <GripVertical size={14} />
        </span>
        <RuleControls rule={rule} />
        <div className="ml-auto flex min-h-[26px] max-w-full min-w-0 items-center gap-[8px] pl-[6px]">
          {rule.isDisabled && <Badge>off</Badge>}
          <RuleMark rule={rule} />
          <NodeNotes node={rule} />
          <NodeMenu node={rule} />
        </div>
      </div>
      <DropIndicator operation={operation} />
    </li>
  )
})

function RuleControls({ rule }: { rule: EditRule }) {
  const { catalog } = useFilterData()
  const { tree, change } = useTreeTools()
  const field = catalog.find(rule.field)
  const valueCell = useRef<HTMLDivElement>(null)
  // Once a field is chosen, its value is what is wanted next.
  const wantsValue = useRef(false)
  const valueControl = () => {
    if (!wantsValue.current) return null
    wantsValue.current = false
    const cell = valueCell.current
    return cell?.querySelector<HTMLElement>('input') ?? cell?.querySelector('button') ?? null
  }

  const replace = (next: EditRule, mergeKey?: string) =>
    change(changeRule(tree, rule.id, next), mergeKey === undefined ? {} : { mergeKey })

  return (
    <>
      <div
        className="w-[164px] max-w-full min-w-0 max-md:w-[calc(50%-2px)]"
        data-field-of={rule.id}
      >
        <Combobox
          label="Field"
          isLabelHidden
          size="small"
          groups={catalog.groups}
          value={rule.field === '' ? null : (field?.name ?? rule.field)}
          placeholder="Choose a field…"
          searchPlaceholder="Search fields, or type metadata.path"
          moreOptions={(query) => typedField(query, catalog.groups)}
          focusOnClose={valueControl}
          onChange={(name) => {
            const next = catalog.find(name)
            if (!next) return
            replace(withField(rule, next))
            wantsValue.current = rule.value === undefined
          }}
        />
      </div>
      {field && (
        <div className="w-[118px] min-w-0 max-md:w-[calc(50%-2px)]">
          <Select
            label="Operator"
            isLabelHidden
            className="h-[26px]!"
            options={opChoicesOf(field).map((value) => ({ value, label: opText(value, field) }))}
            value={opChoiceOf(rule)}
            onChange={(choice) => replace(withOp(rule, choice, field))}
          />
        </div>
      )}
      {field && rule.op !== 'isnull' && (
        <div ref={valueCell} className="min-w-[120px] flex-1 max-md:basis-full">
          <RuleValueEditor
            key={`${field.name} ${rule.op}`}
            rule={rule}
            field={field}
            onChange={(value) => replace({ ...rule, value }, `value ${rule.id}`)}
          />
        </div>
      )}
    </>
  )
}

function RuleMark({ rule }: { rule: EditRule }) {
  const state = ruleState(rule)
  if (state.kind === 'finished') return null
  if (state.kind === 'unfinished') {
    return (
      <span className="text-[12px] whitespace-nowrap text-warn">
        {rule.field === '' ? 'no field yet' : 'no value yet'}
      </span>
    )
  }
  return (
    <span
      className="flex min-w-0 items-center gap-[4px] text-[12px] text-warn"
      title={state.message}
    >
      <TriangleAlert size={13} aria-hidden="true" className="shrink-0" />
      <span className="truncate">{state.message}</span>
    </span>
  )
}
