import { expect, it } from 'vitest'
import { groupByCategory } from './metric-groups.ts'

it('keeps the order inside a category and puts those without one last', () => {
  const items = [
    { id: 1, category: null },
    { id: 2, category: 'Accuracy' },
    { id: 3, category: 'Speech Quality' },
    { id: 4, category: 'Accuracy' },
  ] as const
  expect(
    groupByCategory(items).map(({ label, items: all }) => [label, all.map(({ id }) => id)]),
  ).toEqual([
    ['Accuracy', [2, 4]],
    ['Speech Quality', [3]],
    ['Without a category', [1]],
  ])
})
