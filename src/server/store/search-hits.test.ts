import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SearchHit } from '#contract/search-hit.ts'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import type { Database } from './database.ts'
import { listSearchHits } from './search-hits.ts'

let database: Database
let close: () => Promise<void>

beforeAll(async () => {
  const opened = await openTemporaryDatabase()
  database = opened.database
  close = opened.close
})

afterAll(() => close())

let lastCall = 0

/** Stores a call in which each text is said for one second. */
async function callSaying(texts: string[], callId = `call-${++lastCall}`): Promise<number> {
  const [id = 0] = await storeCalls(database, [{ callId, content: saying(...texts) }])
  return id
}

async function hitsOf(ids: readonly number[], search: string): Promise<SearchHit[]> {
  return listSearchHits(database, { projectId: 1, ids, search })
}

/** What is highlighted in the only hit. */
async function highlighted(texts: string[], search: string): Promise<string[] | undefined> {
  const [hit] = await hitsOf([await callSaying(texts)], search)
  return hit?.ranges.map(([start, end]) => hit.text.slice(start, end))
}

describe('a search hit', () => {
  it('is in the segment with the most of the words, the earliest of equals', async () => {
    const id = await callSaying(['A refund.', 'A late refund.', 'The late refund again.', 'Bye.'])
    expect(await hitsOf([id], 'refund late')).toEqual([
      {
        callId: id,
        text: 'A late refund.',
        ranges: [
          [2, 6],
          [7, 13],
        ],
        segmentIndex: 1,
        startSeconds: 1,
        segmentCount: 3,
      },
    ])
  })

  it('highlights the last word as a prefix and phrases as phrases', async () => {
    expect(await highlighted(['Refunds: my plan, plan my refunding'], '"my plan" refun')).toEqual([
      'Refunds',
      'my plan',
      'refunding',
    ])
  })

  it('does not care for case and accents', async () => {
    expect(await highlighted(['Une CRÈME brûlée'], 'creme BRULEE')).toEqual(['CRÈME', 'brûlée'])
  })

  it('counts in UTF-16 units behind an emoji', async () => {
    expect(await highlighted(['😀😀 refund'], 'refund')).toEqual(['refund'])
  })

  it('is there for each call that a search finds, and for no other', async () => {
    const texts = ['Cancel my', 'plan please', 'Who is the agent?', 'Nobody, at 00:12']
    const speaking = await callSaying(texts)
    const silent = await callSaying(['Good morning'])
    const found = async (search: string) => {
      const rows = await database.reader
        .selectFrom('call')
        .select('id')
        .where('id', 'in', [speaking, silent])
        .where(database.dialect.matchesText(database.reader, search))
        .execute()
      return rows.map(({ id }) => id)
    }
    // A phrase never runs on from one segment into the next; "main" and "testing" are who speaks.
    const searches = ['plan', 'my plan', '"my plan"', 'agent', '00:12', '00:00', 'main', 'testing']
    for (const search of searches) {
      const hits = await hitsOf([speaking, silent], search)
      expect([search, hits.map(({ callId }) => callId)]).toEqual([search, await found(search)])
    }
    expect(await found('my plan')).toEqual([speaking])
    expect(await found('"my plan"')).toEqual([])
    expect(await found('main')).toEqual([])
  })

  it('is the id of the call where only that was found', async () => {
    const id = await callSaying(['Hello.'], 'Order-4711-X')
    expect(await hitsOf([id], 'order-4711')).toEqual([
      {
        callId: id,
        text: 'Order-4711-X',
        ranges: [[0, 10]],
        segmentIndex: null,
        startSeconds: null,
        segmentCount: 0,
      },
    ])
  })

  it('is a stretch of at most 160 characters of a long segment', async () => {
    const long = `${'first words '.repeat(40)}refund ${'last words '.repeat(40)}`
    const [hit] = await hitsOf([await callSaying([long])], 'refund')
    expect(hit?.text).toMatch(/^….*words refund last.*…$/)
    expect(hit?.text.length).toBeLessThanOrEqual(160)
  })
})

describe('the hits of several calls', () => {
  it('come in the order of the ids, without those that have none', async () => {
    const [a, b, c] = [
      await callSaying(['refund a']),
      await callSaying(['nothing']),
      await callSaying(['refund c']),
    ]
    const hits = await hitsOf([c, b, a, c, 999_999], 'refund')
    expect(hits.map(({ callId }) => callId)).toEqual([c, a])
  })

  it('are none of another project', async () => {
    const id = await callSaying(['refund'])
    expect(await listSearchHits(database, { projectId: 2, ids: [id], search: 'refund' })).toEqual(
      [],
    )
  })

  it('are none for a search without a word', async () => {
    expect(await hitsOf([await callSaying(['refund'])], '?!')).toEqual([])
    expect(await hitsOf([], 'refund')).toEqual([])
  })

  it('are all there for 60 calls', async () => {
    const ids: number[] = []
    for (let index = 0; index < 60; index++) ids.push(await callSaying([`refund ${index}`]))
    expect(await hitsOf(ids, 'refund')).toHaveLength(60)
  })
})
