import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BulkWork } from '#contract/bulk-action.ts'
import type { CallSelection } from '#contract/call.ts'
import { MAX_TAGS } from '#contract/tag.ts'
import { openTemporaryDatabase, type StoredCall, storeCalls } from '#testing/call-builder.ts'
import { until } from '#testing/until.ts'
import { enqueue, type JobKind, type JobPayloads } from '../queue/job-kinds.ts'
import {
  endCallOfRun,
  failBulkAction,
  findBulkAction,
  isCallOfRunOpen,
} from '../store/bulk-actions.ts'
import { deleteCall } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { recordReview } from '../store/reviews.ts'
import { addTags, changeTags, listTags } from '../store/tags.ts'
import { runBulkAction } from './run-bulk-action.ts'
import { settleBulkAction } from './settle-bulk-action.ts'
import { startBulkAction } from './start-bulk-action.ts'
import { cancelBulkAction, undoBulkAction } from './stop-bulk-action.ts'

let database: Database
let close: () => Promise<void>
let now: number

const PROJECT = 1
const NEVER = new AbortController().signal
const clock = () => now

beforeEach(async () => {
  now = 1000
  ;({ database, close } = await openTemporaryDatabase())
})

afterEach(() => close())

function store(count: number, call: Partial<StoredCall> = {}): Promise<number[]> {
  const calls = Array.from({ length: count }, (_, n) => ({ callId: `c-${n}`, ...call }))
  return storeCalls(database, calls)
}

async function start(work: BulkWork, target: { ids: number[] } | { matching: CallSelection }) {
  const input = { work, target }
  const started = await startBulkAction(database, {
    input,
    projectId: PROJECT,
    startedBy: 'Ada',
    now,
  })
  if (started.kind !== 'started') throw new Error(JSON.stringify(started))
  return started.action
}

type RunOptions = { on?: Database; signal?: AbortSignal; direction?: 'forward' | 'back' }

/** What the two jobs do, one after the other. */
async function run(
  id: number,
  { on = database, signal = NEVER, direction = 'forward' }: RunOptions = {},
) {
  const payload: JobPayloads['bulk-action'] = { bulkActionId: id, direction }
  await settle(id, { on, signal })
  await runBulkAction({ database: on, clock }, payload, signal)
}

function settle(id: number, { on = database, signal = NEVER }: Omit<RunOptions, 'direction'> = {}) {
  return settleBulkAction({ database: on, clock }, { bulkActionId: id }, signal)
}

/** The jobs about bulk actions that wait, as `kind` and when they are due. */
async function waiting() {
  const jobs = database.reader.selectFrom('job').select(['kind', 'run_at', 'attempts'])
  return (await jobs.where('kind', 'like', '%bulk-action').orderBy('id').execute()).map(
    ({ kind, run_at, attempts }) => ({ kind, inMs: run_at - now, attempts }),
  )
}

const find = (id: number) => findBulkAction(database.writer, { id, projectId: PROJECT })

async function undo(id: number): Promise<void> {
  const result = await undoBulkAction(database, { id, projectId: PROJECT, actor: 'Ada', now })
  expect(result.kind).toBe('changed')
  await run(id, { direction: 'back' })
}

