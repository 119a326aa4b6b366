import { describe, expect, it } from 'vitest'
import { columnTemplate, minimumRowWidth } from './column-template.ts'

const status = { id: 'status', width: 100, grows: false }
const topic = { id: 'topic', width: 140, grows: true }

describe('columnTemplate', () => {
  it('gives the room that is left to the column that grows', () => {
    expect(columnTemplate([status, topic])).toBe('100px minmax(140px, 1fr)')
  })

  it('leaves the room empty where every column is fixed', () => {
    expect(columnTemplate([status])).toBe('100px minmax(0, 1fr)')
  })
})

describe('minimumRowWidth', () => {
  it('adds up all columns', () => {
    expect(minimumRowWidth([status, topic])).toBe(240)
  })
})
