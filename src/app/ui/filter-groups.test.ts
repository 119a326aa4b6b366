import { describe, expect, it } from 'vitest'
import { createGroupFilter } from './filter-groups.ts'

const groups = [
  {
    label: 'Fruit',
    options: [
      { value: 'pineapple', label: 'Pineapple', hint: 'kg' },
      { value: 'red', label: 'Red apple', detail: 'sweet' },
      { value: 'acai', label: 'Açaí' },
    ],
  },
  {
    label: 'Trees',
    options: [
      { value: 'apple', label: 'Apple tree' },
      { value: 'oak', label: 'oak_tree.old' },
    ],
  },
]

const search = (query: string) =>
  createGroupFilter(groups)(query).flatMap(({ options }) => options.map(({ value }) => value))

describe('createGroupFilter', () => {
  it('gives everything, as it stands, for an empty query', () => {
    expect(createGroupFilter(groups)('  ')).toBe(groups)
  })

  it('puts labels that start with the query first, then words, then the middle of words', () => {
    expect(search('apple')).toEqual(['apple', 'red', 'pineapple'])
  })

  it('asks for every word, in any order and any part', () => {
    expect(search('sweet app')).toEqual(['red'])
    expect(search('fruit kg')).toEqual(['pineapple'])
    expect(search('apple missing')).toEqual([])
  })

  it('forgives case, accents and separators', () => {
    expect(search('ACAI')).toEqual(['acai'])
    expect(search('tree old')).toEqual(['oak'])
    expect(search('oak_tree')).toEqual(['oak'])
  })

  it('drops groups that have nothing left', () => {
    expect(createGroupFilter(groups)('oak').map(({ label }) => label)).toEqual(['Trees'])
  })
})
