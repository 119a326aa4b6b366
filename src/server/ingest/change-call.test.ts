import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toCallLogDetail } from '#contract/wire/call-log.ts'
import { WireCallLogPatch } from '#contract/wire/observe.ts'
import { openTemporaryDatabase, type StoredCall, storeCalls } from '#testing/call-builder.ts'
import { ensureFirstAgent } from '../store/agents.ts'
import { findCallRecord } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import { type ChangeResult, changeCall } from './change-call.ts'

let database: Database
let close: () => Promise<void>
let callCount = 0

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
})

afterAll(() => close())

async function aCall(call: Partial<StoredCall> = {}): Promise<number> {
  callCount++
  const [id = 0] = await storeCalls(database, [{ callId: `c-${callCount}`, ...call }])
  return id
}

const NOTHING_MORE = {
  results: [],
  family: 'v1' as const,
  names: new Map(),
  recordingHref: '',
  rubric: null,
  speech: null,
}

function change(id: number, patch: Record<string, unknown>, projectId = 1): Promise<ChangeResult> {
  return changeCall(database, {
    id,
    projectId,
    patch: WireCallLogPatch.parse(patch),
    reviewer: 'Ada',
    current: (call) => toCallLogDetail(call, NOTHING_MORE),
    now: 5000,
  })
}

const recordOf = (id: number) => findCallRecord(database.reader, { id, projectId: 1 })

async function jobsAbout(id: number) {
  const rows = database.reader.selectFrom('job').select(['kind', 'run_at'])
  return rows.where('subject', '=', `call:${id}`).execute()
}

describe('changeCall', () => {
  it('does not find calls of other projects', async () => {
    const id = await aCall()
    expect(await change(id, { feedback: 'x' }, 2)).toEqual({ kind: 'not-found' })
    expect(await recordOf(id)).toMatchObject({ feedback: '' })
  })

  it('changes all or nothing', async () => {
    const id = await aCall()
    const result = await change(id, {
      feedback: 'x',
      transcript_json: [{ role: 'bot', content: 'x' }],
    })
    expect(result).toMatchObject({
      kind: 'refused',
      problem: { transcript_json: [expect.any(String)] },
    })
    expect(await recordOf(id)).toMatchObject({ feedback: '' })
  })

  it('keeps the change in the history of payloads, without counting it as a revision', async () => {
    const id = await aCall()
    await change(id, { feedback: 'x' })
    const payload = await database.reader
      .selectFrom('call_payload')
      .select(['source', 'revision', 'body'])
      .where('call_id', '=', id)
      .executeTakeFirst()
    expect(payload).toEqual({ source: 'patch', revision: 1, body: '{"feedback":"x"}' })
  })

  it('asks for an evaluation only where the change does', async () => {
    const id = await aCall({ fields: { status: 'success', success: 1 } })
    await change(id, { feedback: 'x' })
    expect(await jobsAbout(id)).toEqual([])
    expect(await recordOf(id)).toMatchObject({ status: 'success' })
    await change(id, { reevaluate_metrics: true })
    expect(await jobsAbout(id)).toEqual([{ kind: 'evaluate-call', run_at: 5000 }])
    expect(await recordOf(id)).toMatchObject({ status: 'evaluating', success: null })
  })

  it('forgets what was judged of another transcript once it is evaluated again', async () => {
    const id = await aCall({ fields: { status: 'failure', success: 0, judge_success: 0 } })
    const judged = async () => {
      const rows = database.reader.selectFrom('call').select('judge_success')
      return (await rows.where('id', '=', id).executeTakeFirst())?.judge_success
    }
    await change(id, { reevaluate_metrics: true })
    expect(await judged()).toBe(0)
    await change(id, { transcript_json: [{ role: 'user', content: 'Hi.' }] })
    expect(await judged()).toBe(0)
    const transcript_json = [{ role: 'user', content: 'Ho.' }]
    await change(id, { transcript_json, reevaluate_metrics: true })
    expect(await judged()).toBeNull()
  })

  it('judges and reevaluates at once without losing the verdict', async () => {
    const id = await aCall()
    await change(id, { status: 'reviewed_failure', reevaluate_metrics: true })
    expect(await recordOf(id)).toMatchObject({ status: 'reviewed_failure', success: false })
  })

  it('asks for the evaluation that waited for the transcript', async () => {
    const id = await aCall({ fields: { transcript_state: 'needs-transcription' } })
    await change(id, { transcript_json: [{ role: 'user', content: 'Hi.' }] })
    expect(await jobsAbout(id)).toEqual([{ kind: 'evaluate-call', run_at: 5000 }])
    expect(await recordOf(id)).toMatchObject({ transcriptState: 'ready' })
  })

  it('refuses to call reviewed what has no outcome, and takes back what was not there', async () => {
    const id = await aCall()
    expect(await change(id, { is_reviewed: true })).toMatchObject({
      kind: 'refused',
      problem: { is_reviewed: [expect.any(String)] },
    })
    expect(await change(id, { is_reviewed: false })).toEqual({ kind: 'changed' })
    expect(await recordOf(id)).toMatchObject({ status: 'evaluating', isReviewed: false })
  })

  it('refuses read-only and unknown fields, unless they come back as they are', async () => {
    const id = await aCall({ fields: { topic: 'refund' } })
    expect(await change(id, { topic: 'refund', id, metrics: [], agent: null })).toEqual({
      kind: 'changed',
    })
    expect(await change(id, { topic: 'other', constructor: 1 })).toMatchObject({
      kind: 'refused',
      problem: {
        topic: [expect.stringContaining('read-only')],
        constructor: [expect.stringContaining('no such field')],
      },
    })
  })

  it('replaces transcript, times and length together', async () => {
    const id = await aCall({ fields: { duration_ms: 1000 }, content: { transcript_text: 'old' } })
    const transcript_json = [{ role: 'Main Agent', content: 'New.', start_time: 1, end_time: 3.5 }]
    await change(id, { transcript_json })
    expect(await recordOf(id)).toMatchObject({
      transcriptText: '[00:01] Main Agent: New.',
      transcriptType: 'cekura',
      durationSeconds: 3.5,
      segments: [{ kind: 'speech', text: 'New.', startSeconds: 1, endSeconds: 3.5 }],
    })
  })

  it('gives the speakers of a Deepgram transcript as at first, by who called whom', async () => {
    await ensureFirstAgent(database.writer, { projectId: 1, now: 0 })
    const agents = database.writer.updateTable('agent').set({ is_inbound: 0 })
    await agents.execute()
    const agent = await database.reader.selectFrom('agent').select('id').executeTakeFirstOrThrow()
    const id = await aCall({ fields: { agent_id: agent.id } })
    const word = (text: string, start: number, speaker: number) => ({
      word: text,
      start,
      end: start + 0.4,
      speaker,
    })
    await change(id, { transcript_json: [word('hello', 0, 0), word('hi', 1, 1)] })
    // Who is called speaks first: of an outbound agent that is the caller's side.
    expect(await recordOf(id)).toMatchObject({
      speakerRule: 'first speaker (outbound)',
      segments: [{ speaker: 'caller' }, { speaker: 'agent' }],
    })
  })

  it('keeps the length where the new transcript has no times', async () => {
    const id = await aCall({ fields: { duration_ms: 1000 } })
    await change(id, { transcript_json: [{ role: 'assistant', content: 'New.' }] })
    expect(await recordOf(id)).toMatchObject({ durationSeconds: 1 })
  })
})

