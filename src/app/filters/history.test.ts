import { describe, expect, it } from 'vitest'
import { record, redo, startHistory, travel, undo } from './history.ts'

describe('history', () => {
  it('joins steps of one kind that follow each other fast, as letters do', () => {
    let history = startHistory('')
    history = record(history, 'r', { nowMs: 0, mergeKey: 'value 1' })
    history = record(history, 're', { nowMs: 500, mergeKey: 'value 1' })
    expect(undo(history).present).toBe('')
  })

  it('keeps steps apart by kind and by a pause', () => {
    let history = startHistory('')
    history = record(history, 'r', { nowMs: 0, mergeKey: 'value 1' })
    history = record(history, 're', { nowMs: 5000, mergeKey: 'value 1' })
    history = record(history, 'other', { nowMs: 5100, mergeKey: 'value 2' })
    expect(undo(history).present).toBe('re')
    expect(undo(undo(history)).present).toBe('r')
  })

  it('does not join a step to the one before an undo', () => {
    let history = startHistory('')
    history = record(history, 'r', { nowMs: 0, mergeKey: 'k' })
    history = redo(undo(history))
    history = record(history, 're', { nowMs: 10, mergeKey: 'k' })
    expect(undo(history).present).toBe('r')
  })

  it('forgets what was undone once something else is done', () => {
    let history = record(startHistory('a'), 'b', { nowMs: 0 })
    history = record(undo(history), 'c', { nowMs: 1 })
    expect(redo(history)).toBe(history)
  })

  it('goes to the nearest state that fits, and nowhere if none does', () => {
    let history = startHistory('a')
    for (const next of ['b', 'c', 'd']) history = record(history, next, { nowMs: 0 })
    expect(travel(history, (state) => state === 'b')?.future).toEqual(['c', 'd'])
    expect(travel(undo(undo(history)), (state) => state === 'd')?.present).toBe('d')
    expect(travel(history, (state) => state === 'x')).toBeNull()
  })
})
