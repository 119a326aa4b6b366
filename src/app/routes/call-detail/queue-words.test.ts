import { expect, test } from 'vitest'
import { blindReason, heldText } from './queue-words.ts'

test('The reason is not told while it could give the judge away', () => {
  const item = { reason: 'Calls that failed' }
  expect(blindReason({ item, hidesJudge: true })).toBeNull()
  expect(blindReason({ item, hidesJudge: false })).toBe('Calls that failed')
})

test('A call that somebody else has says who', () => {
  expect(heldText({ item: { lockedBy: 'Ana' }, queue: { assignee: '' } })).toContain('Ana has')
  expect(heldText({ item: { lockedBy: '' }, queue: { assignee: 'Ben' } })).toContain('Ben')
})
