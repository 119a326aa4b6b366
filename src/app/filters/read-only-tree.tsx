import { type FilterGroup, type FilterNode, isGroup } from '#contract/filter.ts'
import { describeRule, type FilterNames } from '#contract/filter-words.ts'
import { OPERATOR_TEXT } from './operator-switch.tsx'

type ReadOnlyTreeProps = { filter: FilterGroup; names: FilterNames }

/** A filter's structure, to look at. */
export function ReadOnlyTree({ filter, names }: ReadOnlyTreeProps) {
  return (
    <ul className="text-[13px] leading-[20px]">
      <Item node={filter} names={names} />
    </ul>
  )
}

function Item({ node, names }: { node: FilterNode; names: FilterNames }) {
  if (!isGroup(node)) return <li className="break-words">{describeRule(node, names)}</li>
  const { label, help } = OPERATOR_TEXT[node.operator]
  return (
    <li>
      <span className="text-ink-soft">
        {label} {help}
      </span>
      <ul className="border-l-2 border-line-strong pl-[10px]">
        {node.conditions.map((child, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: shown once, never changed
          <Item key={index} node={child} names={names} />
        ))}
      </ul>
    </li>
  )
}
