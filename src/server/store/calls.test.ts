import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FilterGroup } from '#contract/filter.ts'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import type { CallQuery } from './call-query.ts'
import {
  deleteCall,
  findCallBySenderId,
  findCallRecord,
  getCallRecords,
  hasOwnCall,
  listCallIds,
  listCalls,
  listCallsByIds,
  listChangedCalls,
  listDemoCallIds,
  listMatchingIds,
  updateCall,
  updateCallRow,
} from './calls.ts'
import type { Database } from './database.ts'
import { listSearchHits } from './search-hits.ts'
import { QueryCancelled } from './slow-read-errors.ts'

let database: Database
let close: () => Promise<void>

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
})

afterAll(() => close())

beforeEach(async () => {
  await database.writer.deleteFrom('call').execute()
})

const outcome = (value: string): FilterGroup => ({
  operator: 'and',
  conditions: [{ field: 'outcome', op: 'eq', value }],
})

async function attributesOf(id: number) {
  const rows = await database.reader
    .selectFrom('call_attribute')
    .innerJoin('attribute_path', 'attribute_path.id', 'call_attribute.path_id')
    .select(['source', 'path', 'text_value', 'number_value'])
    .where('call_id', '=', id)
    .orderBy('source')
    .orderBy('path')
    .execute()
  return rows.map((row) => [row.source, row.path, row.text_value, row.number_value])
}

function pathsNamed(path: string) {
  return database.reader
    .selectFrom('attribute_path')
    .select(['project_id', 'has_text', 'has_number'])
    .where('path', '=', path)
    .orderBy('project_id')
    .execute()
}

