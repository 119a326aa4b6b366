import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { MetricContent, MetricSettings } from '#contract/metric.ts'
import { scored } from '#contract/metric-result.ts'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import {
  changeMetric,
  deleteMetric,
  deleteUnusedMetrics,
  ensureMetric,
  findMetric,
  findMetricByCode,
  insertMetric,
  listMetricRecords,
  listMetrics,
  listMetricVersions,
  type MetricDefinition,
  type NewMetric,
  restoreMetric,
} from './metrics.ts'
import { recordVerdicts } from './verdicts.ts'
import { castVote } from './votes.ts'

let store: Awaited<ReturnType<typeof openTemporaryDatabase>>

beforeAll(async () => {
  store = await openTemporaryDatabase()
})

afterAll(() => store.close())

const SENTIMENT: MetricDefinition = {
  projectId: 1,
  code: 'sentiment',
  name: 'Sentiment',
  evalType: 'enum',
  unit: '',
  enumValues: ['positive', 'negative'],
}

const ensure = (definition: Partial<MetricDefinition>) =>
  ensureMetric(store.database.writer, { ...SENTIMENT, ...definition, now: 1 })

describe('metrics of a project', () => {
  it('are made once per code, and keep their id under another name', async () => {
    const id = await ensure({})
    expect(await ensure({})).toBe(id)
    expect(await ensure({ name: 'Mood', enumValues: ['good', 'bad'] })).toBe(id)
    expect(await listMetrics(store.database.reader, 1)).toEqual([
      {
        id,
        code: 'sentiment',
        name: 'Mood',
        evalType: 'enum',
        unit: '',
        enumValues: ['good', 'bad'],
      },
    ])
  })

  it('are listed by name, and those of one name by id', async () => {
    const late = await ensure({ code: 'z', name: 'Wait', evalType: 'numeric', unit: 'ms' })
    const first = await ensure({ code: 'a', name: 'Anger' })
    const same = await ensure({ code: 'b', name: 'Wait' })
    const listed = await listMetrics(store.database.reader, 1)
    const mood = listed.find(({ name }) => name === 'Mood')?.id
    expect(listed.map(({ id }) => id)).toEqual([first, mood, late, same])
    expect(listed.at(2)).toMatchObject({ evalType: 'numeric', unit: 'ms' })
  })

  it('belong to one project', async () => {
    expect(await listMetrics(store.database.reader, 2)).toEqual([])
  })

  it('go only where no call has a result of them', async () => {
    const used = await ensure({ code: 'used' })
    const unused = await ensure({ code: 'unused' })
    const [callId = 0] = await storeCalls(store.database, [{ callId: 'c' }])
    const removed = await store.database.transaction(async (trx) => {
      const verdicts = [{ ...scored({ score: 1 }), metricId: used, source: 'judge' as const }]
      await recordVerdicts(trx, { callId, verdicts, now: 1 })
      return deleteUnusedMetrics(trx, [used, unused])
    })
    expect(removed).toEqual([unused])
    const left = (await listMetrics(store.database.reader, 1)).map(({ code }) => code)
    expect(left).toContain('used')
    expect(left).not.toContain('unused')
  })

  it('are kept while there is a vote on them', async () => {
    const voted = await ensure({ code: 'voted' })
    const [callId = 0] = await storeCalls(store.database, [{ callId: 'voted' }])
    const removed = await store.database.transaction(async (trx) => {
      const vote = { agrees: null, expectedValue: null, note: 'Never judged.' }
      const metric = { id: voted, name: 'Voted' }
      await castVote(trx, { callId, metric, reviewer: 'Ada', now: 1, vote })
      return deleteUnusedMetrics(trx, [voted])
    })
    expect(removed).toEqual([])
  })
})

const CONTENT: MetricContent = {
  kind: 'llm_judge',
  functionName: null,
  evalType: 'rating',
  unit: '',
  range: { min: 1, max: 7 },
  enumValues: [],
  prompt: 'Was the agent kind?',
  code: '',
  trigger: { kind: 'prompt', prompt: 'Only complaints.' },
  priorityPrompt: '',
  configuration: { a: 1, b: { c: [true] } },
}

const SETTINGS: MetricSettings = {
  name: 'Kindness',
  direction: 'higher',
  category: 'Customer Experience',
  isEnabled: true,
  isSampled: true,
  agentIds: [3, 4],
}

