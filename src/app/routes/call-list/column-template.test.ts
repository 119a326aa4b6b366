import { describe, expect, it } from 'vitest'
import { columnTemplate, minimumRowWidth } from './column-template.ts'

const status = { width: 100, growth: 0 }
const topic = { width: 140, growth: 2 }

describe('columnTemplate', () => {
  it('shares the room that is left among the columns that grow', () => {
    expect(columnTemplate([status, topic])).toBe('100px minmax(140px, 2fr)')
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
