import { describe, expect, it } from 'vitest'
import { filledNodes, moved, nodesFault } from './topic-nodes.ts'

const node = (name: string, description = '') => ({ name, description })

describe('filledNodes', () => {
  it('drops rows that nobody filled', () => {
    expect(filledNodes([node(' refund ', ' money back '), node(' '), node('', 'why')])).toEqual([
      node('refund', 'money back'),
      node('', 'why'),
    ])
  })
})

describe('nodesFault', () => {
  it('asks for a title where there is only a description', () => {
    expect(nodesFault([node('refund'), node('', 'why')], 'topic')).toBe('Give each topic a title.')
    expect(nodesFault([node('refund'), node('')], 'topic')).toBeNull()
  })

  it('finds a name that stands there twice, in whatever case', () => {
    expect(nodesFault([node('Refund'), node('refund')], 'topic')).toBe(
      '“refund” stands there twice.',
    )
  })

  it('refuses what the server would refuse', () => {
    // 201 characters of a name; 200 are allowed.
    expect(nodesFault([node('x'.repeat(201))], 'topic')).toContain('too long')
    expect(nodesFault([node('x'.repeat(200))], 'topic')).toBeNull()
  })
})

describe('moved', () => {
  it('moves up and down and stops at the ends', () => {
    expect(moved(['a', 'b', 'c'], 2, -1)).toEqual(['a', 'c', 'b'])
    expect(moved(['a', 'b', 'c'], 0, 1)).toEqual(['b', 'a', 'c'])
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b'])
    expect(moved(['a', 'b'], 0, -1)).toEqual(['a', 'b'])
  })
})
