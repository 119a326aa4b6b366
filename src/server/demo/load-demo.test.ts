import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { answeredYesNo, Evidence } from '#contract/metric-result.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { evaluateCall } from '../evaluation/evaluate-call.ts'
import { listMetrics } from '../store/metrics.ts'
import { recordVerdicts } from '../store/verdicts.ts'
import { readDemoResults } from './demo-results.ts'
import { loadDemo } from './load-demo.ts'
import { countDemoCalls, removeDemo } from './remove-demo.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.close())

const tools = () => ({
  database: server.database,
  files: server.files,
  clock: Date.now,
  maxRecordingBytes: server.config.maxRecordingBytes,
})

async function load() {
  const steps: string[] = []
  const count = await loadDemo(tools(), {
    projectId: 1,
    onProgress: (done, total) => steps.push(`${done}/${total}`),
  })
  return { count, steps }
}

/** What the demo leaves in the database beyond calls and files. */
async function survey() {
  const { reader } = server.database
  const columns = ['call_id', 'status', 'success', 'is_judged', 'judge_success', 'topic'] as const
  return {
    calls: await reader
      .selectFrom('call')
      .select([...columns, 'dropoff_point', 'reviewer', 'feedback'])
      .where('is_demo', '=', 1)
      .orderBy('call_id')
      .execute(),
    verdicts: await reader
      .selectFrom('verdict')
      .select(['call_id', 'metric_id', 'score', 'source', 'is_current'])
      .orderBy('id')
      .execute(),
    tags: await reader
      .selectFrom('call_tag')
      .selectAll()
      .orderBy('call_id')
      .orderBy('tag')
      .execute(),
    events: await reader.selectFrom('review_event').select(['id', 'body']).orderBy('id').execute(),
    metrics: await listMetrics(reader, 1),
  }
}

