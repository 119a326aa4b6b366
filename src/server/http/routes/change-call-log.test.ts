import { readdirSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { multipart } from '#testing/multipart.ts'
import { recordResult } from '#testing/record-result.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { wavWithTones } from '#testing/wav.ts'

let server: TestServer

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.close())

const LOGS = '/observability/v1/call-logs/'

const TWO_TURNS = [
  { role: 'Testing Agent', content: 'Hello.', start_time: 1, end_time: 2 },
  { role: 'Main Agent', content: 'Hi, how can I help?', start_time: 2.1, end_time: 4 },
]

let callCount = 0

async function aCall(body: object = {}): Promise<number> {
  callCount++
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    headers: server.admin,
    payload: { call_id: `c-${callCount}`, agent: 1, transcript_json: TWO_TURNS, ...body },
  })
  expect(response.statusCode).toBe(201)
  return response.json().id
}

async function aCallWithAudio(): Promise<number> {
  callCount++
  const form = multipart([
    { name: 'call_id', content: `c-${callCount}` },
    { name: 'agent', content: '1' },
    { name: 'voice_recording', fileName: 'x.wav', content: wavWithTones({ durationSeconds: 3 }) },
  ])
  const headers = { ...form.headers, ...server.admin }
  const url = '/observability/v1/observe/'
  const response = await server.app.inject({ method: 'POST', url, headers, payload: form.payload })
  expect(response.statusCode).toBe(201)
  return response.json().id
}

async function aCallWithResults(): Promise<number> {
  const id = await aJudgedCall()
  await server.database.transaction((trx) => recordResult(trx, { callId: id }))
  return id
}

async function aJudgedCall(body: object = {}): Promise<number> {
  const id = await aCall(body)
  await server.settle()
  return id
}

function get(id: number | string, path = LOGS) {
  return server.app.inject({ url: `${path}${id}/`, headers: server.admin })
}

async function detailOf(id: number) {
  const response = await get(id)
  expect(response.statusCode).toBe(200)
  return response.json()
}

function patch(id: number | string, payload: object) {
  return server.app.inject({
    method: 'PATCH',
    url: `${LOGS}${id}/`,
    headers: server.admin,
    payload,
  })
}

async function refusal(id: number, payload: object) {
  // Its first evaluation must not come between the two looks.
  await server.settle()
  const before = await detailOf(id)
  const response = await patch(id, payload)
  expect(response.statusCode).toBe(400)
  expect(await detailOf(id)).toEqual(before)
  return response.json()
}

describe('one call log', () => {
  it('has every field of the detail shape', async () => {
    const id = await aCall()
    expect(Object.keys(await detailOf(id)).sort()).toEqual(
      [
        'id call_id trace_id duration status success is_reviewed feedback timestamp call_ended_reason',
        'dropoff_point topic customer_number agent agent_name error_message transcript created_at',
        'updated_at voice_recording_url critical_categories transcript_object agent_id evaluation',
        'metadata dynamic_variables testing_channel_index rubric user_generated_transcript project',
        'metrics assistant_id recording_data',
      ]
        .flatMap((line) => line.split(' '))
        .sort(),
    )
  })

  it('is served under every address that clients know', async () => {
    const id = await aCall()
    for (const prefix of ['', '/api']) {
      for (const family of ['v1/call-logs', 'v1/call-logs-external', 'v2/call-logs']) {
        for (const slash of ['', '/']) {
          const url = `${prefix}/observability/${family}/${id}${slash}`
          const response = await server.app.inject({ url, headers: server.admin })
          expect([url, response.statusCode]).toEqual([url, 200])
        }
      }
    }
  })

  it.each([
    ['GET', undefined],
    ['PATCH', {}],
    ['DELETE', undefined],
  ] as const)('is not found by %s where there is none', async (method, payload) => {
    const url = `${LOGS}999999/`
    const response = await server.app.inject({ method, url, headers: server.admin, payload })
    expect(response.statusCode).toBe(404)
    expect(response.json()).toEqual({ detail: 'Call log not found.' })
  })

  it.each(['abc', '0', '-1', '1.5', '1e999', '99999999999999999999'])(
    'has a whole number as its id, not %s',
    async (id) => {
      const response = await get(id)
      expect(response.statusCode).toBe(400)
      expect(Object.keys(response.json())).toEqual(['id'])
    },
  )

  it('answers a broken address in the error shape', async () => {
    const url = `${LOGS}%E0%A4%A/`
    const response = await server.app.inject({ url, headers: server.admin })
    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ detail: expect.any(String) })
  })
})

