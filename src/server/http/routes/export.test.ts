import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type StoredCall, storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { until } from '#testing/until.ts'
import { addTags } from '../../store/tags.ts'

let server: TestServer
let address: string

beforeAll(async () => {
  server = await startTestServer()
  address = await server.app.listen({ port: 0, host: '127.0.0.1' })
})

afterAll(async () => {
  // `fetch` opens connections that it may need, and closing waits for those that were never used.
  server.app.server.closeAllConnections()
  await server.close()
})

function ask(query: string, headers = server.admin) {
  return server.app.inject({ url: `/api/calls/export?${query}`, headers })
}

const filterBy = (topic: string) => `filter=${encodeURIComponent(`topic.eq.${topic}`)}`

function store(topic: string, calls: readonly Partial<StoredCall>[]): Promise<number[]> {
  return storeCalls(
    server.database,
    calls.map(({ fields, ...call }, n) => ({
      callId: `${topic}-${n}`,
      fields: { topic, started_at: n, ...fields },
      ...call,
    })),
  )
}

/** Rows of cells. Source: RFC 4180; a byte order mark is left out. */
function parseCsv(text: string): string[][] {
  expect(text.startsWith('\uFEFF')).toBe(true)
  const rows: string[][] = [[]]
  const token = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n)/gy
  let end = 1
  token.lastIndex = end
  for (const [, cell = '', separator] of text.matchAll(token)) {
    const value = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell
    rows.at(-1)?.push(value)
    end += cell.length + (separator?.length ?? 0)
    if (separator === '\r\n') rows.push([])
  }
  expect(end).toBe(text.length)
  return rows.slice(0, -1)
}

/** A row as an object by the names of the header. */
function byName(text: string): Record<string, string>[] {
  const [header = [], ...rows] = parseCsv(text)
  return rows.map((row) => {
    expect(row).toHaveLength(header.length)
    return Object.fromEntries(header.map((name, index) => [name, row[index] ?? '']))
  })
}