describe('a verdict of a person', () => {
  async function standing(id: number) {
    return database.reader
      .selectFrom('call')
      .select(['status', 'success', 'is_reviewed', 'reviewer', 'reviewed_at'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  }

  async function events(id: number) {
    const rows = await database.reader
      .selectFrom('review_event')
      .select(['kind', 'reviewer', 'body', 'bulk_action_id', 'created_at'])
      .where('call_id', '=', id)
      .orderBy('id')
      .execute()
    return rows.map(({ body, ...row }) => ({ ...row, ...JSON.parse(body) }))
  }

  it('says who decided and when, and keeps what stood before', async () => {
    const id = await aCall({ fields: { status: 'success', success: 1 } })
    await change(id, { status: 'reviewed_failure' })
    expect(await standing(id)).toEqual({
      status: 'reviewed_failure',
      success: 0,
      is_reviewed: 1,
      reviewer: 'Ada',
      reviewed_at: 5000,
    })
    expect(await events(id)).toEqual([
      {
        kind: 'status',
        reviewer: 'Ada',
        bulk_action_id: null,
        created_at: 5000,
        origin: 'decision',
        set: {
          status: 'reviewed_failure',
          success: false,
          isReviewed: true,
          reviewer: 'Ada',
          reviewedAt: 5000,
          revision: 1,
        },
        before: {
          status: 'success',
          success: true,
          isReviewed: false,
          reviewer: '',
          reviewedAt: null,
          revision: 1,
        },
      },
    ])
  })

  it('is nobody’s any more once it is taken back', async () => {
    const id = await aCall({ fields: { status: 'success', success: 1 } })
    await change(id, { status: 'reviewed_success' })
    await change(id, { is_reviewed: false })
    expect(await standing(id)).toMatchObject({
      status: 'success',
      is_reviewed: 0,
      reviewer: '',
      reviewed_at: null,
    })
    expect(await events(id)).toHaveLength(2)
  })

  it('is not recorded for other changes, nor for refused ones', async () => {
    const id = await aCall()
    await change(id, { customer_number: '+1' })
    await change(id, {
      status: 'reviewed_success',
      feedback: 'x',
      transcript_json: [{ role: 'bot', content: 'x' }],
    })
    expect(await events(id)).toEqual([])
    expect(await standing(id)).toMatchObject({ status: 'evaluating', reviewer: '' })
  })
})