describe('changing the verdict', () => {
  it.each([
    ['success', true, false],
    ['failure', false, false],
    ['reviewed_success', true, true],
    ['reviewed_failure', false, true],
  ])('to %s sets success and is_reviewed with it', async (status, success, is_reviewed) => {
    const response = await patch(await aJudgedCall(), { status })
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject({ status, success, is_reviewed })
  })

  it.each([
    [{ success: false }, 'reviewed_failure', false, true],
    [{ success: true }, 'reviewed_success', true, true],
    [{ is_reviewed: true }, 'reviewed_success', true, true],
    [{ success: false, is_reviewed: false }, 'failure', false, false],
    [{ success: false, is_reviewed: 'true' }, 'reviewed_failure', false, true],
  ])('by the older %j is understood', async (body, status, success, is_reviewed) => {
    const response = await patch(await aJudgedCall(), body)
    expect(response.json()).toMatchObject({ status, success, is_reviewed })
  })

  it('can be taken back', async () => {
    const id = await aJudgedCall()
    await patch(id, { status: 'reviewed_failure' })
    await patch(id, { status: 'success' })
    expect(await detailOf(id)).toMatchObject({
      status: 'success',
      success: true,
      is_reviewed: false,
    })
  })

  it.each(['evaluating', 'completed', 'failed', '', null, 7])(
    'to %j is refused',
    async (status) => {
      expect(Object.keys(await refusal(await aJudgedCall(), { status }))).toEqual(['status'])
    },
  )

  it('to reviewed is refused before there is an outcome', async () => {
    const id = await aCall({ defer_evaluation: true })
    expect(Object.keys(await refusal(id, { is_reviewed: true }))).toEqual(['is_reviewed'])
    expect((await patch(id, { is_reviewed: true, success: false })).json()).toMatchObject({
      status: 'reviewed_failure',
    })
  })

  it.each([
    ['a reevaluation', (id: number) => patch(id, { reevaluate_metrics: true })],
    ['a new transcript', (id: number) => patch(id, { transcript_json: TWO_TURNS.slice(0, 1) })],
    ['a new payload', () => aRevision()],
  ])('outlives %s where a person decided it', async (_name, disturb) => {
    const id = await aJudgedCall()
    await patch(id, { status: 'reviewed_failure', feedback: 'Wrong price' })
    await disturb(id)
    await server.settle()
    expect(await detailOf(id)).toMatchObject({
      status: 'reviewed_failure',
      success: false,
      is_reviewed: true,
      feedback: 'Wrong price',
    })
  })

  /** The newest call once more, with other words. */
  function aRevision() {
    const payload = {
      call_id: `c-${callCount}`,
      agent: 1,
      transcript_json: [{ role: 'Main Agent', content: 'Something else.' }],
    }
    const url = '/observability/v1/observe/'
    return server.app.inject({ method: 'POST', url, headers: server.admin, payload })
  }
})

