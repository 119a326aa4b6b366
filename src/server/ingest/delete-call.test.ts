import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openTemporaryDatabase, saying, storeCalls } from '#testing/call-builder.ts'
import { storeMetric } from '#testing/metric-builder.ts'
import { addCallsToAction, findBulkAction, insertBulkAction } from '../store/bulk-actions.ts'
import { findCallRecord, insertPayload, updateCallRow } from '../store/calls.ts'
import { insertComment } from '../store/comments.ts'
import type { Database } from '../store/database.ts'
import { recordFeedback } from '../store/feedback.ts'
import { enqueueJob } from '../store/jobs.ts'
import { keepJudgeAnswer } from '../store/judge-answers.ts'
import { openRecordingFiles, type RecordingFiles } from '../store/recording-files.ts'
import { insertRecording } from '../store/recordings.ts'
import { findCallReview } from '../store/review-history.ts'
import { insertShareLink, listShareLinks } from '../store/share-links.ts'
import { castVote } from '../store/votes.ts'
import { blankCall, deleteCall } from './delete-call.ts'

let database: Database
let files: RecordingFiles
let close: () => Promise<void>
let callCount = 0

beforeAll(async () => {
  const temporary = await openTemporaryDatabase()
  ;({ database, close } = temporary)
  files = await openRecordingFiles(join(temporary.dataDir, 'recordings'))
})

afterAll(() => close())

/** A call with metadata, a payload, two waiting jobs, an answer of the judge and two recordings. */
async function aFullCall(): Promise<number> {
  callCount++
  const [id = 0] = await storeCalls(database, [
    {
      callId: `c-${callCount}`,
      fields: {
        status: 'reviewed_failure',
        success: 0,
        is_reviewed: 1,
        recording_state: 'ready',
        error_message: 'odd',
      },
      content: {
        metadata: '{"a":1}',
        ...saying('platypus'),
        transcript_type: 'vapi',
        recording_url: 'https://example.com/secret',
      },
    },
  ])
  await insertPayload(database.writer, {
    callId: id,
    revision: 1,
    source: 'observe',
    body: 'said',
    now: 0,
  })
  await enqueueJob(database.writer, {
    kind: 'evaluate-call',
    subject: `call:${id}`,
    payload: {},
    runAt: 0,
    now: 0,
  })
  await enqueueJob(database.writer, {
    kind: 'judge-call',
    subject: `call:${id}/run:7`,
    payload: {},
    runAt: 0,
    now: 0,
  })
  const answer = { answer: 'platypus', model: 'm', inputTokens: 1, outputTokens: 1, tookMs: 1 }
  await database.transaction((trx) =>
    keepJudgeAnswer(trx, { key: `of ${id}`, callId: id, answer, now: 0 }),
  )
  for (const fileName of ['old.wav', 'new.wav']) {
    const file = await files.receive(Readable.from([Buffer.from(fileName)]), { maxBytes: 100 })
    await insertRecording(database.writer, {
      callId: id,
      ...file,
      fileName,
      sourceUrl: null,
      now: 0,
    })
  }
  return id
}

const storedFiles = async () => (await files.survey()).keys.length

async function rowsAbout(id: number) {
  const subjects = [`call:${id}`, `call:${id}/run:7`]
  const counts = {
    payloads: database.reader.selectFrom('call_payload').select('id').where('call_id', '=', id),
    recordings: database.reader.selectFrom('recording').select('id').where('call_id', '=', id),
    jobs: database.reader.selectFrom('job').select('id').where('subject', 'in', subjects),
    answers: database.reader.selectFrom('judge_answer').select('key').where('call_id', '=', id),
  }
  const rows = await Promise.all(Object.values(counts).map((query) => query.execute()))
  return Object.fromEntries(Object.keys(counts).map((name, index) => [name, rows[index]?.length]))
}

const by = (id: number, projectId = 1) => ({ id, projectId, actor: 'Ada', now: 7000 })
const tools = () => ({ database, files })

describe.each([
  ['deleteCall', deleteCall],
  ['blankCall', blankCall],
] as const)('%s', (_name, remove) => {
  it('removes payloads, jobs, answers of the judge, every recording and its file', async () => {
    const id = await aFullCall()
    const before = await storedFiles()
    expect(await rowsAbout(id)).toEqual({ payloads: 1, recordings: 2, jobs: 2, answers: 1 })
    expect(await remove(tools(), by(id))).toBe(true)
    expect(await rowsAbout(id)).toEqual({ payloads: 0, recordings: 0, jobs: 0, answers: 0 })
    expect(await storedFiles()).toBe(before - 2)
  })

  it('ends the call in a rerun that waits for it, whose work is gone', async () => {
    const [id, other] = [await aFullCall(), await aFullCall()]
    const runId = await database.transaction(async (trx) => {
      const action = { projectId: 1, target: null, totalCount: 2, startedBy: 'Ada', now: 1 }
      const run = await insertBulkAction(trx, { ...action, work: { kind: 'rerun' } })
      await addCallsToAction(trx, { id: run.id, callIds: [id, other] })
      return run.id
    })
    await remove(tools(), by(id))
    expect(await findBulkAction(database.reader, { id: runId, projectId: 1 })).toMatchObject({
      state: 'running',
      doneCount: 1,
      skippedCount: 1,
    })
  })

  it('does nothing to a call of another project', async () => {
    const id = await aFullCall()
    const before = await storedFiles()
    expect(await remove(tools(), by(id, 2))).toBe(false)
    expect(await rowsAbout(id)).toEqual({ payloads: 1, recordings: 2, jobs: 2, answers: 1 })
    expect(await storedFiles()).toBe(before)
  })

  it('leaves other calls as they are', async () => {
    const [id, other] = [await aFullCall(), await aFullCall()]
    await remove(tools(), by(id))
    expect(await rowsAbout(other)).toEqual({ payloads: 1, recordings: 2, jobs: 2, answers: 1 })
    expect(await findCallRecord(database.reader, { id: other, projectId: 1 })).toMatchObject({
      transcriptText: '[00:00] Testing Agent: platypus',
    })
  })

  it('succeeds where a file is gone already', async () => {
    const id = await aFullCall()
    const { keys } = await files.survey()
    for (const key of keys) await files.remove(key)
    expect(await remove(tools(), by(id))).toBe(true)
  })

  it('writes down who did it', async () => {
    const id = await aFullCall()
    await remove(tools(), by(id))
    const entries = await database.reader
      .selectFrom('audit_log')
      .select(['at', 'actor'])
      .where('subject', '=', `call:${id}`)
      .execute()
    expect(entries).toEqual([{ at: 7000, actor: 'Ada' }])
  })
})