describe('metrics with versions', () => {
  let projectId = 7

  beforeEach(async () => {
    projectId += 1
    await store.database.writer
      .insertInto('project')
      .values({
        id: projectId,
        name: 'p',
        duplicate_policy: 'update',
        accepts_metadata_only: 0,
        created_at: 0,
        updated_at: 0,
      })
      .execute()
  })

  const insert = (fields: Partial<NewMetric> = {}) =>
    store.database.transaction((trx) =>
      insertMetric(trx, {
        projectId,
        code: null,
        settings: SETTINGS,
        content: CONTENT,
        isPredefined: false,
        author: 'Ada',
        now: 5,
        ...fields,
      }),
    )

  const change = (id: number, given: Parameters<typeof changeMetric>[1]['change'], now = 6) =>
    store.database.transaction((trx) =>
      changeMetric(trx, { id, projectId, change: given, author: 'Bob', now }),
    )

  const remove = (id: number) =>
    store.database.transaction((trx) => deleteMetric(trx, { id, projectId, now: 8 }))

  it('come back as they were made, as version 1', async () => {
    const made = await insert({ isPredefined: true, inputs: ['audio'], wireType: 'binary_q' })
    expect(made).toEqual({
      ...SETTINGS,
      id: expect.any(Number),
      projectId,
      code: 'kindness',
      slug: 'kindness',
      version: 1,
      content: CONTENT,
      isPredefined: true,
      inputs: ['audio'],
      wireType: 'binary_q',
      createdAt: '1970-01-01T00:00:00.005Z',
      updatedAt: '1970-01-01T00:00:00.005Z',
      deletedAt: null,
    })
    const { reader } = store.database
    expect(await findMetric(reader, { id: made.id, projectId })).toEqual(made)
    expect(await findMetric(reader, { id: made.id, projectId: null })).toEqual(made)
    expect(await findMetric(reader, { id: made.id, projectId: 1 })).toBeNull()
    expect(await findMetricByCode(reader, { code: 'kindness', projectId })).toEqual(made)
    expect(await findMetricByCode(reader, { code: 'kindness', projectId: 1 })).toBeNull()
  })

  it('have names of their own in links, also beside a code', async () => {
    await insert({ code: 'tone' })
    const slugs: string[] = []
    const names = ['Crème Brûlée!', 'creme brulee', 'Tone', '???', 'Kindness']
    for (const name of names) slugs.push((await insert({ settings: { ...SETTINGS, name } })).slug)
    expect(slugs).toEqual(['creme_brulee', 'creme_brulee_2', 'tone_2', 'metric', 'kindness_2'])
  })

  it('take the place of those that were only recorded, with their results', async () => {
    const recorded = await ensure({ projectId, code: 'kind', name: 'Old' })
    expect(await findMetric(store.database.reader, { id: recorded, projectId })).toMatchObject({
      version: 0,
      slug: 'old',
      content: { kind: 'recorded', evalType: 'enum', enumValues: ['positive', 'negative'] },
    })
    const made = await insert({ code: 'kind' })
    expect(made).toMatchObject({ id: recorded, version: 1, name: 'Kindness', content: CONTENT })
    // What is recorded later changes nothing of it.
    expect(await ensure({ projectId, code: 'kind', name: 'Old' })).toBe(recorded)
    expect(await findMetric(store.database.reader, { id: recorded, projectId })).toEqual(made)
    expect(await deleteUnusedMetrics(store.database.writer, [recorded])).toEqual([])
    await expect(insert({ code: 'kind' })).rejects.toThrow('UNIQUE')
  })

  it('keep their version when their settings change, or the same content comes again', async () => {
    const { id } = await insert()
    const given = { name: 'Warmth', isEnabled: false, agentIds: [], category: null }
    const sameContent = { ...CONTENT, configuration: { b: { c: [true] }, a: 1 } }
    const changed = await change(id, { ...given, content: sameContent, addToRubric: true })
    expect(changed).toMatchObject({
      ...given,
      version: 1,
      slug: 'kindness',
      updatedAt: '1970-01-01T00:00:00.006Z',
      content: CONTENT,
    })
    expect(changed?.isSampled).toBe(true)
  })

  it('have a version for each content, newest first', async () => {
    const { id } = await insert()
    const numeric = { ...CONTENT, evalType: 'numeric', unit: 's', range: null } as const
    const script = { ...numeric, kind: 'custom_code', code: '_result = 1' } as const
    expect(await change(id, { content: numeric })).toMatchObject({
      version: 2,
      content: numeric,
      inputs: ['transcript', 'judge'],
    })
    expect(await change(id, { content: script }, 7)).toMatchObject({
      version: 3,
      inputs: ['transcript'],
    })
    const versions = await listMetricVersions(store.database.reader, { metricId: id })
    expect(versions).toEqual([
      { version: 3, content: script, author: 'Bob', createdAt: '1970-01-01T00:00:00.007Z' },
      { version: 2, content: numeric, author: 'Bob', createdAt: '1970-01-01T00:00:00.006Z' },
      { version: 1, content: CONTENT, author: 'Ada', createdAt: '1970-01-01T00:00:00.005Z' },
    ])
  })

  it('are listed by category, name and id, those without a category last', async () => {
    const named = async (name: string, category: MetricSettings['category']) =>
      (await insert({ settings: { ...SETTINGS, name, category } })).id
    const none = await named('A', null)
    const speech = await named('A', 'Speech Quality')
    const late = await named('B', 'Accuracy')
    const early = await named('A', 'Accuracy')
    const same = await named('A', 'Accuracy')
    const ids = async () =>
      (await listMetricRecords(store.database.reader, projectId)).map(({ id }) => id)
    expect(await ids()).toEqual([early, same, late, speech, none])
    await remove(same)
    expect(await ids()).toEqual([early, late, speech, none])
  })

  it('can be deleted and brought back, but not changed in between', async () => {
    const { id } = await insert()
    expect(await remove(id)).toBe(true)
    expect(await remove(id)).toBe(false)
    expect(await listMetrics(store.database.reader, projectId)).toEqual([])
    expect(await change(id, { name: 'x' })).toBeNull()
    const found = await findMetricByCode(store.database.reader, { code: 'kindness', projectId })
    expect(found).toMatchObject({ id, deletedAt: 8 })
    const restore = (ofProject: number) =>
      store.database.transaction((trx) => restoreMetric(trx, { id, projectId: ofProject, now: 9 }))
    expect(await restore(1)).toBeNull()
    expect(await restore(projectId)).toMatchObject({ id, deletedAt: null, name: 'Kindness' })
    expect(await change(id, { name: 'x' })).toMatchObject({ name: 'x' })
  })

  it('of another project are not there', async () => {
    const { id } = await insert()
    const { database } = store
    const foreign = { id, projectId: 1, now: 8 }
    expect(await database.transaction((trx) => deleteMetric(trx, foreign))).toBe(false)
    const given = { ...foreign, change: { name: 'x' }, author: 'Eve' }
    expect(await database.transaction((trx) => changeMetric(trx, given))).toBeNull()
  })
})
