import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { PREDEFINED_METRICS } from '../catalogue/predefined-metrics.ts'
import type { Database } from '../store/database.ts'
import {
  changeMetric,
  deleteMetric,
  ensureMetric,
  listMetricRecords,
  listMetricVersions,
} from '../store/metrics.ts'
import { findRubric, saveRubric } from '../store/rubrics.ts'
import { addPredefinedMetrics, installMetrics, mustPass } from './install-metrics.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>
let database: Database

beforeEach(async () => {
  store = await openTemporaryDatabase()
  database = store.database
})

afterEach(() => store.close())

const install = () => database.transaction((trx) => installMetrics(trx, { projectId: 1, now: 5 }))

const add = (...codes: string[]) =>
  database.transaction((trx) =>
    addPredefinedMetrics(trx, { projectId: 1, codes, author: 'Ada', now: 5 }),
  )

const metrics = () => listMetricRecords(database.reader, 1)

const AVAILABLE = PREDEFINED_METRICS.filter(({ unavailable }) => unavailable === null)

describe('installMetrics', () => {
  it('gives a new project every metric that can be computed, those on by default on', async () => {
    expect(await install()).toBe(true)
    const installed = await metrics()
    const stateOf = ({ code, isOn }: { code: string; isOn: boolean }) => `${code} ${isOn}`
    expect(
      installed.map(({ code, isEnabled }) => stateOf({ code, isOn: isEnabled })).toSorted(),
    ).toEqual(
      AVAILABLE.map(({ code, isOnByDefault }) => stateOf({ code, isOn: isOnByDefault })).toSorted(),
    )
    expect(installed.every(({ isPredefined, version }) => isPredefined && version === 1)).toBe(true)
  })

  it('gives it a rubric that four metrics can fail', async () => {
    await install()
    const byId = new Map((await metrics()).map(({ id, code }) => [id, code]))
    const { logic, rules } = await findRubric(database.reader, 1)
    expect(logic).toBe('and')
    expect(rules.map(({ metricId }) => byId.get(metricId)).toSorted()).toEqual([
      '5dedc41b',
      'appropriate-termination',
      'hallucination',
      'tool-call-success',
    ])
  })

  it('brings nothing to a project that has metrics or deleted them, and leaves its rubric alone', async () => {
    const metric = await storeMetric(database)
    expect(await install()).toBe(false)
    expect(await metrics()).toHaveLength(1)
    expect(await findRubric(database.reader, 1)).toMatchObject({ rules: [] })
    await database.transaction((trx) => deleteMetric(trx, { id: metric.id, projectId: 1, now: 6 }))
    expect(await install()).toBe(false)
    expect(await metrics()).toEqual([])
  })

  it('does not take the place of a rubric that a person made', async () => {
    const recorded = await database.transaction((trx) =>
      ensureMetric(trx, {
        projectId: 1,
        code: 'theirs',
        name: 'Theirs',
        evalType: 'binary',
        unit: '',
        enumValues: [],
        now: 0,
      }),
    )
    const rubric = { logic: 'or' as const, rules: [mustPass({ id: recorded })] }
    await saveRubric(database.writer, { projectId: 1, rubric, now: 1 })
    expect(await install()).toBe(true)
    expect(await findRubric(database.reader, 1)).toMatchObject(rubric)
  })
})

describe('addPredefinedMetrics', () => {
  it('adds those named, in the order of the catalogue, and skips what it cannot compute', async () => {
    const unavailable = PREDEFINED_METRICS.find((entry) => entry.unavailable !== null)
    const added = await add('csat', 'latency', unavailable?.code ?? '', 'no-such')
    expect(added.map(({ code }) => code)).toEqual(['latency', 'csat'])
    expect(await metrics()).toHaveLength(2)
  })

  it('leaves a metric as a person made it, and brings back one that was deleted', async () => {
    const [csat] = await add('csat')
    if (!csat) throw new Error('CSAT is not in the catalogue')
    const change = { name: 'Ours', isEnabled: false }
    const { id } = csat
    await database.transaction((trx) =>
      changeMetric(trx, { id, projectId: 1, change, author: 'Ada', now: 6 }),
    )
    expect(await add('csat')).toMatchObject([{ id, ...change }])
    await database.transaction((trx) => deleteMetric(trx, { id, projectId: 1, now: 7 }))
    expect(await metrics()).toEqual([])
    expect(await add('csat')).toMatchObject([{ id, ...change, deletedAt: null }])
    expect(await listMetricVersions(database.reader, { metricId: id })).toHaveLength(1)
  })

  it('makes the metric of results that were recorded under its code, which keep their id', async () => {
    const id = await database.transaction((trx) =>
      ensureMetric(trx, {
        projectId: 1,
        code: 'csat',
        name: 'CSAT of the sender',
        evalType: 'rating',
        unit: '',
        enumValues: [],
        now: 0,
      }),
    )
    expect(await add('csat')).toMatchObject([{ id, version: 1, isPredefined: true }])
  })
})
