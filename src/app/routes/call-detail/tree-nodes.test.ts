import { describe, expect, it } from 'vitest'
import { countLeaves, filterTree, toTree } from './tree-nodes.ts'

const tree = toTree({
  customer: { name: 'Ada', orders: [{ id: 7 }, { id: 8 }] },
  vip: true,
  note: null,
})

describe('toTree', () => {
  it('spells paths as filters do, with the elements of a list under the path of the list', () => {
    const orders = tree[0]?.children[1]
    expect(orders).toMatchObject({ path: 'customer.orders', kind: 'list', value: null })
    expect(orders?.children.map((element) => [element.name, element.children[0]?.path])).toEqual([
      ['1', 'customer.orders.id'],
      ['2', 'customer.orders.id'],
    ])
  })

  it('keeps the order of keys and tells a null from the text "null"', () => {
    expect(tree.map(({ name, kind }) => [name, kind])).toEqual([
      ['customer', 'object'],
      ['vip', 'boolean'],
      ['note', 'null'],
    ])
  })
})

describe('filterTree', () => {
  it('keeps a match by its value with the branches that lead to it', () => {
    const [customer, ...others] = filterTree(tree, '8')
    expect(others).toEqual([])
    expect(customer?.children).toMatchObject([{ name: 'orders', children: [{ name: '2' }] }])
  })

  it('keeps everything below a match by its path', () => {
    expect(filterTree(tree, 'CUSTOMER.orders')[0]?.children[0]?.children).toHaveLength(2)
  })

  it('keeps all without a search and nothing without a match', () => {
    expect(filterTree(tree, ' ')).toHaveLength(3)
    expect(filterTree(tree, 'absent')).toEqual([])
  })
})

describe('countLeaves', () => {
  it('counts values, not branches', () => {
    // name, id 7, id 8, vip, note
    expect(countLeaves(tree)).toBe(5)
  })
})
