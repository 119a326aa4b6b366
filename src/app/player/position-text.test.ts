import { describe, expect, it } from 'vitest'
import { positionText } from './position-text.ts'

describe('positionText', () => {
  it('says where, who and what', () => {
    const at = { seconds: 134.2, durationSeconds: 482.5 }
    expect(positionText({ ...at, speakers: ['agent'], notes: [] })).toBe(
      '2:14 of 8:02, agent speaking',
    )
    expect(positionText({ ...at, speakers: ['agent', 'caller'], notes: ['overlap'] })).toBe(
      '2:14 of 8:02, agent and caller speaking, overlap',
    )
    expect(positionText({ ...at, speakers: [], notes: ['slow reply'] })).toBe(
      '2:14 of 8:02, slow reply',
    )
  })
})
