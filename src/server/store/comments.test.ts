import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, storeCalls } from '#testing/call-builder.ts'
import {
  findComment,
  insertComment,
  listComments,
  markCommentDeleted,
  unmarkCommentDeleted,
  updateComment,
} from './comments.ts'
import type { Database } from './database.ts'

let database: Database
let close: () => Promise<void>

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
})

afterAll(() => close())

let lastNumber = 0

async function storeCall(): Promise<number> {
  lastNumber += 1
  const [id = 0] = await storeCalls(database, [{ callId: `call-${lastNumber}` }])
  return id
}

type Written = {
  text?: string
  parentId?: number | null
  atSeconds?: number
  segmentIndex?: number
}

async function write(callId: number, comment: Written = {}, now = 1): Promise<number> {
  const added = await database.transaction((trx) =>
    insertComment(trx, {
      callId,
      owner: 'key:1',
      author: 'Ada',
      text: comment.text ?? 'x',
      parentId: comment.parentId ?? null,
      atSeconds: comment.atSeconds ?? null,
      segmentIndex: comment.segmentIndex ?? null,
      now,
    }),
  )
  if (added === null) throw new Error('The call is full.')
  return added.id
}

const remove = (callId: number, id: number, now = 1) =>
  database.transaction((trx) => markCommentDeleted(trx, { id, callId, now }))

const restore = (callId: number, id: number) =>
  database.transaction((trx) => unmarkCommentDeleted(trx, { id, callId, now: 1 }))

async function resolve(id: number, isResolved: boolean, resolver = 'Bo') {
  return database.transaction(async (trx) => {
    const comment = await findComment(trx, { id, projectId: 1, now: 1 })
    return comment && updateComment(trx, comment, { isResolved, resolver, now: 2 })
  })
}

function countsOf(callId: number) {
  return database.reader
    .selectFrom('call')
    .select(['comment_count', 'open_comment_count', 'updated_at'])
    .where('id', '=', callId)
    .executeTakeFirstOrThrow()
}

describe('listComments', () => {
  it('has threads by second, those on the whole call first, each followed by its replies', async () => {
    const id = await storeCall()
    const late = await write(id, { text: 'late', atSeconds: 12.5 })
    await write(id, { text: 'early', atSeconds: 2.004 })
    await write(id, { text: 'segment', segmentIndex: 3 })
    await write(id, { text: 'whole' })
    await write(id, { text: 'first reply', parentId: late })
    await write(id, { text: 'second reply', parentId: late })
    const comments = await listComments(database.reader, id)
    expect(comments.map(({ text, atSeconds }) => [text, atSeconds])).toEqual([
      ['whole', null],
      ['segment', null],
      ['early', 2.004],
      ['late', 12.5],
      ['first reply', null],
      ['second reply', null],
    ])
  })

  it('leaves out what was deleted, and the replies to it', async () => {
    const id = await storeCall()
    const thread = await write(id, { text: 'thread' })
    await write(id, { text: 'reply', parentId: thread })
    await write(id, { text: 'other' })
    await remove(id, thread)
    const comments = await listComments(database.reader, id)
    expect(comments.map(({ text }) => text)).toEqual(['other'])
  })
})

describe('a deleted comment', () => {
  it('comes back with the replies that it had, but not with one that was deleted before', async () => {
    const id = await storeCall()
    const thread = await write(id, { text: 'thread' })
    await write(id, { text: 'kept', parentId: thread })
    const gone = await write(id, { text: 'gone', parentId: thread })
    await remove(id, gone)
    await remove(id, thread)
    await restore(id, thread)
    const comments = await listComments(database.reader, id)
    expect(comments.map(({ text }) => text)).toEqual(['thread', 'kept'])
  })

  it('goes for good with its replies once another is deleted 30 days later', async () => {
    const id = await storeCall()
    const thread = await write(id)
    await write(id, { parentId: thread })
    const other = await write(id)
    await remove(id, thread, 1000)
    const after30Days = 1000 + 30 * 24 * 60 * 60_000 + 1
    expect(
      await findComment(database.reader, { id: thread, projectId: 1, now: after30Days }),
    ).toBeNull()
    await remove(id, other, after30Days)
    const rows = database.reader.selectFrom('call_comment').select('id').where('call_id', '=', id)
    expect(await rows.execute()).toEqual([{ id: other }])
  })
})

describe('updateComment', () => {
  it('keeps who resolved a thread first', async () => {
    const id = await storeCall()
    const thread = await write(id)
    await resolve(thread, true, 'Bo')
    expect(await resolve(thread, true, 'Cy')).toMatchObject({ resolvedBy: 'Bo', isResolved: true })
    expect(await resolve(thread, false)).toMatchObject({ resolvedBy: '', isResolved: false })
  })

  it('leaves a call as old as it was where nothing changes', async () => {
    const id = await storeCall()
    const thread = await write(id)
    await resolve(thread, false)
    expect((await countsOf(id)).updated_at).toBe(1)
    await resolve(thread, true)
    expect((await countsOf(id)).updated_at).toBe(2)
  })
})

type Step = { kind: 'write' | 'reply' | 'resolve' | 'reopen' | 'delete' | 'restore'; at: number }

/** What a person would remember of one comment. */
type Known = { id: number; threadId: number | null; isResolved: boolean; isDeleted: boolean }

describe('the counts of a call', () => {
  it('are those of the comments that are seen, whatever is done in whatever order', async () => {
    const step = fc.record<Step>({
      kind: fc.constantFrom(
        'write',
        'write',
        'reply',
        'reply',
        'resolve',
        'reopen',
        'delete',
        'restore',
      ),
      at: fc.nat(7),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const callId = await storeCall()
        const known: Known[] = []
        for (const one of steps) await take(one, { callId, known })
        const seen = known.filter((comment) => isSeen(comment, known))
        const open = seen.filter(({ threadId, isResolved }) => threadId === null && !isResolved)
        expect(await countsOf(callId)).toMatchObject({
          comment_count: seen.length,
          open_comment_count: open.length,
        })
      }),
      { numRuns: 40 },
    )
  })
})

function isSeen(comment: Known, known: readonly Known[]): boolean {
  const thread = known.find(({ id }) => id === comment.threadId)
  return !comment.isDeleted && thread?.isDeleted !== true
}

async function take(
  { kind, at }: Step,
  { callId, known }: { callId: number; known: Known[] },
): Promise<void> {
  const fresh = { threadId: null, isResolved: false, isDeleted: false }
  if (kind === 'write') {
    known.push({ ...fresh, id: await write(callId) })
    return
  }
  const chosen = known[at % Math.max(known.length, 1)]
  if (chosen === undefined) return
  const threadId = chosen.threadId ?? chosen.id
  switch (kind) {
    case 'reply':
      known.push({ ...fresh, threadId, id: await write(callId, { parentId: threadId }) })
      return
    case 'resolve':
    case 'reopen':
      if (chosen.threadId !== null) return
      chosen.isResolved = kind === 'resolve'
      await resolve(chosen.id, chosen.isResolved)
      return
    case 'delete':
      chosen.isDeleted = true
      return remove(callId, chosen.id)
    case 'restore':
      chosen.isDeleted = false
      await restore(callId, chosen.id)
      return
    default:
      kind satisfies never
  }
}