describe('demo calls', () => {
  it('leave no file behind where one of them cannot be stored', async () => {
    const { database, files } = server
    const full = `create trigger full before insert on call begin select raise(abort, 'full'); end`
    await sql.raw(full).execute(database.writer)
    await expect(load()).rejects.toThrow('full')
    await sql`drop trigger full`.execute(database.writer)
    expect((await files.survey()).keys).toEqual([])
  })

  it('come with their work and their recordings, spread over the last days', async () => {
    const stories = (await readdir(join(import.meta.dirname, 'stories'))).length
    const { count, steps } = await load()
    expect([count, steps.length, steps.at(-1)]).toEqual([stories, stories, `${stories}/${stories}`])
    expect(await countDemoCalls(server.database, 1)).toBe(stories)
    const calls = await server.database.reader
      .selectFrom('call')
      .leftJoin('job', (join) =>
        join.on((eb) =>
          eb('job.subject', '=', eb.fn<string>('concat', [eb.val('call:'), 'call.id'])),
        ),
      )
      .select(['call.recording_state', 'call.started_at', 'job.kind'])
      .execute()
    for (const call of calls) {
      const kind = call.recording_state === 'none' ? 'evaluate-call' : 'prepare-recording'
      expect(call).toMatchObject({ kind })
      expect(call.started_at).toBeLessThan(Date.now())
    }
    const recordings = await readdir(join(import.meta.dirname, 'audio'))
    expect((await server.files.survey()).keys).toHaveLength(recordings.length)
  })

  it('come with their results, under the metrics of the catalogue, and point at moments', async () => {
    const { verdicts } = await survey()
    const files = (await readdir(join(import.meta.dirname, 'verdicts'))).map((it) =>
      it.slice(0, -5),
    )
    const found = await Promise.all(files.map(readDemoResults))
    const resultCount = found.reduce((sum, it) => sum + Object.keys(it?.results ?? {}).length, 0)
    expect(verdicts).toHaveLength(resultCount)
    for (const verdict of verdicts) {
      expect(verdict).toMatchObject({ source: 'recorded', is_current: 1 })
    }
    const rows = await server.database.reader.selectFrom('verdict').select('evidence').execute()
    const moments = rows.flatMap(({ evidence }) => z.array(Evidence).parse(JSON.parse(evidence)))
    expect(moments.length).toBeGreaterThan(resultCount)
    for (const { isFound, startSeconds } of moments) {
      expect([isFound, startSeconds === null]).toEqual([true, false])
    }
  })

  it('get computed results and their outcome from the job that every call has', async () => {
    const rows = server.database.reader.selectFrom('call').select('id').where('is_demo', '=', 1)
    for (const { id } of await rows.execute()) {
      const request = { payload: { callId: id }, now: Date.now() }
      await server.database.transaction((trx) => evaluateCall(trx, { hasJudge: false }, request))
    }
    const { calls, verdicts } = await survey()
    const measured = verdicts.filter(({ source }) => source === 'measured')
    expect(measured.length).toBeGreaterThan(calls.length * 5)
    const recorded = verdicts.filter(({ source }) => source === 'recorded')
    expect(recorded.every(({ is_current }) => is_current === 1)).toBe(true)
    const looped = calls.find((call) => call.dropoff_point === 'order_number')
    expect(looped).toMatchObject({
      status: 'reviewed_failure',
      success: 0,
      judge_success: 0,
      topic: 'delivery_status',
      reviewer: 'Maya',
    })
    // A reviewer took back what the judge had decided.
    const corrected = calls.filter(({ success, judge_success }) => success !== judge_success)
    expect(corrected.filter(({ judge_success }) => judge_success !== null)).toMatchObject([
      { status: 'reviewed_success', success: 1, judge_success: 0, is_judged: 1 },
    ])
    // Neither a judge's words nor a tool: nothing decides.
    const silent = calls.find(({ call_id }) => call_id.includes('silent'))
    expect(silent ?? calls.find((call) => call.is_judged === 0)).toMatchObject({ is_judged: 0 })
  })

  it('that are there already are left alone, also without results', async () => {
    const { writer } = server.database
    const [call] = (await survey()).calls
    const bare = { status: 'success' as const, is_judged: 0, judge_success: null, topic: '' }
    await writer.deleteFrom('verdict').execute()
    await writer.updateTable('call').set(bare).where('is_demo', '=', 1).execute()
    await load()
    const after = await survey()
    expect(after.verdicts).toEqual([])
    expect(after.calls[0]).toMatchObject({ call_id: call?.call_id, ...bare })
    await removeDemo(tools(), { projectId: 1, actor: 'test' })
    await load()
    expect((await survey()).verdicts.length).toBeGreaterThan(0)
  })

  it('do not come twice, and neither do their files', async () => {
    const { keys } = await server.files.survey()
    const before = await survey()
    await load()
    expect(await survey()).toEqual(before)
    expect((await server.files.survey()).keys).toEqual(keys)
  })

  it('go with everything that is theirs; a call of one’s own stays, and so does its agent', async () => {
    const { database, app, admin } = server
    const demoAgents = await database.reader
      .selectFrom('agent')
      .select(['id', 'name'])
      .where('is_demo', '=', 1)
      .orderBy('id')
      .execute()
    const own = await app.inject({
      method: 'POST',
      url: '/observability/v1/observe/',
      headers: admin,
      payload: {
        call_id: 'mine',
        agent: demoAgents[0]?.id,
        transcript_json: [{ role: 'Main Agent', content: 'Hi.', start_time: 0, end_time: 1 }],
      },
    })
    expect(own.statusCode).toBe(201)
    const [kept, ...others] = await listMetrics(database.reader, 1)
    if (kept === undefined || others.length === 0) throw new Error('the demo has no metrics')
    await database.transaction((trx) =>
      recordVerdicts(trx, {
        callId: own.json().id,
        verdicts: [{ ...answeredYesNo(true, {}), metricId: kept.id, source: 'judge' }],
        now: 1,
      }),
    )
    const removed = await removeDemo(tools(), { projectId: 1, actor: 'test' })
    expect(removed).toBeGreaterThan(5)
    // The metrics of the catalogue are the project's own, also where only demo calls had results.
    expect(await listMetrics(database.reader, 1)).toEqual([kept, ...others])
    expect((await survey()).verdicts).toMatchObject([
      { call_id: own.json().id, metric_id: kept.id },
    ])
    const left = await database.reader.selectFrom('call').select('call_id').execute()
    expect(left).toEqual([{ call_id: 'mine' }])
    const agents = database.reader.selectFrom('agent').select('id').where('is_demo', '=', 1)
    expect(await agents.execute()).toEqual([{ id: demoAgents[0]?.id }])
    expect((await server.files.survey()).keys).toEqual([])
    const subjects = await database.reader.selectFrom('job').select('subject').execute()
    expect(subjects).toEqual([{ subject: `call:${own.json().id}` }])
    expect(await removeDemo(tools(), { projectId: 1, actor: 'test' })).toBe(0)
  })
})
