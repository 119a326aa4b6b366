import { describe, expect, it } from 'vitest'
import { aVerdict } from '#testing/verdict-builder.ts'
import { metricInHand } from './metric-in-hand.ts'

const passed = aVerdict({ metricId: 1, state: 'scored', passed: true })
const failed = aVerdict({ metricId: 2, state: 'scored', passed: false })
const failedToo = aVerdict({ metricId: 3, state: 'scored', passed: false })
const skipped = aVerdict({ metricId: 4, state: 'skipped', passed: null })
const verdicts = [passed, failed, failedToo, skipped]

describe('metricInHand', () => {
  it('is the first that failed as long as nothing was opened', () => {
    expect(metricInHand({ verdicts, chosen: null, shown: null })).toBe(failed)
  })

  it('is the one that was opened last', () => {
    expect(metricInHand({ verdicts, chosen: { metricId: 1, shown: null }, shown: null })).toBe(
      passed,
    )
  })

  it('is the one whose evidence was shown after another was opened', () => {
    const chosen = { metricId: 1, shown: null }
    expect(metricInHand({ verdicts, chosen, shown: { metricId: 3 } })).toBe(failedToo)
  })

  it('is the one that was opened while evidence of another was shown', () => {
    const shown = { metricId: 3 }
    expect(metricInHand({ verdicts, chosen: { metricId: 1, shown }, shown })).toBe(passed)
  })

  it('is none where the opened one has no value, rather than some other one', () => {
    const chosen = { metricId: 4, shown: null }
    expect(metricInHand({ verdicts, chosen, shown: null })).toBeNull()
  })

  it('is none where nothing failed and nothing was opened', () => {
    expect(metricInHand({ verdicts: [passed, skipped], chosen: null, shown: null })).toBeNull()
  })
})
