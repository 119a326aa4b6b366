import { describe, expect, it } from 'vitest'
import { agreementHint, agreementText, kappaText, kappaWord } from './agreement-words.ts'

const agreement = { metricId: 1, voteCount: 10, agreedCount: 9, kappa: 0.7826 }

describe('agreementText', () => {
  it('says how often people agree, and beyond chance', () => {
    expect(agreementText(agreement)).toBe('Agrees with people 9 of 10, kappa 0.78')
  })

  it('says that votes are few', () => {
    expect(agreementText({ ...agreement, voteCount: 9 })).toMatch(/, few votes$/)
  })

  it('leaves a kappa out that is not known', () => {
    expect(agreementText({ ...agreement, kappa: null })).toBe('Agrees with people 9 of 10')
  })
})

it('gives kappa two decimals, and no zero a sign', () => {
  expect([1, -0.2, -0.001].map(kappaText)).toEqual(['1.00', '-0.20', '0.00'])
})

it('calls kappa what Landis and Koch call it', () => {
  expect([1, 0.8, 0.5, 0.21, 0.1, 0, -1].map(kappaWord)).toEqual([
    'almost perfect',
    'substantial',
    'moderate',
    'fair',
    'slight',
    'no better than chance',
    'no better than chance',
  ])
})

it('explains the numbers in sentences', () => {
  expect(agreementHint(agreement)).toBe(
    'In the last 30 days people voted on its results of 10 calls and found 9 right. Cohen’s kappa, of votes that say what is right, takes away what chance would give: 1 is full agreement, 0 is chance. 0.78 is called substantial.',
  )
  expect(agreementHint({ ...agreement, voteCount: 1, agreedCount: 1, kappa: null })).toBe(
    'In the last 30 days people voted on its results of 1 call and found 1 right. There is no kappa for them. So few votes may mislead.',
  )
})