describe('changing fields', () => {
  it('sets each text and answers with the changed call', async () => {
    const change = {
      feedback: 'Good call',
      call_id: 'renamed',
      call_ended_reason: 'agent-ended-call',
      customer_number: '+15550111',
    }
    const response = await patch(await aCall(), change)
    expect(response.statusCode).toBe(200)
    expect(response.json()).toMatchObject(change)
  })

  it('leaves out what is not given', async () => {
    const id = await aJudgedCall({ feedback: 'stays', customer_number: '+1' })
    const before = await detailOf(id)
    const { updated_at, ...after } = (await patch(id, {})).json()
    expect(before).toMatchObject(after)
  })

  it('empties a text that is set to null', async () => {
    const id = await aCall({ feedback: 'goes' })
    expect((await patch(id, { feedback: null })).json()).toMatchObject({ feedback: '' })
  })

  it('moves a call in time, and in the list', async () => {
    const id = await aCall({ timestamp: '2020-01-01T00:00:00Z' })
    await patch(id, { timestamp: '2099-01-01T12:00:00-05:00' })
    expect(await detailOf(id)).toMatchObject({ timestamp: '2099-01-01T17:00:00.000Z' })
    const list = await server.app.inject({ url: `${LOGS}?page_size=1`, headers: server.admin })
    expect(list.json().results[0]).toMatchObject({ id })
  })

  it.each([
    [1.5, '01:30'],
    ['1.5', '01:30'],
    [0, '00:00'],
    [75.15, '75:09'],
  ])('reads duration %j as minutes', async (duration, shown) => {
    expect((await patch(await aCall(), { duration })).json()).toMatchObject({ duration: shown })
  })

  it.each([-1, 'soon', '', null, []])('refuses the duration %j', async (duration) => {
    expect(Object.keys(await refusal(await aCall(), { duration }))).toEqual(['duration'])
  })

  it('merges metadata and variables at the top level, replacing what lies deeper', async () => {
    const id = await aCall({
      metadata: { a: 1, nested: { x: 1, y: 2 } },
      dynamic_variables: { name: 'Ada' },
    })
    const response = await patch(id, {
      metadata: { b: 2, nested: { z: 3 } },
      dynamic_variables: { city: 'Bern' },
    })
    expect(response.json()).toMatchObject({
      metadata: { a: 1, b: 2, nested: { z: 3 } },
      dynamic_variables: { name: 'Ada', city: 'Bern' },
    })
    expect(response.json().metadata.nested).toEqual({ z: 3 })
  })

  it.each(['list', 7, [1]])('refuses the metadata %j', async (metadata) => {
    expect(Object.keys(await refusal(await aCall(), { metadata }))).toEqual(['metadata'])
  })

  it('refuses a call_id that another call has', async () => {
    await aCall({ call_id: 'taken' })
    expect(await refusal(await aCall(), { call_id: 'taken' })).toEqual({
      call_id: ['Another call has the call_id "taken" already.'],
    })
  })

  it('accepts the call_id that the call has already', async () => {
    const id = await aCall({ call_id: 'mine' })
    expect((await patch(id, { call_id: 'mine' })).statusCode).toBe(200)
  })

  it('makes a new call_id searchable, and the old one no more', async () => {
    const id = await aCall({ call_id: 'before-the-change' })
    await patch(id, { call_id: 'behind-the-change' })
    const found = async (search: string) => {
      const url = `${LOGS}?ql={id}&search=${search}`
      return (await server.app.inject({ url, headers: server.admin })).json().results
    }
    expect(await found('behind-the')).toEqual([{ id }])
    expect(await found('before-the')).toEqual([])
  })

  it('refuses fields that do not exist, by name', async () => {
    const problem = await refusal(await aCall(), { colour: 'red', toString: 1, feedback: 'no' })
    expect(problem).toEqual({
      colour: [expect.stringMatching(/^There is no such field\. Fields that can be set: status,/)],
      toString: [expect.stringMatching(/^There is no such field/)],
    })
  })

  it.each([
    ['agent', 2],
    ['project', 2],
    ['evaluation', { metrics: [1] }],
    ['topic', 'refund'],
    ['dropoff_point', 'greeting'],
    ['id', 7],
    ['transcript', 'Main Agent: No.'],
    ['voice_recording_url', 'https://example.com/x.wav'],
  ])('refuses to set the read-only field %s', async (field, value) => {
    const problem = await refusal(await aCall(), { [field]: value })
    expect(problem).toEqual({ [field]: [expect.stringMatching(/^This field is read-only/)] })
  })

  it.each([
    ['still evaluating', () => aCall({ defer_evaluation: true })],
    ['judged', () => aJudgedCall()],
    ['with results of metrics', () => aCallWithResults()],
    ['with a recording', () => aCallWithAudio()],
  ])('accepts a whole call that comes back unchanged, %s', async (_name, make) => {
    const before = await detailOf(await make())
    const response = await patch(before.id, before)
    expect(response.statusCode).toBe(200)
    const { updated_at, ...after } = response.json()
    expect(before).toMatchObject(after)
  })

  it.each([
    ['a list', '[]'],
    ['nothing', ''],
    ['broken JSON', '{'],
    [
      'JSON that is nested 20,000 times',
      `{"metadata":${'{"a":'.repeat(20_000)}1${'}'.repeat(20_001)}`,
    ],
  ])('refuses %s as a body', async (_name, payload) => {
    const response = await server.app.inject({
      method: 'PATCH',
      url: `${LOGS}${await aCall()}/`,
      headers: { ...server.admin, 'content-type': 'application/json' },
      payload,
    })
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual(['non_field_errors'])
  })

  it('accepts forms', async () => {
    const id = await aCall()
    const fields = { duration: '2', metadata: '{"a":1}', reevaluate_metrics: 'false' }
    const url = `${LOGS}${id}/`
    const form = await server.app.inject({
      method: 'PATCH',
      url,
      headers: { ...server.admin, 'content-type': 'application/x-www-form-urlencoded' },
      payload: new URLSearchParams(fields).toString(),
    })
    expect(form.json()).toMatchObject({ duration: '02:00', metadata: { a: 1 } })
    const parts = multipart([{ name: 'feedback', content: 'by multipart' }])
    const headers = { ...parts.headers, ...server.admin }
    const { payload } = parts
    const multi = await server.app.inject({ method: 'PATCH', url, headers, payload })
    expect(multi.json()).toMatchObject({ feedback: 'by multipart' })
  })

  it('refuses a recording and keeps no file of it', async () => {
    const id = await aCall()
    const { keys: before } = await server.files.survey()
    const { payload, headers } = multipart([
      { name: 'voice_recording', fileName: 'x.wav', content: wavWithTones({ durationSeconds: 1 }) },
    ])
    const response = await server.app.inject({
      method: 'PATCH',
      url: `${LOGS}${id}/`,
      headers: { ...headers, ...server.admin },
      payload,
    })
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual(['voice_recording'])
    expect((await server.files.survey()).keys).toEqual(before)
  })
})

