import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anyFilter } from '#testing/filter-arbitrary.ts'
import type { FilterGroup, FilterRule } from './filter.ts'
import { askingNodes, nodeAt, walkNodes, withoutNode } from './filter-tree.ts'

const slow: FilterRule = { field: 'duration', op: 'gt', value: 60 }
const failed: FilterRule = { field: 'success', op: 'eq', value: false }
const inner: FilterGroup = { operator: 'or', conditions: [slow, failed] }
const tree: FilterGroup = { operator: 'and', conditions: [slow, inner] }

describe('nodeAt', () => {
  it('finds the node at a path, and nothing where the tree ends', () => {
    expect(nodeAt(tree, [])).toBe(tree)
    expect(nodeAt(tree, [1, 1])).toBe(failed)
    expect(nodeAt(tree, [0, 0])).toBeNull()
    expect(nodeAt(tree, [2])).toBeNull()
  })
})

describe('walkNodes', () => {
  it('gives each node with the path that leads to it, parents first', () => {
    expect([...walkNodes(tree)].map(({ path }) => path)).toEqual([[], [0], [1], [1, 0], [1, 1]])
    fc.assert(
      fc.property(anyFilter(), (filter) => {
        for (const { node, path } of walkNodes(filter)) expect(nodeAt(filter, path)).toBe(node)
      }),
    )
  })
})

describe('askingNodes', () => {
  it('takes away disabled nodes and the groups that they leave empty', () => {
    const disabled = { ...slow, disabled: true as const }
    const mixed: FilterGroup = {
      operator: 'and',
      conditions: [disabled, failed, { operator: 'not', conditions: [disabled] }],
    }
    expect(askingNodes(mixed)).toEqual({ operator: 'and', conditions: [failed] })
  })

  it('gives nothing for a filter that asks nothing', () => {
    expect(askingNodes({ operator: 'not', conditions: [] })).toBeNull()
    expect(askingNodes({ ...tree, disabled: true })).toBeNull()
  })
})

describe('withoutNode', () => {
  it('takes one place away and keeps the rest as it is', () => {
    expect(withoutNode(tree, [1, 0])).toEqual({
      operator: 'and',
      conditions: [slow, { operator: 'or', conditions: [failed] }],
    })
    expect(tree.conditions[1]).toBe(inner)
  })

  it('leaves the tree alone where it has no such place', () => {
    expect(withoutNode(tree, [7])).toEqual(tree)
    expect(withoutNode(tree, [0, 3])).toEqual(tree)
  })

  it('keeps a group at the root', () => {
    expect(withoutNode(tree, [])).toEqual({ operator: 'and', conditions: [] })
  })
})