async function callOf(id: number) {
  return database.reader
    .selectFrom('call')
    .select(['status', 'success', 'is_reviewed', 'reviewer', 'reviewed_at', 'updated_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

function reviewEvents() {
  return database.reader
    .selectFrom('review_event')
    .select(['call_id', 'kind', 'bulk_action_id'])
    .orderBy('id')
    .execute()
}

async function evaluations(): Promise<string[]> {
  const jobs = database.reader
    .selectFrom('job')
    .select('subject')
    .where('kind', '=', 'evaluate-call')
  return (await jobs.orderBy('id').execute()).map(({ subject }) => subject)
}

const deleteJobs = (kind: JobKind) =>
  database.writer.deleteFrom('job').where('kind', '=', kind).execute()

/** Ends these calls of a rerun, as their evaluation does. */
function judge(id: number, callIds: readonly number[]): Promise<void> {
  const nothing = { errorMessage: null }
  return database.transaction(async (trx) => {
    for (const callId of callIds) {
      await endCallOfRun(trx, { id, callId, outcome: 'judged', ...nothing, now })
    }
  })
}

/** Has calls wait for the judge. */
function askJudge(callIds: readonly number[]): Promise<void> {
  return database.transaction(async (trx) => {
    for (const callId of callIds) {
      await enqueue(trx, { kind: 'judge-call', payload: { callId, metricIds: [1] }, now })
    }
  })
}

const tagsOf = async (id: number) => (await listTags(database.reader, [id])).get(id) ?? []

const review = (success: boolean) =>
  ({ kind: 'review', verdict: success ? 'success' : 'failure' }) as const
const TAG: BulkWork = { kind: 'tag', tags: ['seen'] }
const JUDGED = { status: 'success', success: 1, is_judged: 1 } as const

describe('startBulkAction', () => {
  it('says at once how many calls match, before they are settled', async () => {
    await store(3, { fields: { topic: 'refund' } })
    const action = await start(TAG, { matching: { filter: 'topic.eq.refund' } })
    expect(action).toMatchObject({ state: 'running', totalCount: 3, doneCount: 0 })
  })

  it('takes of the named calls only those of the project', async () => {
    await database.writer
      .insertInto('project')
      .values({
        id: 2,
        name: 'Theirs',
        duplicate_policy: 'update',
        accepts_metadata_only: 0,
        created_at: 0,
        updated_at: 0,
      })
      .execute()
    const [theirs = 0] = await storeCalls(database, [{ callId: 'x', projectId: 2 }])
    const [ours = 0] = await store(1)
    const action = await start(TAG, { ids: [ours, theirs, 999] })
    expect(action).toMatchObject({ totalCount: 1 })
    await run(action.id)
    expect([await tagsOf(ours), await tagsOf(theirs)]).toEqual([['seen'], []])
  })

  it('refuses a filter that cannot be read', async () => {
    const input = { work: TAG, target: { matching: { filter: 'nothing.such.x' } } }
    const result = await startBulkAction(database, { input, projectId: 1, startedBy: 'Ada', now })
    expect(result.kind).toBe('unreadable-filter')
  })
})

describe('runBulkAction', () => {
  it('works on the calls that matched when it was settled, whatever it does to them', async () => {
    // 250 calls are five steps of 50 and a last one; what is reviewed matches the filter no more.
    const ids = await store(250)
    const { id } = await start(review(true), { matching: { filter: 'is_reviewed.eq.false' } })
    await run(id)
    expect(await find(id)).toMatchObject({
      state: 'done',
      totalCount: 250,
      doneCount: 250,
      skippedCount: 0,
      target: null,
      finishedAt: now,
    })
    expect(await callOf(ids[249] ?? 0)).toEqual({
      status: 'reviewed_success',
      success: 1,
      is_reviewed: 1,
      reviewer: 'Ada',
      reviewed_at: now,
      updated_at: now,
    })
  })

  it('ends at once where nothing matches', async () => {
    const { id } = await start(TAG, { matching: { filter: 'topic.eq.none' } })
    await run(id)
    expect(await find(id)).toMatchObject({ state: 'done', totalCount: 0, doneCount: 0 })
  })

  it('counts as skipped what needs no change, can take none, or is gone', async () => {
    const ids = await store(4)
    const [full = 0, tagged = 0, gone = 0, plain = 0] = ids
    await database.transaction(async (trx) => {
      const tags = Array.from({ length: MAX_TAGS }, (_, n) => `t${n}`)
      await addTags(trx, { callId: full, tags })
      await addTags(trx, { callId: tagged, tags: ['seen'] })
    })
    const { id } = await start(TAG, { ids })
    await database.transaction((trx) => deleteCall(trx, database.dialect, gone))
    await run(id)
    expect(await find(id)).toMatchObject({ doneCount: 4, skippedCount: 3 })
    expect(await tagsOf(plain)).toEqual(['seen'])
    expect(await tagsOf(full)).toHaveLength(MAX_TAGS)
  })

  it('goes on where a stopped run was, and reviews each call once', async () => {
    const ids = await store(350)
    const { id } = await start(review(false), { matching: {} })
    const stopping = new AbortController()
    const first = run(id, { signal: stopping.signal })
    await until(async () => ((await find(id))?.doneCount ?? 0) >= 200)
    stopping.abort(new Error('stopped'))
    await expect(first).rejects.toThrow('stopped')
    const half = await find(id)
    expect(half).toMatchObject({ state: 'running' })
    expect(await reviewEvents()).toHaveLength(half?.doneCount ?? -1)
    await run(id)
    expect(await find(id)).toMatchObject({ state: 'done', doneCount: 350, skippedCount: 0 })
    expect((await reviewEvents()).map((event) => event.call_id)).toEqual(ids)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'loses and repeats nothing when it dies inside its transaction %i',
    async (fatal) => {
      // Settling 120 calls: one to look, one of rows, one to finish; then one to look, and steps of 50, 50 and 20: seven.
      const ids = await store(120)
      const { id } = await start(review(true), { matching: {} })
      let count = 0
      const dying: Database = {
        ...database,
        transaction: (work) =>
          database.transaction(async (trx) => {
            const result = await work(trx)
            if (++count === fatal) throw new Error('killed')
            return result
          }),
      }
      const outcome = run(id, { on: dying })
      if (fatal <= 7) await expect(outcome).rejects.toThrow('killed')
      else await outcome
      await run(id)
      expect(await find(id)).toMatchObject({ state: 'done', totalCount: 120, doneCount: 120 })
      expect((await reviewEvents()).map((event) => event.call_id)).toEqual(ids)
    },
  )

  it('does nothing twice where two workers run it at once', async () => {
    const ids = await store(300)
    const { id } = await start(review(true), { ids })
    await Promise.all([run(id), run(id)])
    expect(await find(id)).toMatchObject({ state: 'done', doneCount: 300, skippedCount: 0 })
    expect(await reviewEvents()).toHaveLength(300)
  })

  it('stops between two steps when it is cancelled, and keeps what is done', async () => {
    await store(400)
    const { id } = await start(TAG, { matching: {} })
    const running = run(id)
    await until(async () => ((await find(id))?.doneCount ?? 0) >= 100)
    await cancelBulkAction(database, { id, projectId: PROJECT, actor: 'Ada', now })
    await running
    const action = await find(id)
    expect(action?.state).toBe('cancelled')
    expect(action?.doneCount).toBeLessThan(400)
    const { count } = await database.reader
      .selectFrom('call_tag')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    expect(count).toBe(action?.doneCount)
  })

  it('is told to wait no longer once it failed for good, and goes on when it is asked for again', async () => {
    const ids = await store(2)
    const { id } = await start(TAG, { ids })
    await database.transaction((trx) => failBulkAction(trx, { id, message: 'disk full', now }))
    expect(await find(id)).toMatchObject({ state: 'failed', errorMessage: 'disk full' })
    await run(id)
    expect(await find(id)).toMatchObject({ state: 'done', errorMessage: null, doneCount: 2 })
  })

  it('keeps what judges decided, and leaves out what nobody judged', async () => {
    const [passed = 0, failed = 0, evaluating = 0, unjudged = 0, reviewed = 0] = await storeCalls(
      database,
      [
        { callId: 'a', fields: JUDGED },
        { callId: 'b', fields: { status: 'failure', success: 0, is_judged: 1 } },
        { callId: 'c', fields: { status: 'evaluating', is_judged: 1 } },
        { callId: 'd', fields: { status: 'success', success: 1 } },
        {
          callId: 'e',
          fields: {
            status: 'reviewed_failure',
            success: 0,
            is_reviewed: 1,
            is_judged: 1,
            judge_success: 1,
          },
        },
      ],
    )
    const { id } = await start({ kind: 'review', verdict: 'as-judged' }, { matching: {} })
    await run(id)
    const statuses = []
    for (const call of [passed, failed, evaluating, unjudged, reviewed]) {
      statuses.push((await callOf(call)).status)
    }
    expect(statuses).toEqual([
      'reviewed_success',
      'reviewed_failure',
      'evaluating',
      'success',
      'reviewed_failure',
    ])
    expect(await find(id)).toMatchObject({ doneCount: 5, skippedCount: 3 })
  })

  it('evaluates again: what a person decided stands meanwhile, all else is open', async () => {
    const [judged = 0, reviewed = 0] = await storeCalls(database, [
      { callId: 'a', fields: JUDGED },
      { callId: 'b', fields: { status: 'reviewed_failure', success: 0, is_reviewed: 1 } },
    ])
    const { id } = await start({ kind: 'rerun' }, { matching: {} })
    await run(id)
    expect(await callOf(judged)).toMatchObject({ status: 'evaluating', success: null })
    expect(await callOf(reviewed)).toMatchObject({ status: 'reviewed_failure', success: 0 })
    expect(await evaluations()).toEqual([`call:${judged}/run:${id}`, `call:${reviewed}/run:${id}`])
    const undone = await undoBulkAction(database, { id, projectId: PROJECT, actor: 'Ada', now })
    expect(undone).toEqual({ kind: 'refused', message: 'An evaluation cannot be undone.' })
  })

  it('of a rerun goes on until the last call is judged, and counts each once', async () => {
    const ids = await store(3)
    const { id } = await start({ kind: 'rerun' }, { ids })
    await run(id)
    expect(await find(id)).toMatchObject({ state: 'running', totalCount: 3, doneCount: 0 })
    await judge(id, ids.slice(0, 2))
    await judge(id, ids.slice(0, 2))
    expect(await find(id)).toMatchObject({ state: 'running', doneCount: 2, finishedAt: null })
    now = 2000
    await judge(id, ids)
    expect(await find(id)).toMatchObject({
      state: 'done',
      doneCount: 3,
      failedCount: 0,
      skippedCount: 0,
      finishedAt: 2000,
    })
  })

  it('of a rerun that matches no call, or whose calls are all gone, ends at once', async () => {
    const none = await start({ kind: 'rerun' }, { matching: { filter: 'topic.eq.none' } })
    await run(none.id)
    expect(await find(none.id)).toMatchObject({ state: 'done', totalCount: 0, finishedAt: now })
    const ids = await store(1)
    const gone = await start({ kind: 'rerun' }, { ids })
    await database.transaction((trx) => deleteCall(trx, database.dialect, ids[0] ?? 0))
    await run(gone.id)
    expect(await find(gone.id)).toMatchObject({ state: 'done', doneCount: 1, skippedCount: 1 })
    expect(await evaluations()).toEqual([])
  })

  it('of a rerun gives its place back while many evaluations are due', async () => {
    const ids = await store(400)
    const { id } = await start({ kind: 'rerun' }, { ids })
    await run(id)
    // Steps of 50: after the fifth 250 evaluations are due, which is more than 200.
    expect(await evaluations()).toHaveLength(250)
    expect(await find(id)).toMatchObject({ state: 'running', doneCount: 0 })
    expect(await waiting()).toContainEqual({ kind: 'bulk-action', inMs: 200, attempts: 0 })
    await deleteJobs('evaluate-call')
    await judge(id, ids.slice(0, 250))
    await run(id)
    // 150 are left: three steps, and a last one that finds nothing.
    expect(await evaluations()).toEqual(ids.slice(250).map((callId) => `call:${callId}/run:${id}`))
    await judge(id, ids.slice(250))
    expect(await find(id)).toMatchObject({ state: 'done', doneCount: 400 })
  })

  it('of a rerun hands out nothing while more than fifty calls wait for the judge', async () => {
    const ids = await store(60)
    const { id } = await start({ kind: 'rerun' }, { ids })
    await askJudge(ids.slice(0, 51))
    await run(id)
    expect(await evaluations()).toEqual([])
    expect(await waiting()).toContainEqual({ kind: 'bulk-action', inMs: 200, attempts: 0 })
    await deleteJobs('judge-call')
    await askJudge(ids.slice(0, 50))
    await run(id)
    expect(await evaluations()).toHaveLength(60)
  })

  it('does not let tags wait for the judge', async () => {
    const ids = await store(60)
    const { id } = await start(TAG, { ids })
    await askJudge(ids)
    await run(id)
    expect(await find(id)).toMatchObject({ state: 'done', doneCount: 60 })
  })

  it('of a rerun hands out no more once it is cancelled, and what is judged late does not count', async () => {
    const ids = await store(400)
    const { id } = await start({ kind: 'rerun' }, { ids })
    await run(id)
    await judge(id, ids.slice(0, 10))
    await cancelBulkAction(database, { id, projectId: PROJECT, actor: 'Ada', now })
    await deleteJobs('evaluate-call')
    await run(id)
    expect(await evaluations()).toEqual([])
    expect(await find(id)).toMatchObject({ state: 'cancelled', doneCount: 10 })
    expect(await isCallOfRunOpen(database.reader, { id, callId: ids[10] ?? 0 })).toBe(false)
  })

  it('of a rerun that failed and goes on comes to its end, also for calls that ended unseen', async () => {
    const ids = await store(3)
    const { id } = await start({ kind: 'rerun' }, { ids })
    await run(id)
    await judge(id, ids.slice(0, 1))
    await database.transaction((trx) => failBulkAction(trx, { id, message: 'disk full', now }))
    // While it stands still their evaluations find it closed: they report to nobody.
    await deleteJobs('evaluate-call')
    await run(id)
    expect(await evaluations()).toEqual(ids.slice(1).map((callId) => `call:${callId}/run:${id}`))
    await judge(id, ids.slice(1))
    expect(await find(id)).toMatchObject({ state: 'done', doneCount: 3, errorMessage: null })
  })

  it('forgets what ended more than 30 days ago', async () => {
    const ids = await store(2)
    const { id: old } = await start(TAG, { ids })
    await run(old)
    now += 30 * 24 * 60 * 60_000 + 1
    const { id } = await start({ kind: 'untag', tags: ['seen'] }, { ids })
    await run(id)
    expect(await find(old)).toBeNull()
    const rows = await database.reader
      .selectFrom('bulk_action_call')
      .select('bulk_action_id')
      .execute()
    expect(rows).toEqual([{ bulk_action_id: id }, { bulk_action_id: id }])
  })
})

describe('settleBulkAction', () => {
  it('finds the calls in a job of its own, and asks for the action then', async () => {
    const [id = 0] = await store(1, { fields: { topic: 'refund' } })
    const action = await start(TAG, { matching: { filter: 'topic.eq.refund' } })
    expect((await waiting()).map(({ kind }) => kind)).toEqual(['settle-bulk-action'])
    await settle(action.id)
    await storeCalls(database, [{ callId: 'late', fields: { topic: 'refund' } }])
    expect((await waiting()).map(({ kind }) => kind)).toEqual(['settle-bulk-action', 'bulk-action'])
    await run(action.id)
    expect(await find(action.id)).toMatchObject({ state: 'done', totalCount: 1 })
    expect(await tagsOf(id)).toEqual(['seen'])
  })

  it('is asked for again, as if it had not been tried, while the database is busy', async () => {
    await store(2)
    const { id } = await start(TAG, { matching: {} })
    const held = Promise.withResolvers<void>()
    // As many snapshots as can be open at once.
    const others = Array.from({ length: 8 }, () => database.slow.snapshot(() => held.promise))
    await settle(id)
    expect(await find(id)).toMatchObject({ state: 'running', target: {} })
    expect(await waiting()).toEqual([{ kind: 'settle-bulk-action', inMs: 1000, attempts: 0 }])
    held.resolve()
    await Promise.all(others)
    await run(id)
    expect(await find(id)).toMatchObject({ state: 'done', doneCount: 2 })
  })

  it('does nothing for an action that is cancelled', async () => {
    await store(2)
    const { id } = await start(TAG, { matching: {} })
    await cancelBulkAction(database, { id, projectId: PROJECT, actor: 'Ada', now })
    await run(id)
    expect(await find(id)).toMatchObject({ state: 'cancelled', doneCount: 0 })
    const rows = database.reader.selectFrom('bulk_action_call').select('call_id')
    expect(await rows.execute()).toEqual([])
  })
})

describe('undoing', () => {
  it('takes the tags that it put on, and no others', async () => {
    const [before = 0, added = 0, taken = 0] = await store(3)
    await database.transaction((trx) => addTags(trx, { callId: before, tags: ['seen'] }))
    const { id } = await start(TAG, { ids: [before, added, taken] })
    await run(id)
    await database.transaction((trx) =>
      changeTags(trx, { callId: taken, add: ['other'], remove: ['seen'], now }),
    )
    await undo(id)
    expect([await tagsOf(before), await tagsOf(added), await tagsOf(taken)]).toEqual([
      ['seen'],
      [],
      ['other'],
    ])
    expect(await find(id)).toMatchObject({ state: 'undone', doneCount: 0, skippedCount: 0 })
  })

  it('puts back the tags that it took, also where the call is gone since', async () => {
    const [kept = 0, gone = 0] = await store(2)
    await database.transaction(async (trx) => {
      for (const callId of [kept, gone]) await addTags(trx, { callId, tags: ['a', 'b'] })
    })
    const { id } = await start({ kind: 'untag', tags: ['a', 'c'] }, { ids: [kept, gone] })
    await run(id)
    expect(await tagsOf(kept)).toEqual(['b'])
    await database.transaction((trx) => deleteCall(trx, database.dialect, gone))
    await undo(id)
    expect(await tagsOf(kept)).toEqual(['a', 'b'])
  })

  it('gives back what stood before a review, unless somebody decided since', async () => {
    const reviewedBefore = {
      status: 'reviewed_failure',
      success: 0,
      is_reviewed: 1,
      reviewer: 'Bob',
      reviewed_at: 7,
    } as const
    const [judged = 0, byBob = 0, again = 0] = await storeCalls(database, [
      { callId: 'a', fields: JUDGED },
      { callId: 'b', fields: reviewedBefore },
      { callId: 'c', fields: JUDGED },
    ])
    const { id } = await start(review(true), { matching: {} })
    await run(id)
    await database.transaction((trx) =>
      recordReview(trx, {
        callId: again,
        success: false,
        reviewer: 'Cy',
        now: 1500,
        bulkActionId: null,
      }),
    )
    now = 2000
    await undo(id)
    expect(await callOf(judged)).toMatchObject({ status: 'success', is_reviewed: 0, reviewer: '' })
    expect(await callOf(byBob)).toEqual({ ...reviewedBefore, updated_at: 2000 })
    expect(await callOf(again)).toMatchObject({ status: 'reviewed_failure', reviewer: 'Cy' })
    expect(await evaluations()).toEqual([])
  })

  it('of one action and then of the one before leaves the verdict of neither', async () => {
    const ids = await store(1, { fields: JUDGED })
    for (const order of ['first', 'last'] as const) {
      const a = await start(review(true), { ids })
      await run(a.id)
      const b = await start(review(false), { ids })
      await run(b.id)
      const [one, other] = order === 'first' ? [a, b] : [b, a]
      await undo(one.id)
      await undo(other.id)
      expect(await callOf(ids[0] ?? 0)).toMatchObject({ status: 'success', is_reviewed: 0 })
    }
  })

  it('has a call evaluated whose evaluation was not finished, or whose content has changed', async () => {
    const [open = 0, changed = 0] = await storeCalls(database, [
      { callId: 'a', fields: { status: 'evaluating' } },
      { callId: 'b', fields: JUDGED },
    ])
    const { id } = await start(review(true), { matching: {} })
    await run(id)
    await database.writer
      .updateTable('call')
      .set({ revision: 2 })
      .where('id', '=', changed)
      .execute()
    await undo(id)
    expect(await callOf(open)).toMatchObject({ status: 'evaluating', success: null })
    expect(await callOf(changed)).toMatchObject({ status: 'evaluating', success: null })
    expect((await evaluations()).toSorted()).toEqual([`call:${open}`, `call:${changed}`])
  })

  it('goes on where it was cut off, and takes back only what was done', async () => {
    const ids = await store(350)
    const { id } = await start(TAG, { ids })
    const cancelled = run(id)
    await until(async () => ((await find(id))?.doneCount ?? 0) >= 200)
    await cancelBulkAction(database, { id, projectId: PROJECT, actor: 'Ada', now })
    await cancelled
    await undoBulkAction(database, { id, projectId: PROJECT, actor: 'Ada', now })
    let count = 0
    const dying: Database = {
      ...database,
      transaction: (work) =>
        database.transaction(async (trx) => {
          const result = await work(trx)
          if (++count === 2) throw new Error('killed')
          return result
        }),
    }
    await expect(run(id, { on: dying, direction: 'back' })).rejects.toThrow('killed')
    await run(id, { direction: 'back' })
    expect(await find(id)).toMatchObject({
      state: 'undone',
      doneCount: 0,
      reachedCallId: expect.any(Number),
    })
    expect(await database.reader.selectFrom('call_tag').select('tag').execute()).toEqual([])
    const again = await undoBulkAction(database, { id, projectId: PROJECT, actor: 'Ada', now })
    expect(again).toEqual({ kind: 'refused', message: 'This action is undone already.' })
  })
})