describe('changing the transcript', () => {
  const vapi = [
    {
      role: 'bot',
      message: 'Good morning.',
      time: 1728862776000,
      endTime: 1728862778000,
      secondsFromStart: 0.5,
    },
    {
      role: 'user',
      message: 'Hello.',
      time: 1728862779000,
      endTime: 1728862780000,
      secondsFromStart: 3.5,
    },
  ]

  it('replaces words, object and length, and finds out the format', async () => {
    const id = await aCall()
    const response = await patch(id, { transcript_json: vapi })
    expect(response.json()).toMatchObject({
      transcript: '[00:00] Main Agent: Good morning.\n[00:03] Testing Agent: Hello.',
      transcript_object: [
        // From 0.5 s on, as long as from `time` to `endTime`.
        { role: 'Main Agent', start_time: 0.5, end_time: 2.5 },
        { role: 'Testing Agent', start_time: 3.5, end_time: 4.5 },
      ],
      duration: '00:04',
    })
    const seat = await server.app.inject({ url: `/api/calls/${id}`, headers: server.admin })
    expect(seat.json()).toMatchObject({ transcriptType: 'vapi' })
  })

  it('makes the new words searchable, and the old ones no more', async () => {
    const id = await aCall({ transcript_json: [{ role: 'Main Agent', content: 'platypus' }] })
    await patch(id, { transcript_json: [{ role: 'Main Agent', content: 'wombat' }] })
    const count = async (search: string) =>
      (await server.app.inject({ url: `${LOGS}?search=${search}`, headers: server.admin })).json()
        .count
    expect([await count('platypus'), await count('wombat')]).toEqual([0, 1])
  })

  it('follows a named format', async () => {
    const response = await patch(await aCall(), { transcript_json: vapi, transcript_type: 'vapi' })
    expect(response.statusCode).toBe(200)
  })

  it.each([
    ['none-mono', { transcript_json: vapi, transcript_type: 'none-mono' }, 'transcript_type'],
    ['an unknown format', { transcript_json: vapi, transcript_type: 'x' }, 'transcript_type'],
    ['nothing spoken', { transcript_json: [] }, 'transcript_json'],
    ['a wrong role', { transcript_json: [{ role: 'bot', content: 'x' }] }, 'transcript_json'],
  ])('refuses %s', async (_name, body, field) => {
    expect(Object.keys(await refusal(await aCall(), body))).toEqual([field])
  })

  it('keeps the measured length of a recording', async () => {
    const id = await aCallWithAudio()
    await server.settle()
    await patch(id, { transcript_json: TWO_TURNS })
    expect(await detailOf(id)).toMatchObject({ duration: '00:03' })
  })

  it('ends the waiting of a call that had only audio', async () => {
    const id = await aCallWithAudio()
    await server.settle()
    expect(await detailOf(id)).toMatchObject({ status: 'evaluating' })
    await patch(id, { transcript_json: TWO_TURNS })
    await server.settle()
    expect(await detailOf(id)).toMatchObject({ status: 'success', success: true })
  })
})

