import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answeredYesNo } from '#contract/metric-result.ts'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import type { Deviation } from '../judge/judged-call.ts'
import type { MetricRecord } from '../store/metrics.ts'
import { keepCategories } from './keep-categories.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let metric: MetricRecord

beforeEach(async () => {
  store = await openTemporaryDatabase()
  metric = await storeMetric(store.database)
})

afterEach(() => store.close())

async function keep(deviation: Deviation) {
  const finding = answeredYesNo(deviation.priority !== 'critical', { explanation: 'So it is.' })
  const judged = { metric, finding, usage: null, tookMs: 0, deviations: [deviation] }
  const kept = await store.database.transaction((trx) =>
    keepCategories(trx, { found: [judged], now: 1 }),
  )
  return kept[0]?.finding
}

describe('keepCategories', () => {
  it('fails a call by the priority that another call gave a new category meanwhile', async () => {
    await keep({ category: 'Identity', priority: 'critical', deviation: 'Did not ask.' })
    const second = await keep({
      category: 'identity',
      priority: 'non-critical',
      deviation: 'Asked late.',
    })
    expect(second).toMatchObject({
      passed: false,
      score: 0,
      explanation: 'So it is.',
      extra: { categories: [{ category: 'Identity', priority: 'critical' }] },
    })
  })

  it('finds a category again whose letters fold in a way of their own', async () => {
    // "İ".toLowerCase() is two characters, which fold to no letter that it is stored under.
    const deviation = { priority: 'critical', deviation: 'x' } as const
    const first = await keep({ category: 'KELVİN ΣΑΣ', ...deviation })
    const second = await keep({ category: 'kelvİn σασ', ...deviation })
    const [known] = first?.extra.categories ?? []
    expect(second?.extra.categories).toEqual([known])
  })
})
