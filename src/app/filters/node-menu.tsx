import {
  ArrowDown,
  ArrowUp,
  Copy,
  Ellipsis,
  EyeOff,
  Group,
  ListPlus,
  ListTree,
  MoveLeft,
  MoveRight,
  Plus,
  Trash2,
  Ungroup,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../ui/button.tsx'
import { Menu, MenuItem, MenuRadioGroup } from '../ui/menu.tsx'
import { type EditGroup, type EditNode, holds, walkTree } from './edit-tree.ts'
import { ACTION_KEYS, type NodeAction } from './tree-actions.ts'
import { useTreeTools } from './tree-context.ts'
import { placeOf } from './tree-edits.ts'

type Entry = { action: NodeAction; text: string; icon: ReactNode }

const WRAPPING: readonly Entry[] = [
  { action: 'wrap-and', text: 'Wrap in “all”', icon: <Group size={14} /> },
  { action: 'wrap-or', text: 'Wrap in “any”', icon: <Group size={14} /> },
  { action: 'wrap-not', text: 'Wrap in “none”', icon: <Group size={14} /> },
  { action: 'wrap-same-row', text: 'Wrap in “same result”', icon: <Group size={14} /> },
]

const MOVING: readonly Entry[] = [
  { action: 'up', text: 'Move up', icon: <ArrowUp size={14} /> },
  { action: 'down', text: 'Move down', icon: <ArrowDown size={14} /> },
  { action: 'indent', text: 'Into the group beside it', icon: <MoveRight size={14} /> },
  { action: 'outdent', text: 'Out of its group', icon: <MoveLeft size={14} /> },
]

/** Everything that can be done to a node, with its key. */
export function NodeMenu({ node }: { node: EditNode }) {
  const { tree, act, nameOf } = useTreeTools()
  const isRoot = node.id === tree.id
  return (
    <Menu
      align="end"
      trigger={
        <IconButton label={`Actions: ${nameOf(node)}`} size="small" className="shrink-0">
          <Ellipsis size={15} />
        </IconButton>
      }
    >
      {entriesFor(node, isRoot).map(({ action, text, icon }) => (
        <MenuItem
          key={action}
          icon={icon}
          {...(ACTION_KEYS[action] && { shortcut: ACTION_KEYS[action] })}
          {...(action === 'remove' && { tone: 'danger' })}
          onSelect={() => act(node.id, action)}
        >
          {text}
        </MenuItem>
      ))}
      {!isRoot && <MoveInto node={node} />}
    </Menu>
  )
}

function entriesFor(node: EditNode, isRoot: boolean): Entry[] {
  const isGroup = node.kind === 'group'
  const where = isGroup ? '' : ' below'
  const toggle = node.isDisabled ? 'Switch on' : 'Switch off'
  return [
    { action: 'add-rule', text: `Add a rule${where}`, icon: <Plus size={14} /> },
    { action: 'add-group', text: `Add a group${where}`, icon: <ListPlus size={14} /> },
    ...(isRoot
      ? []
      : [{ action: 'duplicate', text: 'Duplicate', icon: <Copy size={14} /> } as const]),
    { action: 'toggle', text: toggle, icon: <EyeOff size={14} /> },
    ...WRAPPING,
    ...(isGroup
      ? [{ action: 'unwrap', text: 'Dissolve the group', icon: <Ungroup size={14} /> } as const]
      : []),
    ...(isRoot ? [] : MOVING),
    { action: 'remove', text: isRoot ? 'Remove everything' : 'Remove', icon: <Trash2 size={14} /> },
  ]
}

/** Beyond these a list of groups helps nobody. */
const MOST_GROUPS = 12

/** For groups that are out of reach of a drag or a key. */
function MoveInto({ node }: { node: EditNode }) {
  const { tree, move, nameOf } = useTreeTools()
  const parentId = placeOf(tree, node.id)?.parentId ?? tree.id
  const groups = [...walkTree(tree)].filter(
    (other): other is EditGroup => other.kind === 'group' && !holds(node, other.id),
  )
  if (groups.length < 2 || groups.length > MOST_GROUPS) return null
  return (
    <MenuRadioGroup
      label="Move into"
      value={parentId}
      options={groups.map((group) => ({
        value: group.id,
        label: group.id === tree.id ? 'The outermost group' : nameOf(group),
        icon: <ListTree size={14} />,
      }))}
      onChange={(id) => {
        if (id !== parentId) move(node.id, { parentId: id, index: Number.POSITIVE_INFINITY })
      }}
    />
  )
}