describe('reevaluate_metrics', () => {
  it('releases a deferred evaluation', async () => {
    const id = await aCall({ defer_evaluation: true })
    await server.settle()
    expect(await detailOf(id)).toMatchObject({ status: 'evaluating', success: null })
    await patch(id, { metadata: { answered_by: 'human' }, reevaluate_metrics: true })
    await server.settle()
    expect(await detailOf(id)).toMatchObject({
      status: 'success',
      success: true,
      metadata: { answered_by: 'human' },
    })
  })

  it('leaves a deferred evaluation deferred where it is false', async () => {
    const id = await aCall({ defer_evaluation: true })
    await patch(id, { feedback: 'x', reevaluate_metrics: false })
    await server.settle()
    expect(await detailOf(id)).toMatchObject({ status: 'evaluating' })
  })

  it('evaluates a judged call again', async () => {
    const id = await aJudgedCall()
    const response = await patch(id, { reevaluate_metrics: true })
    expect(response.json()).toMatchObject({ status: 'evaluating', success: null })
    await server.settle()
    expect(await detailOf(id)).toMatchObject({ status: 'success', success: true })
  })
})

describe('deleting', () => {
  const remove = (id: number, query = '') =>
    server.app.inject({ method: 'DELETE', url: `${LOGS}${id}/${query}`, headers: server.admin })

  const removeSeveral = (payload: object) =>
    server.app.inject({
      method: 'POST',
      url: `${LOGS}delete_call_logs/`,
      headers: server.admin,
      payload,
    })

  async function filesOf(id: number): Promise<string[]> {
    const rows = await server.database.reader
      .selectFrom('recording')
      .select('storage_key')
      .where('call_id', '=', id)
      .execute()
    return rows.map((row) => row.storage_key)
  }

  async function rowsAbout(id: number) {
    const tables = ['call_content', 'call_payload', 'call_attribute', 'recording'] as const
    const counts = await Promise.all(
      tables.map((table) =>
        server.database.reader
          .selectFrom(table)
          .select('call_id')
          .where('call_id', '=', id)
          .execute(),
      ),
    )
    return counts.flat().length
  }

  it('removes the call, its rows and its files', async () => {
    const id = await aCallWithAudio()
    await server.settle()
    const [key = ''] = await filesOf(id)
    expect((await server.files.survey()).keys).toContain(key)
    const response = await remove(id)
    expect(response.statusCode).toBe(204)
    expect(response.body).toBe('')
    expect((await get(id)).statusCode).toBe(404)
    expect(await rowsAbout(id)).toBe(0)
    expect((await server.files.survey()).keys).not.toContain(key)
    expect(readdirSync(server.files.pathOf('incoming'))).toEqual([])
    expect((await remove(id)).statusCode).toBe(404)
  })

  it('takes the words of the call out of the search', async () => {
    const id = await aCall({ transcript_json: [{ role: 'Main Agent', content: 'aardvark' }] })
    const count = async () =>
      (await server.app.inject({ url: `${LOGS}?search=aardvark`, headers: server.admin })).json()
        .count
    expect(await count()).toBe(1)
    await remove(id)
    expect(await count()).toBe(0)
  })

  it('frees the call_id', async () => {
    const id = await aCall({ call_id: 'once more' })
    await remove(id)
    expect(await aCall({ call_id: 'once more' })).not.toBe(id)
  })

  it.each(['true', 'True', '1'])(
    'with retain_evaluations=%s keeps the outcome and removes what was said and heard',
    async (flag) => {
      const id = await aCallWithAudio()
      await patch(id, {
        status: 'reviewed_failure',
        metadata: { a: 1 },
        transcript_json: TWO_TURNS,
      })
      await server.settle()
      const keys = await filesOf(id)
      expect((await remove(id, `?retain_evaluations=${flag}`)).statusCode).toBe(204)
      expect(await detailOf(id)).toMatchObject({
        status: 'reviewed_failure',
        metadata: { a: 1 },
        transcript: '',
        transcript_object: [],
        voice_recording_url: '',
        recording_data: null,
      })
      const { keys: left } = await server.files.survey()
      expect(left.filter((key) => keys.includes(key))).toEqual([])
      const payloads = await server.database.reader
        .selectFrom('call_payload')
        .select('id')
        .where('call_id', '=', id)
        .execute()
      expect(payloads).toEqual([])
    },
  )

  it('with retain_evaluations=false removes all', async () => {
    const id = await aCall()
    expect((await remove(id, '?retain_evaluations=false')).statusCode).toBe(204)
    expect((await get(id)).statusCode).toBe(404)
  })

  it('refuses a retain_evaluations that is neither', async () => {
    const response = await remove(await aCall(), '?retain_evaluations=perhaps')
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual(['retain_evaluations'])
  })

  it('removes several at once and ignores ids that are not there', async () => {
    const ids = [await aCall(), await aCall()]
    const kept = await aCall()
    const response = await removeSeveral({ call_logs: [...ids, 999999] })
    expect(response.statusCode).toBe(204)
    expect(response.body).toBe('')
    for (const id of ids) expect((await get(id)).statusCode).toBe(404)
    expect((await get(kept)).statusCode).toBe(200)
  })

  it('removes only the calls of an agent that is named', async () => {
    const id = await aCall()
    expect((await removeSeveral({ agent_id: 2, call_logs: [id] })).statusCode).toBe(204)
    expect((await get(id)).statusCode).toBe(200)
    await removeSeveral({ agent_id: 1, call_logs: [id], retain_evaluations: true })
    expect(await detailOf(id)).toMatchObject({ transcript: '' })
  })

  it.each([
    [{}, 'call_logs'],
    [{ call_logs: 'all' }, 'call_logs'],
    [{ call_logs: [0] }, 'call_logs'],
    [{ call_logs: [1], agent_id: 'x' }, 'agent_id'],
  ])('refuses %j', async (body, field) => {
    const response = await removeSeveral(body)
    expect(response.statusCode).toBe(400)
    expect(Object.keys(response.json())).toEqual([field])
  })

  it('with retain_evaluations=true while it is evaluated lets the evaluation come to its end', async () => {
    const id = await aCallWithAudio()
    expect((await remove(id, '?retain_evaluations=true')).statusCode).toBe(204)
    await server.settle()
    expect(await detailOf(id)).toMatchObject({ status: 'success', transcript: '' })
  })

  it('does not read what was said', async () => {
    const ids = [await aCall(), await aCall(), await aCall()] as const
    // Whoever reads these fails.
    await server.database.writer
      .updateTable('call_content')
      .set({ segments: 'broken' })
      .where('call_id', 'in', ids)
      .execute()
    expect((await get(ids[0])).statusCode).toBe(500)
    expect((await remove(ids[0])).statusCode).toBe(204)
    expect((await removeSeveral({ call_logs: [ids[1]] })).statusCode).toBe(204)
    expect((await remove(ids[2], '?retain_evaluations=true')).statusCode).toBe(204)
    expect((await get(ids[2])).statusCode).toBe(200)
  })

  it('leaves an entry in the audit log', async () => {
    const id = await aCall()
    await remove(id)
    const entry = await server.database.reader
      .selectFrom('audit_log')
      .select(['actor', 'action'])
      .where('subject', '=', `call:${id}`)
      .executeTakeFirst()
    expect(entry).toEqual({ actor: 'admin', action: 'delete call' })
  })
})
