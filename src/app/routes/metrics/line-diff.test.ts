import { describe, expect, it } from 'vitest'
import { diffLines } from './line-diff.ts'

const spell = (before: string, after: string) =>
  diffLines(before, after).map(
    ({ kind, text }) => ({ same: ' ', added: '+', removed: '-' })[kind] + text,
  )

describe('diffLines', () => {
  it('keeps lines alike and shows a changed one as removed and added', () => {
    expect(spell('a\nb\nc', 'a\nB\nc')).toEqual([' a', '-b', '+B', ' c'])
  })

  it('finds a line that was put between others', () => {
    expect(spell('a\nc\nd', 'a\nb\nc\nx\nd')).toEqual([' a', '+b', ' c', '+x', ' d'])
  })

  it('tells a text that is new from one that had an empty line', () => {
    expect(spell('', 'a')).toEqual(['+a'])
    expect(spell('a', '')).toEqual(['-a'])
    expect(spell('', '')).toEqual([])
  })

  it('does not count a line twice where start and end meet', () => {
    expect(spell('a\na', 'a\na\na')).toEqual([' a', ' a', '+a'])
  })

  it('gives both texts back from the lines of each kind', () => {
    const [before, after] = ['x\ny\nz\ny', 'y\nx\ny\ny\nq']
    const lines = diffLines(before, after)
    const without = (kind: string) =>
      lines
        .filter((line) => line.kind !== kind)
        .map(({ text }) => text)
        .join('\n')
    expect([without('added'), without('removed')]).toEqual([before, after])
  })
})