describe('deleteCall', () => {
  it('leaves no call behind, and says so the second time', async () => {
    const id = await aFullCall()
    await deleteCall(tools(), by(id))
    expect(await findCallRecord(database.reader, { id, projectId: 1 })).toBeNull()
    expect(await deleteCall(tools(), by(id))).toBe(false)
  })
})

describe('blankCall', () => {
  it('leaves what decides an outcome that is still open, and asks for it', async () => {
    const id = await aFullCall()
    const fields = { status: 'evaluating', success: null, is_reviewed: 0 } as const
    await updateCallRow(database.writer, { id, fields, now: 0 })
    await blankCall(tools(), by(id))
    const jobs = await database.reader
      .selectFrom('job')
      .select(['kind', 'run_at'])
      .where('subject', '=', `call:${id}`)
      .execute()
    expect(jobs).toEqual([{ kind: 'evaluate-call', run_at: 7000 }])
    expect(await findCallRecord(database.reader, { id, projectId: 1 })).toMatchObject({
      transcriptState: 'none',
      recordingState: 'none',
      errorMessage: 'odd',
    })
  })

  it('keeps outcome and metadata, and nothing that was said, heard or found there', async () => {
    const id = await aFullCall()
    await blankCall(tools(), by(id))
    expect(await findCallRecord(database.reader, { id, projectId: 1 })).toMatchObject({
      status: 'reviewed_failure',
      success: false,
      isReviewed: true,
      metadata: { a: 1 },
      transcriptText: '',
      segments: [],
      transcriptType: null,
      transcriptState: 'none',
      recordingState: 'none',
      recordingUrl: null,
      recording: null,
      errorMessage: null,
    })
    const found = await database.reader
      .selectFrom('call')
      .select('id')
      .where('id', '=', id)
      .where(database.dialect.matchesText(database.reader, 'platypus'))
      .execute()
    expect(found).toEqual([])
  })

  it('leaves no words of a reviewer, also in the history, and opens by no link', async () => {
    const [id, other] = [await aFullCall(), await aFullCall()]
    const metric = await storeMetric(database)
    for (const callId of [id, other]) await discuss(callId, metric)
    expect(await wordsAbout(id)).toContain('platypus')
    await blankCall(tools(), by(id))
    expect(await wordsAbout(id)).not.toContain('platypus')
    expect(await wordsAbout(other)).toContain('platypus')
    const counts = await database.reader
      .selectFrom('call')
      .select(['comment_count', 'open_comment_count', 'vote_count'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
    expect(counts).toEqual({ comment_count: 0, open_comment_count: 0, vote_count: 1 })
    const review = await findCallReview(database.reader, id)
    expect(review).toMatchObject({ feedback: '', votes: [{ agrees: false, note: '' }] })
    const standing = { now: 7000, limit: 9 }
    expect(await listShareLinks(database.reader, { callId: id, ...standing })).toEqual([])
    expect(await listShareLinks(database.reader, { callId: other, ...standing })).toHaveLength(1)
  })
})

/** Says "platypus" wherever a reviewer can, and shares the call. */
async function discuss(callId: number, metric: { id: number; name: string }): Promise<void> {
  const said = { callId, reviewer: 'Bo', now: 5 }
  await database.transaction(async (trx) => {
    const comment = { owner: 'key:1', author: 'Bo', parentId: null, atSeconds: 1 }
    const place = { callId, segmentIndex: null, now: 5 }
    await insertComment(trx, { ...comment, ...place, text: 'A platypus?' })
    await recordFeedback(trx, { ...said, feedback: 'No platypus' })
    await recordFeedback(trx, { ...said, feedback: 'Still no platypus' })
    const vote = { agrees: false, expectedValue: null, note: 'platypus' }
    await castVote(trx, { ...said, metric, vote })
    await castVote(trx, { ...said, metric, vote: { ...vote, note: 'a platypus' } })
    const link = { tokenHash: `token of ${callId}`, author: 'Bo', now: 5, expiresAt: 9000 }
    await insertShareLink(trx, { callId, ...link })
  })
}

/** What reviewers wrote about a call, as it is stored. */
async function wordsAbout(id: number): Promise<string> {
  const { reader } = database
  const rows = [
    await reader.selectFrom('call').select('feedback').where('id', '=', id).execute(),
    await reader.selectFrom('call_comment').select('text').where('call_id', '=', id).execute(),
    await reader.selectFrom('metric_vote').select('note').where('call_id', '=', id).execute(),
    await reader.selectFrom('review_event').select('body').where('call_id', '=', id).execute(),
  ]
  return JSON.stringify(rows)
}
