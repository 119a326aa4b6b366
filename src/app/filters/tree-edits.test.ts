import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { GROUP_OPERATORS, type GroupOperator } from '#contract/filter.ts'
import { parseFilter } from '#contract/filter-parse.ts'
import {
  type EditGroup,
  type EditNode,
  emptyGroup,
  emptyRule,
  toFilter,
  walkTree,
} from './edit-tree.ts'
import { record, redo, startHistory, undo } from './history.ts'
import { actOn, NODE_ACTIONS } from './tree-actions.ts'
import {
  addNode,
  changeOperator,
  duplicateNode,
  indent,
  moveDown,
  moveInto,
  moveNode,
  moveUp,
  outdent,
  removeNode,
  unwrapNode,
  wrapNode,
} from './tree-edits.ts'

function rule(id: string): EditNode {
  return { ...emptyRule(), id, field: 'topic', op: 'eq', value: id }
}

function group(id: string, ...children: EditNode[]): EditGroup {
  return { ...emptyGroup(), id, children }
}

/** `root(a b g(c d))`: the shape with its ids, for expectations that can be read. */
function shape(node: EditNode): string {
  if (node.kind === 'rule') return node.id
  return `${node.id}(${node.children.map(shape).join(' ')})`
}

const tree = group('root', rule('a'), rule('b'), group('g', rule('c'), rule('d')), rule('e'))

describe('moving', () => {
  it('goes one place up or down among the nodes of its group, and no further', () => {
    expect(shape(moveUp(tree, 'b'))).toBe('root(b a g(c d) e)')
    expect(shape(moveDown(tree, 'b'))).toBe('root(a g(c d) b e)')
    expect(moveUp(tree, 'a')).toBe(tree)
    expect(moveDown(tree, 'e')).toBe(tree)
    expect(moveDown(tree, 'd')).toBe(tree)
  })

  it('goes into the group above as its last, else into the one below as its first', () => {
    expect(shape(indent(tree, 'e'))).toBe('root(a b g(c d e))')
    expect(shape(indent(tree, 'b'))).toBe('root(a g(b c d) e)')
    expect(indent(tree, 'a')).toBe(tree)
  })

  it('goes out to the place after its group', () => {
    expect(shape(outdent(tree, 'c'))).toBe('root(a b g(d) c e)')
    expect(outdent(tree, 'a')).toBe(tree)
  })

  it('counts places as they are before the move', () => {
    expect(shape(moveNode(tree, 'a', { parentId: 'root', index: 2 }))).toBe('root(b a g(c d) e)')
    expect(shape(moveNode(tree, 'e', { parentId: 'g', index: 1 }))).toBe('root(a b g(c e d))')
    expect(moveNode(tree, 'a', { parentId: 'root', index: 1 })).toBe(tree)
  })

  it('puts no group into itself or into what it holds', () => {
    const deep = group('root', group('outer', group('inner', rule('a'))))
    expect(moveInto(deep, 'outer', 'inner')).toBe(deep)
    expect(moveInto(deep, 'outer', 'outer')).toBe(deep)
    expect(moveInto(deep, 'root', 'inner')).toBe(deep)
  })
})

describe('wrapping', () => {
  it('puts a group around a node and takes it away again', () => {
    const { tree: wrapped, groupId } = wrapNode(tree, 'b', 'or')
    expect(shape(wrapped)).toBe(`root(a ${groupId}(b) g(c d) e)`)
    expect(shape(unwrapNode(wrapped, groupId))).toBe(shape(tree))
  })

  it('makes a new root around the old one', () => {
    const { tree: wrapped, groupId } = wrapNode(tree, 'root', 'not')
    expect(shape(wrapped)).toBe(`${groupId}(${shape(tree)})`)
    expect(unwrapNode(wrapped, groupId)).toBe(tree)
  })

  it('leaves a root that holds more than one group', () => {
    expect(unwrapNode(tree, 'root')).toBe(tree)
  })
})

