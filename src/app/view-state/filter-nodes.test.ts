import { describe, expect, it } from 'vitest'
import type { FilterGroup } from '#contract/filter.ts'
import { readFilter, spellFilter } from '#contract/filter-url.ts'
import {
  chosenValues,
  excluding,
  including,
  topNodes,
  withChosenValues,
  withRule,
  withTopNode,
} from './filter-nodes.ts'

function filterOf(text: string): FilterGroup {
  const parsed = readFilter(text)
  if (!parsed.ok) throw new Error(parsed.issues.map(({ message }) => message).join())
  return parsed.filter
}

describe('topNodes', () => {
  it('are the parts of an "and", and any other filter as a whole', () => {
    expect(topNodes(filterOf('topic.eq.a,duration.gt.3'))).toHaveLength(2)
    expect(topNodes(filterOf('or(topic.eq.a,topic.eq.b)'))).toEqual([
      filterOf('or(topic.eq.a,topic.eq.b)'),
    ])
    expect(topNodes(filterOf('~and(topic.eq.a,topic.eq.b)'))).toHaveLength(1)
  })
})

describe('withTopNode', () => {
  it('takes a filter that is one "or" away as a whole', () => {
    const filter = filterOf('or(topic.eq.a,topic.eq.b)')
    expect(withTopNode(filter, { index: 0, node: null }).conditions).toEqual([])
  })
})

describe('including', () => {
  const include = (text: string, field: string, value: string) =>
    spellFilter(including(filterOf(text), { field, value }))

  it('holds a field to one more value where it is held to others', () => {
    expect(include('', 'topic', 'a')).toBe('topic.eq.a')
    expect(include('topic.eq.a,duration.gt.3', 'topic', 'b')).toBe('topic.in.(a,b),duration.gt.3')
    expect(include('topic.in.(a,b)', 'topic', 'b')).toBe('topic.in.(a,b)')
  })

  it('asks for both tags, since a call can have both', () => {
    expect(include('tag.eq.a', 'tag', 'b')).toBe('tag.eq.a,tag.eq.b')
    expect(include('tag.eq.a', 'tag', 'a')).toBe('tag.eq.a')
  })

  it('takes back that the value was excluded', () => {
    expect(include('topic.neq.a', 'topic', 'a')).toBe('topic.eq.a')
  })

  it('leaves a rule alone that is switched off', () => {
    expect(include('~topic.eq.a', 'topic', 'b')).toBe('~topic.eq.a,topic.eq.b')
  })
})

describe('excluding', () => {
  const exclude = (text: string, field: string, value: string) =>
    spellFilter(excluding(filterOf(text), { field, value }))

  it('takes the value out of a list, and rules it out otherwise', () => {
    expect(exclude('topic.in.(a,b,c)', 'topic', 'b')).toBe('topic.in.(a,c)')
    expect(exclude('duration.gt.3', 'topic', 'b')).toBe('duration.gt.3,topic.neq.b')
    expect(exclude('topic.eq.b', 'topic', 'b')).toBe('topic.neq.b')
  })

  it('rules a tag out although others are asked for', () => {
    expect(exclude('tag.in.(a,b)', 'tag', 'b')).toBe('tag.in.(a,b),tag.neq.b')
  })
})

describe('withRule', () => {
  it('puts a new bound in the place of the old one', () => {
    const rule = { field: 'duration', op: 'gte', value: 90 } as const
    expect(spellFilter(withRule(filterOf('duration.gte.60,topic.eq.a'), rule))).toBe(
      'duration.gte.90,topic.eq.a',
    )
  })
})

describe('chosenValues', () => {
  it('come back as they were chosen', () => {
    const filter = filterOf('topic.eq.a')
    for (const values of [[], ['success'], ['failure', 'evaluating']]) {
      const changed = withChosenValues(filter, { field: 'outcome', values })
      expect(chosenValues(changed, 'outcome')).toEqual(values)
      expect(chosenValues(changed, 'topic')).toEqual(['a'])
    }
  })
})
