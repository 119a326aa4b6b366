import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EMPTY_RUBRIC } from '#contract/rubric.ts'
import { recordResult } from '#testing/record-result.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { updateCallRow } from '../store/calls.ts'
import { listMetrics } from '../store/metrics.ts'
import { findRubricOutcome, saveRubric } from '../store/rubrics.ts'
import { evaluateCall } from './evaluate-call.ts'
import { mustPass } from './install-metrics.ts'

let server: TestServer
let id: number

beforeAll(async () => {
  server = await startTestServer()
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    headers: server.admin,
    payload: {
      call_id: 'c',
      agent: 1,
      transcript_json: [{ role: 'Main Agent', content: 'Hi.', start_time: 0, end_time: 1 }],
    },
  })
  id = response.json().id
})

afterAll(() => server.close())

const EVALUATING = {
  status: 'evaluating',
  success: null,
  is_reviewed: 0,
  transcript_state: 'ready',
  recording_state: 'none',
  error_message: null,
} as const

/** Evaluates the call in a state and gives what became of it. */
async function outcomeOf(fields: Parameters<typeof updateCallRow>[1]['fields']) {
  const { database } = server
  await updateCallRow(database.writer, { id, fields: { ...EVALUATING, ...fields }, now: 1 })
  await database.transaction((trx) =>
    evaluateCall(trx, { hasJudge: false }, { payload: { callId: id }, now: 2 }),
  )
  return database.reader
    .selectFrom('call')
    .select(['status', 'success', 'is_judged'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
}

describe('evaluateCall', () => {
  it('passes a call that no metric can fail yet, and does not claim to have judged it', async () => {
    expect(await outcomeOf({})).toEqual({ status: 'success', success: 1, is_judged: 0 })
    const withoutTurns = { transcript_state: 'none' } as const
    expect(await outcomeOf(withoutTurns)).toMatchObject({ status: 'success' })
  })

  it('passes a call with a transcript whose recording is lost', async () => {
    const lost = { recording_state: 'failed', error_message: 'answered 404' } as const
    expect(await outcomeOf(lost)).toMatchObject({ status: 'success', success: 1 })
  })

  it('fails a call that never took place', async () => {
    const never = {
      transcript_state: 'none',
      error_message: 'The call was never connected.',
    } as const
    expect(await outcomeOf(never)).toMatchObject({ status: 'failure', success: null })
  })

  it('waits for a transcription, and fails once the recording is lost', async () => {
    for (const recording_state of ['waiting', 'analysing', 'ready'] as const) {
      const fields = { transcript_state: 'needs-transcription', recording_state } as const
      expect(await outcomeOf(fields)).toMatchObject({ status: 'evaluating', success: null })
    }
    const lost = { transcript_state: 'needs-transcription', recording_state: 'failed' } as const
    expect(await outcomeOf(lost)).toMatchObject({ status: 'failure', success: null })
  })

  it('decides by the rubric over the results it has, recorded ones too, and not without a rule', async () => {
    const { database } = server
    await database.transaction((trx) => recordResult(trx, { callId: id }))
    expect(await outcomeOf({})).toEqual({ status: 'success', success: 1, is_judged: 0 })
    const [metric] = await listMetrics(database.reader, 1)
    const rule = mustPass({ id: metric?.id ?? 0 })
    const rubric = { logic: 'and' as const, rules: [rule] }
    await saveRubric(database.writer, { projectId: 1, rubric, now: 1 })
    expect(await outcomeOf({})).toEqual({ status: 'failure', success: 0, is_judged: 1 })
    expect(await findRubricOutcome(database.reader, id)).toMatchObject({
      success: false,
      findings: [{ metricName: 'Politeness', actual: 0, passed: false }],
    })
    await saveRubric(database.writer, { projectId: 1, rubric: EMPTY_RUBRIC, now: 1 })
    expect(await outcomeOf({})).toEqual({ status: 'success', success: 1, is_judged: 0 })
  })

  it('leaves a person’s verdict alone', async () => {
    const verdict = { status: 'reviewed_failure', success: 0, is_reviewed: 1 } as const
    expect(await outcomeOf(verdict)).toMatchObject({ status: 'reviewed_failure', success: 0 })
  })

  it('does nothing for a call that is gone', async () => {
    const { database } = server
    const evaluating = database.transaction((trx) =>
      evaluateCall(trx, { hasJudge: false }, { payload: { callId: 999 }, now: 1 }),
    )
    await expect(evaluating).resolves.toBeUndefined()
  })
})
