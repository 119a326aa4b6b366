import { describe, expect, it } from 'vitest'
import type { FilterGroup, FilterRule } from '#contract/filter.ts'
import type { NodeExplanation } from '#contract/filter-explanation.ts'
import { failingNodes, shortNode } from './failing-nodes.ts'

const long: FilterRule = { field: 'duration', op: 'gte', value: 60 }
const reviewed: FilterRule = { field: 'is_reviewed', op: 'eq', value: true }
const either: FilterGroup = { operator: 'or', conditions: [long, reviewed] }

function says(path: number[], holds: boolean): NodeExplanation {
  return { path, holds, isSkipped: false, actual: [] }
}

describe('failingNodes', () => {
  it('names what does not hold where all must', () => {
    const filter: FilterGroup = { operator: 'and', conditions: [long, reviewed] }
    const nodes = [says([], false), says([0], true), says([1], false)]
    expect(failingNodes(filter, nodes)).toEqual([reviewed])
  })

  it('names what holds where none may', () => {
    const filter: FilterGroup = { operator: 'not', conditions: [long, reviewed] }
    const nodes = [says([], false), says([0], true), says([1], false)]
    expect(failingNodes(filter, nodes)).toEqual([long])
  })

  it('names a choice as a whole, since any of it would do', () => {
    expect(failingNodes(either, [says([], false), says([0], false), says([1], false)])).toEqual([
      either,
    ])
  })

  it('passes over what is switched off', () => {
    const filter: FilterGroup = {
      operator: 'and',
      conditions: [long, { ...reviewed, disabled: true }],
    }
    const skipped = { ...says([1], false), isSkipped: true }
    expect(failingNodes(filter, [says([], false), says([0], false), skipped])).toEqual([long])
  })

  it('is empty for a call that is let through', () => {
    expect(failingNodes(either, [says([], true), says([0], true), says([1], false)])).toEqual([])
  })
})

describe('shortNode', () => {
  it('puts a group in brackets', () => {
    expect(shortNode(either, {})).toBe('any of (Duration is at least 1m, Reviewed: yes)')
  })
})