describe('copying and removing', () => {
  it('puts a copy with new ids right after its original', () => {
    const { tree: next, copyId } = duplicateNode(tree, 'g')
    expect(next.children.map((child) => child.id)).toEqual(['a', 'b', 'g', copyId, 'e'])
    const ids = [...walkTree(next)].map((node) => node.id)
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('empties the root rather than remove it', () => {
    expect(shape(removeNode(tree, 'root'))).toBe('root()')
  })
})

describe('limits', () => {
  it('refuses what would make a filter deeper than allowed', () => {
    // FILTER_LIMITS.depth is 16: the root and 15 groups in it.
    let deep = group('root', rule('a'))
    let target = 'a'
    for (let level = 1; level < 16; level += 1) deep = wrapNode(deep, target, 'and').tree
    target = 'a'
    expect(wrapNode(deep, target, 'and').tree).toBe(deep)
    expect(parseFilter(toFilter(deep).filter)).toMatchObject({ ok: true })
  })

  it('refuses what would make a filter larger than allowed', () => {
    // FILTER_LIMITS.nodes is 200: the root and 199 rules.
    const full = group('root', ...Array.from({ length: 199 }, (_, index) => rule(`r${index}`)))
    expect(addNode(full, rule('more'), { parentId: 'root', index: 0 })).toBe(full)
    expect(duplicateNode(full, 'r3').tree).toBe(full)
    expect(removeNode(full, 'r3').children).toHaveLength(198)
  })
})

const anyTree = fc
  .letrec<{ node: EditNode; group: EditGroup }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom('x', 'y').map((value) => ({ ...rule(value), id: '' })),
      tie('group'),
    ),
    group: fc
      .record({
        operator: fc.constantFrom<GroupOperator>(...GROUP_OPERATORS),
        children: fc.array(tie('node'), { maxLength: 4 }),
        isDisabled: fc.boolean(),
      })
      .map((parts) => ({ kind: 'group' as const, id: '', ...parts })),
  }))
  .group.map(withIds)

function withIds(root: EditGroup): EditGroup {
  let last = 0
  const name = <T extends EditNode>(node: T): T => {
    last += 1
    const id = `n${last}`
    return node.kind === 'rule'
      ? { ...node, id }
      : { ...node, id, children: node.children.map(name) }
  }
  return name(root)
}

/** A step at a node: one of its actions, or a move to a place in any group. */
const anySteps = fc.array(
  fc.record({
    at: fc.nat(),
    to: fc.nat(),
    index: fc.nat(5),
    what: fc.constantFrom(...NODE_ACTIONS, 'move' as const, 'operator' as const),
  }),
  { maxLength: 12 },
)

type Step = { at: number; to: number; index: number; what: string }

function take(root: EditGroup, { at, to, index, what }: Step): EditGroup {
  const nodes = [...walkTree(root)]
  const node = nodes[at % nodes.length]
  const target = nodes[to % nodes.length]
  if (!node || !target) return root
  if (what === 'move') return moveNode(root, node.id, { parentId: target.id, index })
  if (what === 'operator') return changeOperator(root, node.id, 'not')
  const action = NODE_ACTIONS.find((one) => one === what)
  return action ? actOn(root, { id: node.id, action, name: '' }).tree : root
}

describe('any series of edits', () => {
  it('keeps the tree valid, with every id once', () => {
    fc.assert(
      fc.property(anyTree, anySteps, (start, steps) => {
        let current = start
        for (const step of steps) {
          current = take(current, step)
          const ids = [...walkTree(current)].map((node) => node.id)
          expect(new Set(ids).size).toBe(ids.length)
          expect(parseFilter(toFilter(current).filter).ok).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('is taken back by as many undos, and brought again by as many redos', () => {
    fc.assert(
      fc.property(anyTree, anySteps, (start, steps) => {
        let history = startHistory(start)
        for (const step of steps) {
          history = record(history, take(history.present, step), { nowMs: 0 })
        }
        const end = history.present
        for (let left = history.past.length; left > 0; left -= 1) history = undo(history)
        expect(history.present).toBe(start)
        while (history.future.length > 0) history = redo(history)
        expect(history.present).toBe(end)
      }),
      { numRuns: 150 },
    )
  })
})