describe('the export as CSV', () => {
  it('has every call that matches, each once, in the order asked for', async () => {
    const calls = Array.from({ length: 1200 }, () => ({}))
    await store('many', calls)
    await store('other', [{}])
    const response = await ask(`format=csv&sort=startedAt&${filterBy('many')}`)
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({
      'x-call-count': '1200',
      'content-type': 'text/csv; charset=utf-8; header=present',
    })
    expect(response.headers['content-disposition']).toMatch(
      /^attachment; filename="talktrack-calls-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ\.csv"$/,
    )
    const ids = byName(response.body).map((row) => row.call_id)
    expect(ids).toEqual(calls.map((_, n) => `many-${n}`))
    const reversed = byName((await ask(`format=csv&${filterBy('many')}`)).body)
    expect(reversed.map((row) => row.call_id)).toEqual(ids.toReversed())
  })

  it('keeps quotes, commas, line breaks and every script as they are', async () => {
    const texts = [
      'say "hi", twice',
      'one\ntwo\r\nthree\rfour',
      'Grüße, 你好, שלום 🙂',
      ' padded ',
      '',
    ]
    await store(
      'texts',
      texts.map((feedback) => ({ fields: { feedback } })),
    )
    const rows = byName((await ask(`format=csv&sort=startedAt&${filterBy('texts')}`)).body)
    expect(rows.map((row) => row.feedback)).toEqual(texts)
  })

  it('makes no formula of a text, and no text of a number', async () => {
    const texts = [
      '=1+1',
      '+49 30 1',
      '-2',
      '@now',
      '\t=1',
      '\r=1',
      '\n=1',
      '＝1',
      ' =1',
      '\u200B\u00A0=1',
      '\u0000@1',
      'a=1',
      "'quoted",
    ]
    await store(
      'formulas',
      texts.map((feedback) => ({
        fields: { feedback, duration_ms: 1500, talk_share: -0.5 },
        content: { metadata: JSON.stringify({ note: '=1+1' }) },
      })),
    )
    const rows = byName((await ask(`format=csv&sort=startedAt&${filterBy('formulas')}`)).body)
    expect(rows.map((row) => row.feedback)).toEqual([
      "'=1+1",
      "'+49 30 1",
      "'-2",
      "'@now",
      "'\t=1",
      "'\r=1",
      "'\n=1",
      "'＝1",
      "' =1",
      "'\u200B\u00A0=1",
      "'\u0000@1",
      'a=1',
      "'quoted",
    ])
    expect(rows[0]).toMatchObject({ duration_seconds: '1.5', talk_share: '-0.5' })
    expect(rows[0]).toMatchObject({ metadata: '{"note":"=1+1"}' })
  })

  it('quotes every text, also in its header, and no number', async () => {
    await store('quoted', [{ fields: { feedback: 'a;=1+1', duration_ms: 1500 } }])
    const [header = '', row = ''] = (await ask(`format=csv&${filterBy('quoted')}`)).body.split(
      '\r\n',
    )
    expect(header).toMatch(/^\uFEFF"id","call_id",/)
    expect(row).toMatch(/^\d+,"quoted-0",/)
    expect(row).toContain(',1.5,"')
    expect(row).toContain(',"a;=1+1",')
    // Its status and success, what is judged, and whether it is reviewed, by whom.
    expect(row).toContain(',"evaluating",,false,,false,"",')
  })

  it('has tags, review, measures and a column per metric', async () => {
    const [id = 0] = await store('full', [
      {
        fields: {
          status: 'reviewed_failure',
          success: 0,
          is_reviewed: 1,
          reviewer: 'Ada',
          reviewed_at: 0,
        },
      },
      {},
    ])
    const { writer } = server.database
    await server.database.transaction((trx) => addTags(trx, { callId: id, tags: ['vip', 'b c'] }))
    const metric = { project_id: 1, unit: '', enum_values: '[]', created_at: 0 }
    const metrics = await writer
      .insertInto('metric')
      .values([
        { ...metric, code: 'tone', name: 'Tone', eval_type: 'rating' },
        { ...metric, code: 'mood', name: 'Mood', eval_type: 'enum' },
        { ...metric, code: 'mood-2', name: 'Mood', eval_type: 'binary' },
      ])
      .returning('id')
      .execute()
    const [tone = 0, mood = 0, second = 0] = metrics.map((row) => row.id)
    const verdict = {
      call_id: id,
      is_current: 1,
      source: 'judge',
      score: null,
      value_text: null,
      passed: null,
      explanation: 'because',
      confidence: 90,
      created_at: 0,
    } as const
    await writer
      .insertInto('verdict')
      .values([
        { ...verdict, metric_id: tone, score: 3.5 },
        { ...verdict, metric_id: tone, score: 1, is_current: 0 },
        { ...verdict, metric_id: mood, value_text: '=calm' },
        { ...verdict, metric_id: second, passed: 1 },
      ])
      .execute()
    const [row, without] = byName((await ask(`format=csv&sort=startedAt&${filterBy('full')}`)).body)
    expect(row).toMatchObject({
      id: String(id),
      success: 'false',
      reviewer: 'Ada',
      reviewed_at: '1970-01-01T00:00:00.000Z',
      tags: 'b c, vip',
      'metric: Tone': '3.5',
      [`metric: Mood (${mood})`]: "'=calm",
      [`metric: Mood (${second})`]: 'true',
    })
    expect(without).toMatchObject({ success: '', 'metric: Tone': '', tags: '' })
    const line = (await ask(`format=jsonl&sort=startedAt&${filterBy('full')}`)).body.split('\n')[0]
    expect(JSON.parse(line ?? '').metricResults[0]).toMatchObject({
      metricName: 'Tone',
      score: 3.5,
      explanation: 'because',
    })
  })

  it('is a header alone where nothing matches', async () => {
    const response = await ask(`format=csv&${filterBy('nothing')}`)
    expect(response.headers['x-call-count']).toBe('0')
    expect(parseCsv(response.body)).toHaveLength(1)
  })
})

describe('the export as JSONL', () => {
  it('has a call a line with all that is kept of it', async () => {
    const segments = [
      { kind: 'speech', speaker: 'agent', text: 'Hi\n"you"', startSeconds: 0, endSeconds: 1 },
    ]
    const content = {
      segments: JSON.stringify(segments),
      metadata: '{"order":{"plan":"gold"}}',
      dynamic_variables: '{"name":"Ada"}',
      recording_url: 'https://example.com/a.wav',
    }
    await store(
      'lines',
      Array.from({ length: 130 }, () => ({ content })),
    )
    const response = await ask(`format=jsonl&sort=startedAt&${filterBy('lines')}`)
    expect(response.headers['x-call-count']).toBe('130')
    const calls = response.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(calls.map((call) => call.callId)).toEqual(calls.map((_, n) => `lines-${n}`))
    expect(calls).toHaveLength(130)
    expect(calls[0]).toMatchObject({
      segments,
      metadata: { order: { plan: 'gold' } },
      dynamicVariables: { name: 'Ada' },
      recordingUrl: 'https://example.com/a.wav',
      tags: [],
      metricResults: [],
      recordings: [],
    })
  })
})

