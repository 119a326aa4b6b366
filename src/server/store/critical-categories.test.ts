import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import { ensureCategories, listCategories } from './critical-categories.ts'
import { ensureMetric } from './metrics.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let metricId: number
let otherId: number

beforeAll(async () => {
  store = await openTemporaryDatabase()
  const metric = { projectId: 1, evalType: 'binary', unit: '', enumValues: [], now: 1 } as const
  const { writer } = store.database
  metricId = await ensureMetric(writer, { ...metric, code: 'one', name: 'One' })
  otherId = await ensureMetric(writer, { ...metric, code: 'other', name: 'Other' })
})

afterAll(() => store.close())

type Given = Parameters<typeof ensureCategories>[1]['categories']

const ensure = (id: number, categories: Given) =>
  store.database.transaction((trx) => ensureCategories(trx, { metricId: id, categories, now: 1 }))

describe('categories of deviations', () => {
  it('are made once, keep their spelling and priority, and belong to one metric', async () => {
    const [tone, price] = await ensure(metricId, [
      { name: 'Wrong tone', priority: 'non-critical' },
      { name: 'Wrong price', priority: 'critical' },
    ])
    expect(tone).toMatchObject({ name: 'Wrong tone', priority: 'non-critical' })
    const again = await ensure(metricId, [
      { name: 'WRONG PRICE', priority: 'not_a_bug' },
      { name: 'Zögern', priority: 'critical' },
      { name: 'zÖgern', priority: 'non-critical' },
    ])
    expect(again).toEqual([price, { id: expect.any(Number), name: 'Zögern', priority: 'critical' }])
    expect(await listCategories(store.database.reader, metricId)).toEqual([tone, ...again])
    const [foreign] = await ensure(otherId, [{ name: 'Wrong price', priority: 'critical' }])
    expect(foreign?.id).not.toBe(price?.id)
  })
})
