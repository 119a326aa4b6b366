import { describe, expect, it } from 'vitest'
import { aVerdict } from '#testing/verdict-builder.ts'
import { answerCounts, stabilityWords } from './stability-words.ts'

const yes = aVerdict()
const no = aVerdict({ score: 0, passed: false })

describe('answerCounts', () => {
  it('counts equal answers, the most frequent first', () => {
    expect(answerCounts([no, yes, yes])).toEqual([
      { words: 'Yes, passed', count: 2 },
      { words: 'No, failed', count: 1 },
    ])
  })
})

describe('stabilityWords', () => {
  it('says so where the judge never changed its mind', () => {
    expect(stabilityWords({ answers: [yes, yes, yes], flipRate: 0 })).toBe(
      'The judge gave the same answer all 3 times.',
    )
  })

  it('counts the answers that differ and gives their share', () => {
    // 2 of 5 differ: 40 %
    expect(stabilityWords({ answers: [yes, no, yes, no, yes], flipRate: 0.4 })).toBe(
      '2 answers of 5 differ from the most frequent one: a flip rate of 40 %.',
    )
    expect(stabilityWords({ answers: [yes, yes, no], flipRate: 1 / 3 })).toMatch(
      /^1 answer of 3 differs .* 33 %\.$/,
    )
  })

  it('says nothing of a single answer', () => {
    expect(stabilityWords({ answers: [yes], flipRate: null })).toBeNull()
  })
})