function measuresOf(id: number) {
  return database.reader
    .selectFrom('call')
    .select(['segment_count', 'longest_gap_ms', 'interruption_count', 'silence_share'])
    .select('words_per_minute')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

describe('a stored call', () => {
  it('comes back with all its content', async () => {
    const [id = 0] = await storeCalls(database, [
      {
        callId: 'c',
        now: 5000,
        fields: { started_at: 1000, duration_ms: 1500, success: 1, status: 'success' },
        content: {
          segments:
            '[{"kind":"event","name":"x","text":"","startSeconds":1,"endSeconds":1,"timing":"given"}]',
          warnings: '["odd"]',
          transcript_type: 'vapi',
          metadata: '{"a":1}',
          dynamic_variables: '{"b":"x"}',
          main_agent_channel_index: 1,
        },
      },
    ])
    expect(await findCallRecord(database.reader, { id, projectId: 1 })).toMatchObject({
      id,
      callId: 'c',
      projectId: 1,
      startedAt: '1970-01-01T00:00:01.000Z',
      createdAt: '1970-01-01T00:00:05.000Z',
      durationSeconds: 1.5,
      success: true,
      status: 'success',
      revision: 1,
      transcriptType: 'vapi',
      transcriptWarnings: ['odd'],
      segments: [{ kind: 'event', startSeconds: 1 }],
      metadata: { a: 1 },
      dynamicVariables: { b: 'x' },
      mainAgentChannelIndex: 1,
      recording: null,
    })
  })

  it('is not found in another project', async () => {
    const [id = 0] = await storeCalls(database, [{ callId: 'c' }])
    expect(await findCallRecord(database.reader, { id, projectId: 2 })).toBeNull()
    expect(await findCallRecord(database.reader, { id, projectId: null })).toMatchObject({ id })
  })

  it('has its metadata and variables as attributes, replaced on each change', async () => {
    const [id = 0] = await storeCalls(database, [
      { callId: 'c', content: { metadata: '{"a":{"b":1}}', dynamic_variables: '{"a":"x"}' } },
    ])
    expect(await attributesOf(id)).toEqual([
      ['dynamic_variables', 'a', 'x', null],
      ['metadata', 'a.b', '1', 1],
    ])
    await database.transaction((trx) =>
      updateCall(trx, database.dialect, {
        id,
        fields: {},
        content: { metadata: '{"c":2}' },
        now: 1,
      }),
    )
    expect(await attributesOf(id)).toEqual([
      ['dynamic_variables', 'a', 'x', null],
      ['metadata', 'c', '2', 2],
    ])
  })

  it('shares its paths with the calls of its project, and no others', async () => {
    const content = { metadata: '{"shared":1}' }
    const before = await pathsNamed('shared')
    await database.writer
      .insertInto('project')
      .values({
        name: 'p',
        duplicate_policy: 'allow',
        accepts_metadata_only: 0,
        created_at: 0,
        updated_at: 0,
      })
      .execute()
    await storeCalls(database, [
      { callId: 'a', content },
      { callId: 'b', content: { metadata: '{"shared":"x"}' } },
      { callId: 'c', content, projectId: 2 },
      { callId: 'd', content: { metadata: '{"shared":null}' }, projectId: 2 },
    ])
    expect(before).toEqual([])
    expect(await pathsNamed('shared')).toEqual([
      { project_id: 1, has_text: 1, has_number: 1 },
      { project_id: 2, has_text: 0, has_number: 1 },
    ])
  })

  it('is measured by its segments, and again when they or its length change', async () => {
    const speech = (speaker: string, startSeconds: number, endSeconds: number) => ({
      kind: 'speech',
      speaker,
      text: 'one two',
      startSeconds,
      endSeconds,
      timing: 'given',
    })
    // 1.5 s between the two; 2 s + 2 s of speech in 10 s; 2 words of the agent in 2 s.
    const segments = JSON.stringify([speech('caller', 0, 2), speech('agent', 3.5, 5.5)])
    const [id = 0] = await storeCalls(database, [
      { callId: 'm', fields: { duration_ms: 10_000 }, content: { segments } },
    ])
    expect(await measuresOf(id)).toEqual({
      segment_count: 2,
      longest_gap_ms: 1500,
      interruption_count: 0,
      silence_share: 0.6,
      words_per_minute: 60,
    })
    await updateCallRow(database.writer, { id, fields: { duration_ms: 8000 }, now: 1 })
    expect(await measuresOf(id)).toMatchObject({ longest_gap_ms: 1500, silence_share: 0.5 })
    await database.transaction((trx) =>
      updateCall(trx, database.dialect, {
        id,
        fields: {},
        content: { segments: JSON.stringify([speech('caller', 0, 2), speech('agent', 2, 4)]) },
        now: 2,
      }),
    )
    expect(await measuresOf(id)).toMatchObject({ longest_gap_ms: 0, silence_share: 0.5 })
  })

  it('is indexed anew only for what it is searched by', async () => {
    const [id = 0] = await storeCalls(database, [{ callId: 'c', content: { metadata: '{"a":1}' } }])
    let indexed = 0
    const dialect: Database['dialect'] = {
      ...database.dialect,
      indexText: (...text) => {
        indexed++
        return database.dialect.indexText(...text)
      },
    }
    // Shows whether the attributes were read from the metadata again.
    await database.writer.updateTable('call_attribute').set({ text_value: 'kept' }).execute()
    const update = (change: Pick<Parameters<typeof updateCall>[2], 'fields' | 'content'>) =>
      database.transaction((trx) => updateCall(trx, dialect, { id, now: 1, ...change }))
    await update({ fields: { feedback: 'x' }, content: { warnings: '[]' } })
    expect([indexed, await attributesOf(id)]).toEqual([0, [['metadata', 'a', 'kept', 1]]])
    for (const column of ['call_id', 'customer_number', 'trace_id'] as const) {
      await update({ fields: { [column]: 'x' }, content: {} })
    }
    await update({ fields: {}, content: saying('x') })
    expect([indexed, await attributesOf(id)]).toEqual([4, [['metadata', 'a', 'kept', 1]]])
    await update({ fields: {}, content: { metadata: '{"a":2}' } })
    expect([indexed, await attributesOf(id)]).toEqual([4, [['metadata', 'a', '2', 2]]])
  })

  it('takes its content, attributes and words with it when it is deleted', async () => {
    const [id = 0, other = 0] = await storeCalls(database, [
      { callId: 'c', content: { metadata: '{"a":1}', ...saying('platypus') } },
      { callId: 'd', content: { metadata: '{"a":1}', ...saying('platypus') } },
    ])
    await database.transaction((trx) => deleteCall(trx, database.dialect, id))
    expect(await attributesOf(id)).toEqual([])
    const content = database.reader.selectFrom('call_content').select('call_id')
    expect(await content.execute()).toEqual([{ call_id: other }])
    const words = await database.reader
      .selectFrom('call')
      .select('id')
      .where(database.dialect.matchesText(database.reader, 'platypus'))
      .execute()
    expect(words).toEqual([{ id: other }])
  })

  it('never gives its id to a later call', async () => {
    const [id = 0] = await storeCalls(database, [{ callId: 'c' }])
    await database.transaction((trx) => deleteCall(trx, database.dialect, id))
    const [next = 0] = await storeCalls(database, [{ callId: 'c' }])
    expect(next).toBeGreaterThan(id)
  })
})

describe("the sender's id", () => {
  it('finds the newest of several calls, in its own project only', async () => {
    const ids = await storeCalls(database, [
      { callId: 'c', duplicateOrdinal: 0 },
      { callId: 'c', duplicateOrdinal: 1, fields: { duration_ms: 700 } },
    ])
    const find = (projectId: number, callId: string) =>
      findCallBySenderId(database.reader, { projectId, callId })
    expect(await find(1, 'c')).toMatchObject({ id: ids[1], duplicateOrdinal: 1, durationMs: 700 })
    expect(await find(2, 'c')).toBeNull()
    expect(await find(1, 'C')).toBeNull()
  })

  it('cannot be stored twice with the same ordinal', async () => {
    const twice = storeCalls(database, [{ callId: 'c' }, { callId: 'c' }])
    await expect(twice).rejects.toThrow(/UNIQUE/)
    expect(await hasOwnCall(database.reader)).toBe(false)
  })
})

describe('records by ids', () => {
  it('come in the order that was asked for, without unknown ones', async () => {
    const [a = 0, b = 0] = await storeCalls(database, [{ callId: 'a' }, { callId: 'b' }])
    const records = await getCallRecords(database.reader, { ids: [b, 999_999, a], projectId: 1 })
    expect(records.map(({ callId }) => callId)).toEqual(['b', 'a'])
  })

  it('come as rows only of the project', async () => {
    const [a = 0] = await storeCalls(database, [{ callId: 'a' }])
    const rows = await listCallsByIds(database.reader, { projectId: 1, ids: [a, 999_999] })
    expect(rows.map(({ id }) => id)).toEqual([a])
    expect(await listCallsByIds(database.reader, { projectId: 2, ids: [a] })).toEqual([])
    expect(await listCallsByIds(database.reader, { projectId: 1, ids: [] })).toEqual([])
  })

  it('are those that a query matches, found away from the thread that answers', async () => {
    const [a = 0, b = 0] = await storeCalls(database, [
      { callId: 'a', fields: { status: 'success', is_judged: 1 } },
      { callId: 'b', fields: { status: 'success', is_judged: 0 } },
    ])
    const query: CallQuery = { projectId: 1, sort: 'topic', now: 0, filter: outcome('success') }
    expect(await listMatchingIds(database, { query, ids: [a, b] })).toEqual([a])
    const unjudged = { ...query, filter: outcome('not-evaluated') }
    expect(await listMatchingIds(database, { query: unjudged, ids: [a, b] })).toEqual([b])
    expect(await listMatchingIds(database, { query, ids: [] })).toEqual([])
    const signal = AbortSignal.abort()
    await expect(listMatchingIds(database, { query, ids: [a], signal })).rejects.toThrow(
      QueryCancelled,
    )
  })
})

describe('a page of rows', () => {
  it('comes while counts and exports hold the threads of whole lists', async () => {
    const [id = 0] = await storeCalls(database, [
      { callId: 'a', fields: { status: 'success', is_judged: 1 } },
    ])
    const query: CallQuery = {
      projectId: 1,
      sort: '-startedAt',
      now: 0,
      filter: outcome('success'),
    }
    const stop = new AbortController()
    // Never ends by itself.
    const endless = sql`with recursive n (id) as (
      select 1 union all select id + 1 from n where ${database.dialect.stopsWhenUnwanted('n.id')}
    ) select count(*) from n`
    const counts = [1, 2].map(() =>
      database.slow.run(endless, { signal: stop.signal, timeoutMs: 30_000 }),
    )
    const ended = Promise.allSettled(counts)
    const limits = { signal: AbortSignal.timeout(3000) }
    try {
      const found = await Promise.all([
        listCalls(database, { query, cursor: null, limit: 5, ...limits }),
        listCallIds(database, { query, offset: 0, limit: 5, ...limits }),
        listMatchingIds(database, { query, ids: [id], ...limits }),
        listSearchHits(database, { projectId: 1, ids: [id], search: 'a', ...limits }),
      ])
      expect(found).toMatchObject([{ items: [{ id }] }, [id], [id], [{ callId: id }]])
      // The counts still run: neither had to make room.
      expect(await Promise.race([ended, Promise.resolve('running')])).toBe('running')
    } finally {
      stop.abort()
      await ended
    }
  })
})

describe('the feed of changes', () => {
  it('goes on exactly where it stopped, also between calls of one moment', async () => {
    const ids = await storeCalls(
      database,
      [1, 2, 2, 2, 3].map((now, index) => ({ callId: `c-${index}`, now })),
    )
    const seen: number[] = []
    let after = { updatedAt: 0, id: 0 }
    for (let page = 0; page < 3; page++) {
      const changes = await listChangedCalls(database.reader, { after, projectId: 1, limit: 2 })
      seen.push(...changes.map(({ id }) => id))
      after = changes.at(-1) ?? after
    }
    expect(seen).toEqual(ids)
    await updateCallRow(database.writer, { id: ids[0] ?? 0, fields: { topic: 'x' }, now: 9 })
    const more = await listChangedCalls(database.reader, { after, projectId: 1, limit: 2 })
    expect(more).toEqual([{ id: ids[0], updatedAt: 9 }])
  })
})

describe('demo calls', () => {
  it('are told from real ones', async () => {
    const [demo] = await storeCalls(database, [{ callId: 'demo', fields: { is_demo: 1 } }])
    expect(await hasOwnCall(database.reader)).toBe(false)
    await storeCalls(database, [{ callId: 'real' }])
    expect(await hasOwnCall(database.reader)).toBe(true)
    expect(await listDemoCallIds(database.reader, 1)).toEqual([demo])
  })
})