describe('an export that does not reach its end', () => {
  const LONG = JSON.stringify([{ kind: 'speech', text: 'x'.repeat(100_000) }])

  type Download = { headers?: Record<string, string>; signal?: AbortSignal }

  const download = (query: string, { headers = server.admin, signal }: Download = {}) =>
    fetch(`${address}/api/calls/export?${query}`, {
      // Compressed, these calls are small enough to be on their way before anyone reads.
      headers: { ...headers, 'accept-encoding': 'identity' },
      signal: signal ?? null,
    })

  it('breaks the connection, so that nobody takes it for complete', async () => {
    // The 300th of 300 calls, which is read after 280 were sent, cannot be read.
    const ids = await store(
      'broken',
      Array.from({ length: 300 }, () => ({ content: { segments: LONG } })),
    )
    const last = ids[299] ?? 0
    const { writer } = server.database
    await writer
      .updateTable('call_content')
      .set({ metadata: '{' })
      .where('call_id', '=', last)
      .execute()
    const response = await download(`format=jsonl&sort=startedAt&${filterBy('broken')}`)
    expect(response.status).toBe(200)
    await expect(response.text()).rejects.toThrow()
    await writer
      .updateTable('call_content')
      .set({ metadata: '{}' })
      .where('call_id', '=', last)
      .execute()
    const whole = await download(`format=jsonl&${filterBy('broken')}`)
    expect((await whole.text()).trimEnd().split('\n')).toHaveLength(300)
  })

  it('ends its read when the client goes away', async () => {
    await store(
      'left',
      Array.from({ length: 300 }, () => ({ content: { segments: LONG } })),
    )
    // More than the snapshots that can be open at once: had they stayed open, the last ones would be refused.
    for (let n = 0; n < 12; n++) {
      const leaving = new AbortController()
      const response = await download(`format=jsonl&${filterBy('left')}`, {
        signal: leaving.signal,
      })
      expect(response.status).toBe(200)
      leaving.abort()
      await expect(response.text()).rejects.toThrow()
    }
    expect((await ask(`format=csv&${filterBy('left')}`)).headers['x-call-count']).toBe('300')
  })

  it('is refused to a visitor who has two under way, and to no other', async () => {
    const leaving = new AbortController()
    const open: Response[] = []
    for (let n = 0; n < 2; n++) {
      open.push(await download(`format=jsonl&${filterBy('left')}`, { signal: leaving.signal }))
    }
    expect(open.map(({ status }) => status)).toEqual([200, 200])
    const refused = await ask(`format=jsonl&${filterBy('left')}`)
    expect(refused.statusCode).toBe(429)
    expect(refused.headers['retry-after']).toBe('30')
    expect(refused.json().detail).toMatch(/^You have 2 exports under way/)
    const other = await server.keyOf('read-only')
    expect((await ask(`format=csv&${filterBy('nothing')}`, other)).statusCode).toBe(200)
    leaving.abort()
    const again = () => ask(`format=csv&${filterBy('nothing')}`)
    expect(await until(async () => (await again()).statusCode === 200)).toBe(true)
  })

  it('leaves room for a bulk action however many are open', async () => {
    const leaving = new AbortController()
    const open: Response[] = []
    for (let n = 0; n < 5; n++) {
      const headers = await server.keyOf('read-only')
      for (let own = 0; own < 2; own++) {
        const options = { headers, signal: leaving.signal }
        const response = await download(`format=jsonl&${filterBy('left')}`, options)
        open.push(response)
        // Else its connection stays in use.
        if (response.status === 503) await response.text()
      }
    }
    // Eight snapshots can be open, and one is not for exports.
    const statuses = open.map(({ status }) => status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 200, 503, 503, 503])
    expect(await server.database.slow.snapshot(async () => 'read')).toBe('read')
    leaving.abort()
    const again = () => ask(`format=csv&${filterBy('nothing')}`)
    expect(await until(async () => (await again()).statusCode === 200)).toBe(true)
  })

  it('ends by itself when its client takes nothing for a minute', async () => {
    const sockets: Socket[] = []
    const listen = (socket: Socket) => sockets.push(socket)
    server.app.server.on('connection', listen)
    const asking = get(`${address}/api/calls/export?format=jsonl&${filterBy('left')}`, {
      headers: { ...server.admin, 'accept-encoding': 'identity' },
    })
    const [response] = (await once(asking, 'response')) as [IncomingMessage]
    response.on('error', () => undefined)
    server.app.server.off('connection', listen)
    const [socket] = sockets
    expect(socket?.timeout).toBe(60_000)
    // The rest of the minute.
    socket?.setTimeout(50)
    expect(await until(() => socket?.destroyed)).toBe(true)
  })
})

describe('asking for an export', () => {
  it('is refused with the place of a mistake in the filter, and for an unknown format', async () => {
    const filter = encodeURIComponent('or(topic.eq.a,duration.gt.soon)')
    const wrong = await ask(`format=csv&filter=${filter}`)
    expect(wrong.statusCode).toBe(400)
    expect(wrong.json().filter[0]).toContain('conditions[1]')
    expect((await ask('format=xlsx')).statusCode).toBe(400)
    expect((await ask('format=csv', {})).statusCode).toBe(401)
    expect((await ask('format=csv', await server.keyOf('read-only'))).statusCode).toBe(200)
  })
})
