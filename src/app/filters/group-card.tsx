import { GripVertical, ListPlus, Plus } from 'lucide-react'
import { memo, useRef } from 'react'
import type { GroupOperator } from '#contract/filter.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { useDraggable, useDropTarget } from './drag-node.ts'
import { DropIndicator } from './drop-indicator.tsx'
import type { EditGroup } from './edit-tree.ts'
import { NodeMenu } from './node-menu.tsx'
import { NodeNotes } from './node-notes.tsx'
import { OPERATOR_TEXT, OperatorSwitch } from './operator-switch.tsx'
import { RuleRow } from './rule-row.tsx'
import { useTreeTools } from './tree-context.ts'
import { changeOperator } from './tree-edits.ts'

type GroupCardProps = { group: EditGroup }

/** The rule at the left edge tells the groups apart; the words beside it say the same. */
const EDGE: Record<GroupOperator, string> = {
  and: 'border-l-accent',
  or: 'border-l-caller',
  not: 'border-l-fail',
  same_row: 'border-l-pass',
}

/** A group with its nodes inside, as deep as they go. */
export const GroupCard = memo(function GroupCard({ group }: GroupCardProps) {
  const { tree, activeId, act, change, nameOf } = useTreeTools()
  const isRoot = group.id === tree.id
  const card = useRef<HTMLLIElement>(null)
  const head = useRef<HTMLDivElement>(null)
  const foot = useRef<HTMLDivElement>(null)
  const handle = useRef<HTMLSpanElement>(null)
  const isDragging = useDraggable({ id: group.id, element: card, handle, isRoot })
  const onCard = useDropTarget({ id: group.id, part: 'card', element: card, tree })
  const onHead = useDropTarget({ id: group.id, part: 'head', element: head, tree })
  const onFoot = useDropTarget({ id: group.id, part: 'foot', element: foot, tree })

  return (
    <li
      ref={card}
      aria-label={nameOf(group)}
      tabIndex={group.id === activeId ? 0 : -1}
      data-node={group.id}
      className={classNames(
        'relative rounded-[7px] border border-l-[3px] bg-canvas',
        EDGE[group.operator],
        group.isDisabled && 'border-dashed',
        isDragging && 'opacity-50',
      )}
    >
      <div
        ref={head}
        className="flex flex-wrap items-center gap-x-[6px] gap-y-[4px] py-[5px] pr-[5px] pl-[3px]"
      >
        {isRoot ? (
          <span className="w-[4px]" />
        ) : (
          <span
            ref={handle}
            aria-hidden="true"
            className="flex h-[26px] w-[16px] shrink-0 cursor-grab items-center justify-center text-ink-faint max-md:hidden"
          >
            <GripVertical size={14} />
          </span>
        )}
        <OperatorSwitch
          value={group.operator}
          onChange={(operator) => change(changeOperator(tree, group.id, operator))}
        />
        <span className="text-[12px] text-ink-faint max-sm:hidden">
          {OPERATOR_TEXT[group.operator].help}
        </span>
        <div className="ml-auto flex min-h-[26px] min-w-0 items-center gap-[8px]">
          {group.isDisabled && <Badge>off</Badge>}
          <NodeNotes node={group} />
          <NodeMenu node={group} />
        </div>
      </div>
      {group.children.length > 0 && (
        <ul className="flex flex-col gap-[6px] pr-[6px] pl-[10px] max-md:pl-[6px]">
          {group.children.map((child) =>
            child.kind === 'group' ? (
              <GroupCard key={child.id} group={child} />
            ) : (
              <RuleRow key={child.id} rule={child} />
            ),
          )}
        </ul>
      )}
      <div ref={foot} className="flex flex-wrap items-center gap-[2px] px-[6px] py-[5px]">
        <Button
          variant="quiet"
          size="small"
          icon={<Plus size={14} />}
          onClick={() => act(group.id, 'add-rule')}
        >
          Rule
        </Button>
        <Button
          variant="quiet"
          size="small"
          icon={<ListPlus size={14} />}
          onClick={() => act(group.id, 'add-group')}
        >
          Group
        </Button>
        {group.children.length === 0 && (
          <span className="px-[4px] text-[12px] text-ink-faint">
            {isRoot
              ? 'Every call matches. Add a rule to narrow it down.'
              : 'Empty: it asks nothing.'}
          </span>
        )}
      </div>
      <DropIndicator operation={onHead ?? onFoot ?? onCard} />
    </li>
  )
})
