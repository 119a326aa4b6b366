import { expect, test } from 'vitest'
import { findNeighbours, stepFrom } from './neighbours.ts'
import { runOfQueue } from './queue-run.ts'

test('A step leads to the call beside in the queue, and nowhere at its ends', () => {
  const run = runOfQueue({ callId: 7, previousCallId: null, nextCallId: 3 })
  expect(findNeighbours(run.rows, 7)).toEqual({ previousId: null, nextId: 3, isUnknown: false })
  expect(stepFrom(run, { fromId: 7, direction: 'previous' })).toEqual({ kind: 'none' })
})

test('A step waits for a call that is still being opened', () => {
  expect(stepFrom(runOfQueue(null), { fromId: 7, direction: 'next' })).toEqual({ kind: 'loading' })
})
