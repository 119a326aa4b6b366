import type { GroupOperator } from '#contract/filter.ts'
import { type EditGroup, type EditNode, emptyGroup, emptyRule, findNode } from './edit-tree.ts'
import {
  addNode,
  duplicateNode,
  indent,
  moveDown,
  moveUp,
  neighbourOf,
  outdent,
  placeOf,
  removeNode,
  toggleDisabled,
  unwrapNode,
  wrapNode,
} from './tree-edits.ts'

/** What can be done to a node from its menu and by a key. */
export const NODE_ACTIONS = [
  'add-rule',
  'add-group',
  'duplicate',
  'toggle',
  'wrap-and',
  'wrap-or',
  'wrap-not',
  'wrap-same-row',
  'unwrap',
  'up',
  'down',
  'indent',
  'outdent',
  'remove',
] as const
export type NodeAction = (typeof NODE_ACTIONS)[number]

/** `focusId`: the node to look at next. `said`: what happened, or why nothing did. */
export type Outcome = { tree: EditGroup; focusId: string; said: string }

export function actOn(
  tree: EditGroup,
  { id, action, name }: { id: string; action: NodeAction; name: string },
): Outcome {
  const node = findNode(tree, id)
  if (!node) return { tree, focusId: tree.id, said: '' }
  const outcome = run(tree, { node, action, name })
  if (outcome.tree !== tree) return outcome
  return { tree, focusId: id, said: WHY_NOT[action] }
}

type Input = { node: EditNode; action: NodeAction; name: string }

function run(tree: EditGroup, { node, action, name }: Input): Outcome {
  const { id } = node
  switch (action) {
    case 'add-rule':
      return add(tree, { to: node, added: emptyRule(), said: 'Rule added. Choose a field.' })
    case 'add-group':
      return add(tree, { to: node, added: emptyGroup('or'), said: 'Group added.' })
    case 'duplicate': {
      const { tree: next, copyId } = duplicateNode(tree, id)
      return { tree: next, focusId: copyId, said: `Copied: ${name}` }
    }
    case 'toggle':
      return {
        tree: toggleDisabled(tree, id),
        focusId: id,
        said: `${node.isDisabled ? 'Switched on' : 'Switched off'}: ${name}`,
      }
    case 'wrap-and':
    case 'wrap-or':
    case 'wrap-not':
    case 'wrap-same-row':
      return wrap(tree, { node, action, name })
    case 'unwrap':
      return unwrap(tree, { node, name })
    case 'up':
      return { tree: moveUp(tree, id), focusId: id, said: `Moved up: ${name}` }
    case 'down':
      return { tree: moveDown(tree, id), focusId: id, said: `Moved down: ${name}` }
    case 'indent':
      return { tree: indent(tree, id), focusId: id, said: `Moved into the group: ${name}` }
    case 'outdent':
      return { tree: outdent(tree, id), focusId: id, said: `Moved out of the group: ${name}` }
    case 'remove':
      return {
        tree: removeNode(tree, id),
        focusId: neighbourOf(tree, id),
        said: `Removed: ${name}. Undo with Control Z.`,
      }
    default:
      return action satisfies never
  }
}

/** Into a group as its last, or right after a rule. */
function add(
  tree: EditGroup,
  { to, added, said }: { to: EditNode; added: EditNode; said: string },
): Outcome {
  const after = placeOf(tree, to.id)
  const place =
    to.kind === 'group' || !after
      ? { parentId: to.id, index: Number.POSITIVE_INFINITY }
      : { ...after, index: after.index + 1 }
  return { tree: addNode(tree, added, place), focusId: added.id, said }
}

const WRAPPING = {
  'wrap-and': { operator: 'and', text: 'all' },
  'wrap-or': { operator: 'or', text: 'any' },
  'wrap-not': { operator: 'not', text: 'none' },
  'wrap-same-row': { operator: 'same_row', text: 'same result' },
} as const satisfies Partial<Record<NodeAction, { operator: GroupOperator; text: string }>>

function wrap(
  tree: EditGroup,
  { node, action, name }: { node: EditNode; action: keyof typeof WRAPPING; name: string },
): Outcome {
  const { operator, text } = WRAPPING[action]
  const { tree: next, groupId } = wrapNode(tree, node.id, operator)
  return { tree: next, focusId: groupId, said: `In a group of its own, “${text}”: ${name}` }
}

function unwrap(tree: EditGroup, { node, name }: { node: EditNode; name: string }): Outcome {
  const next = unwrapNode(tree, node.id)
  const [first] = node.kind === 'group' ? node.children : []
  const focusId = node.id === tree.id ? next.id : (first?.id ?? neighbourOf(tree, node.id))
  return { tree: next, focusId, said: `Group dissolved: ${name}` }
}

const TOO_MUCH = 'A filter cannot be larger or deeper than this.'

const WHY_NOT: Record<NodeAction, string> = {
  'add-rule': TOO_MUCH,
  'add-group': TOO_MUCH,
  duplicate: 'This cannot be copied.',
  toggle: '',
  'wrap-and': TOO_MUCH,
  'wrap-or': TOO_MUCH,
  'wrap-not': TOO_MUCH,
  'wrap-same-row': TOO_MUCH,
  unwrap: 'Only a group inside another can be dissolved.',
  up: 'It is the first of its group.',
  down: 'It is the last of its group.',
  indent: 'No group stands right above or below.',
  outdent: 'It is in no inner group.',
  remove: 'There is nothing to remove.',
}

/** As `Kbd` takes them. */
export const ACTION_KEYS: Partial<Record<NodeAction, string>> = {
  'add-rule': 'a',
  'add-group': 'shift+a',
  duplicate: 'mod+D',
  toggle: 'mod+E',
  'wrap-and': 'mod+G',
  unwrap: 'mod+shift+G',
  up: 'alt+up',
  down: 'alt+down',
  indent: 'alt+right',
  outdent: 'alt+left',
  remove: 'Del',
}

type Key = { key: string; isMod: boolean; isShift: boolean; isAlt: boolean }

/** The action of a key, and whether it needs the node itself to have the focus, not a control in it. */
export function actionOfKey({ key, isMod, isShift, isAlt }: Key): NodeAction | null {
  const name = key.length === 1 ? key.toLowerCase() : key
  const held = [isMod && 'mod', isAlt && 'alt', isShift && 'shift', name].filter(Boolean).join('+')
  return ACTION_OF_KEY[held] ?? null
}

/** Single keys mean themselves in a control: they work where the node itself has the focus. */
export function isSingleKey({ isMod, isAlt }: Key): boolean {
  return !isMod && !isAlt
}

const ACTION_OF_KEY: Record<string, NodeAction> = {
  a: 'add-rule',
  'shift+a': 'add-group',
  'mod+d': 'duplicate',
  'mod+e': 'toggle',
  'mod+g': 'wrap-and',
  'mod+shift+g': 'unwrap',
  'alt+ArrowUp': 'up',
  'alt+ArrowDown': 'down',
  'alt+ArrowRight': 'indent',
  'alt+ArrowLeft': 'outdent',
  Delete: 'remove',
  Backspace: 'remove',
}
