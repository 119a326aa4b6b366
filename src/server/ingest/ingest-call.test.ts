import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openTemporaryDatabase } from '#testing/call-builder.ts'
import { ensureFirstAgent } from '../store/agents.ts'
import { findCallRecord, updateCallRow } from '../store/calls.ts'
import type { Database } from '../store/database.ts'
import type { IncomingCall } from './incoming-call.ts'
import { ingestCall } from './ingest-call.ts'

let database: Database
let close: () => Promise<void>

beforeAll(async () => {
  ;({ database, close } = await openTemporaryDatabase())
  await ensureFirstAgent(database.writer, { projectId: 1, now: 0 })
})

afterAll(() => close())

beforeEach(async () => {
  for (const table of ['job', 'recording', 'call'] as const) {
    await database.writer.deleteFrom(table).execute()
  }
})

const NOW = 1_000_000

function says(text: string, endSeconds = 2): IncomingCall['transcript'] {
  return {
    kind: 'parsed',
    type: 'cekura',
    segments: [
      { kind: 'speech', speaker: 'agent', text, startSeconds: 1, endSeconds, timing: 'given' },
    ],
    warnings: [],
    speakerRule: null,
  }
}

function aFile(sha256: string): IncomingCall['recording'] {
  const file = { storageKey: `ab/${sha256}`, sizeBytes: 10, sha256 }
  return { kind: 'file', file, fileName: 'x.wav' }
}

function incoming(change: Partial<IncomingCall> = {}): IncomingCall {
  return {
    projectId: 1,
    agent: { id: 1, name: 'My agent' },
    callId: 'c',
    source: 'observe',
    body: '{"n":1}',
    transcript: says('Hi.'),
    recording: { kind: 'absent' },
    details: {},
    defersEvaluation: false,
    isDemo: false,
    ...change,
  }
}

type Policy = Parameters<typeof ingestCall>[1]['onDuplicate']

const ingest = (call: IncomingCall, onDuplicate: Policy = 'update', now = NOW) =>
  ingestCall(database, { call, onDuplicate, now })

async function recordOf(id: number) {
  const record = await findCallRecord(database.reader, { id, projectId: 1 })
  if (record === null) throw new Error(`no call ${id}`)
  return record
}

async function jobs() {
  const rows = await database.reader
    .selectFrom('job')
    .select(['kind', 'payload', 'run_at'])
    .orderBy('kind')
    .execute()
  return rows.map((row) => [row.kind, JSON.parse(row.payload), row.run_at - NOW])
}

async function payloads(id: number) {
  const rows = await database.reader
    .selectFrom('call_payload')
    .select(['revision', 'body'])
    .where('call_id', '=', id)
    .orderBy('id')
    .execute()
  return rows.map((row) => [row.revision, row.body])
}

const count = async (table: 'call' | 'recording' | 'job' | 'call_payload') =>
  (await database.reader.selectFrom(table).select('id').execute()).length

describe('a new call', () => {
  it('is stored with its payload and the order to evaluate it', async () => {
    const { kind, id } = await ingest(incoming())
    expect(kind).toBe('created')
    expect(await recordOf(id)).toMatchObject({
      status: 'evaluating',
      success: null,
      transcriptText: '[00:01] Main Agent: Hi.',
      durationSeconds: 2,
      startedAt: new Date(NOW).toISOString(),
      isStartedAtReceipt: true,
    })
    expect(await payloads(id)).toEqual([[1, '{"n":1}']])
    expect(await jobs()).toEqual([['evaluate-call', { callId: id }, 0]])
  })

  it('with a file waits for its analysis before it is evaluated', async () => {
    const { id } = await ingest(incoming({ recording: aFile('a') }))
    expect(await jobs()).toEqual([
      ['prepare-recording', { callId: id, recordingId: expect.any(Number) }, 0],
    ])
    expect(await recordOf(id)).toMatchObject({ recordingState: 'analysing' })
  })

  it('with an address waits for the download before it is evaluated', async () => {
    const url = 'https://example.com/x.wav'
    const { id } = await ingest(incoming({ recording: { kind: 'url', url } }))
    expect(await jobs()).toEqual([['fetch-recording', { callId: id, url }, 0]])
    expect(await recordOf(id)).toMatchObject({ recordingState: 'waiting', recordingUrl: url })
  })

  it('that defers its evaluation is evaluated after five minutes, with a recording or without', async () => {
    await ingest(incoming({ defersEvaluation: true }))
    expect(await jobs()).toMatchObject([['evaluate-call', {}, 300_000]])
    await ingest(incoming({ callId: 'd', defersEvaluation: true, recording: aFile('a') }))
    expect(await jobs()).toMatchObject([
      ['evaluate-call', {}, 300_000],
      ['evaluate-call', {}, 300_000],
      ['prepare-recording', {}, 0],
    ])
  })

  it('that was never answered says why', async () => {
    const transcript = { kind: 'not-connected', reason: 'busy' } as const
    const { id } = await ingest(incoming({ transcript }))
    expect(await recordOf(id)).toMatchObject({ errorMessage: 'busy', transcriptState: 'none' })
  })

  it('takes the length that the sender gives before that of the transcript', async () => {
    const { id } = await ingest(incoming({ details: { durationSeconds: 61.5 } }))
    expect(await recordOf(id)).toMatchObject({ durationSeconds: 61.5 })
  })

  it('leaves nothing behind where any part of it cannot be stored', async () => {
    const call = incoming({ agent: { id: 999, name: 'nobody' }, recording: aFile('a') })
    await expect(ingest(call)).rejects.toThrow(/FOREIGN KEY/)
    expect([await count('call'), await count('recording'), await count('job')]).toEqual([0, 0, 0])
  })
})

describe('what is stored with a new call', () => {
  it('is asked for once, and takes the call with it where it fails', async () => {
    const seen: number[] = []
    const onCreated = async (_trx: unknown, id: number) => {
      seen.push(id)
    }
    const call = incoming({ callId: 'with more' })
    const { id } = await ingestCall(database, { call, onDuplicate: 'update', now: NOW, onCreated })
    await ingestCall(database, { call, onDuplicate: 'update', now: NOW, onCreated })
    expect(seen).toEqual([id])
    const before = await count('call')
    const refusing = ingestCall(database, {
      call: incoming({ callId: 'refused' }),
      onDuplicate: 'update',
      now: NOW,
      onCreated: () => Promise.reject(new Error('full')),
    })
    await expect(refusing).rejects.toThrow('full')
    expect(await count('call')).toBe(before)
  })
})

describe('a second payload', () => {
  it.each(['update', 'reject', 'allow'] as const)(
    'of equal content changes nothing under the rule %s',
    async (rule) => {
      const call = incoming({ recording: aFile('a'), details: { metadata: { a: 1 } } })
      const first = await ingest(call, rule)
      await database.writer.deleteFrom('job').execute()
      const again = { ...call, recording: { ...aFile('a'), fileName: 'other-name.wav' } }
      const second = await ingest(again, rule)
      expect(second).toEqual({ kind: 'unchanged', id: first.id })
      expect([await count('call'), await count('recording'), await count('job')]).toEqual([1, 1, 0])
    },
  )

  it.each([
    ['other words', { transcript: says('Ho.') }],
    ['another file', { recording: aFile('b') }],
    ['other metadata', { details: { metadata: { a: 2 } } }],
    ['another time', { details: { startedAt: new Date(5) } }],
    ['another address', { recording: { kind: 'url', url: 'https://example.com' } }],
  ] as [string, Partial<IncomingCall>][])('with %s is a new revision', async (_name, change) => {
    const { id } = await ingest(incoming())
    const second = await ingest(incoming({ ...change, body: '{"n":2}' }))
    expect(second).toEqual({ kind: 'updated', id })
    expect(await recordOf(id)).toMatchObject({ revision: 2 })
    expect(await payloads(id)).toEqual([
      [1, '{"n":1}'],
      [2, '{"n":2}'],
    ])
  })

  it('of old content after a newer one is a revision of its own', async () => {
    const { id } = await ingest(incoming())
    await ingest(incoming({ transcript: says('Ho.') }))
    expect(await ingest(incoming())).toEqual({ kind: 'updated', id })
    expect(await recordOf(id)).toMatchObject({
      revision: 3,
      transcriptText: '[00:01] Main Agent: Hi.',
    })
  })

  it('keeps what it does not say', async () => {
    const details = { metadata: { a: 1 }, customerNumber: '+1', feedback: 'f', traceId: 't' }
    const { id } = await ingest(incoming({ details, recording: aFile('a') }))
    await ingest(incoming({ transcript: says('Ho.', 9), details: { endedReason: 'hangup' } }))
    expect(await recordOf(id)).toMatchObject({
      metadata: { a: 1 },
      customerNumber: '+1',
      feedback: 'f',
      traceId: 't',
      endedReason: 'hangup',
      durationSeconds: 9,
      recordingState: 'analysing',
    })
  })

  it('does not change the measured length of a recording', async () => {
    const { id } = await ingest(incoming({ recording: aFile('a') }))
    const measured = { recording_state: 'ready', duration_ms: 77_000 } as const
    await database.writer.updateTable('call').set(measured).where('id', '=', id).execute()
    await ingest(incoming({ transcript: says('Ho.', 9) }))
    expect(await recordOf(id)).toMatchObject({ durationSeconds: 77 })
  })

  it('of audio alone keeps a transcript that is there', async () => {
    const { id } = await ingest(incoming())
    const transcript = { kind: 'needs-transcription' } as const
    await ingest(incoming({ transcript, recording: aFile('a') }))
    expect(await recordOf(id)).toMatchObject({
      transcriptState: 'ready',
      transcriptText: '[00:01] Main Agent: Hi.',
    })
  })

  it('opens a judged call again, but never one that a person judged', async () => {
    const { id } = await ingest(incoming())
    const judge = (fields: object) =>
      database.writer.updateTable('call').set(fields).where('id', '=', id).execute()
    await judge({ status: 'success', success: 1 })
    await ingest(incoming({ transcript: says('Two.') }))
    expect(await recordOf(id)).toMatchObject({ status: 'evaluating', success: null })
    await judge({ status: 'reviewed_failure', success: 0, is_reviewed: 1 })
    await ingest(incoming({ transcript: says('Three.') }))
    expect(await recordOf(id)).toMatchObject({ status: 'reviewed_failure', success: false })
  })

  it('takes back what was judged of another transcript, and of the same one nothing', async () => {
    const { id } = await ingest(incoming())
    const judgement = async () => {
      const rows = database.reader.selectFrom('call').select(['judge_success', 'is_judged'])
      return rows.where('id', '=', id).executeTakeFirst()
    }
    await updateCallRow(database.writer, {
      id,
      fields: { status: 'failure', success: 0, judge_success: 0, is_judged: 1 },
      now: NOW,
    })
    await ingest(incoming({ details: { endedReason: 'hangup' } }))
    expect(await judgement()).toEqual({ judge_success: 0, is_judged: 1 })
    await ingest(incoming({ transcript: says('Two.') }))
    expect(await judgement()).toEqual({ judge_success: null, is_judged: 0 })
  })

  it('is refused with the id of the first where duplicates are rejected', async () => {
    const { id } = await ingest(incoming())
    const second = await ingest(incoming({ transcript: says('Ho.') }), 'reject')
    expect(second).toEqual({ kind: 'duplicate', id })
    expect(await count('call_payload')).toBe(1)
  })

  it('is a call of its own where duplicates are allowed', async () => {
    const first = await ingest(incoming(), 'allow')
    const second = await ingest(incoming({ transcript: says('Ho.') }), 'allow')
    expect(second.kind).toBe('created')
    expect(second.id).not.toBe(first.id)
  })
})

describe('twenty payloads at once', () => {
  it.each([
    ['update', { created: 1, updated: 19 }, 1],
    ['reject', { created: 1, duplicate: 19 }, 1],
    ['allow', { created: 20 }, 20],
  ] as const)('under the rule %s end as %j', async (rule, kinds, calls) => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        ingest(incoming({ transcript: says(`Number ${n}`) }), rule),
      ),
    )
    const counted = Object.fromEntries(
      [...Map.groupBy(results, (result) => result.kind)].map(([kind, group]) => [
        kind,
        group.length,
      ]),
    )
    expect(counted).toEqual(kinds)
    expect(await count('call')).toBe(calls)
  })
})

describe('a second payload that repeats the address of a recording', () => {
  const url = 'https://example.com/a.wav'
  const recording = { kind: 'url', url } as const

  it.each(['waiting', 'analysing', 'ready'] as const)(
    'does not fetch again what is %s',
    async (state) => {
      const { id } = await ingest(incoming({ recording }))
      await updateCallRow(database.writer, { id, fields: { recording_state: state }, now: NOW })
      await database.writer.deleteFrom('job').execute()
      await ingest(incoming({ recording, transcript: says('Hello.') }))
      expect(await recordOf(id)).toMatchObject({
        recordingState: state,
        recordingUrl: url,
        transcriptText: '[00:01] Main Agent: Hello.',
      })
      // What is under way asks for the evaluation itself when it ends.
      const evaluation = ['evaluate-call', { callId: id }, 0]
      expect(await jobs()).toEqual(state === 'ready' ? [evaluation] : [])
    },
  )

  it('fetches what could not be fetched, and what lies elsewhere', async () => {
    const { id } = await ingest(incoming({ recording }))
    const fields = { recording_state: 'failed', error_message: 'lost' } as const
    await updateCallRow(database.writer, { id, fields, now: NOW })
    await ingest(incoming({ recording, transcript: says('Hello.') }))
    expect(await jobs()).toEqual([['fetch-recording', { callId: id, url }, 0]])
    expect(await recordOf(id)).toMatchObject({ recordingState: 'waiting', errorMessage: null })
    const other = `${url}?v=2`
    await ingest(incoming({ recording: { kind: 'url', url: other } }))
    expect(await jobs()).toEqual([['fetch-recording', { callId: id, url: other }, 0]])
  })
})

describe('why a recording is lost', () => {
  it('stays told while only the transcript changes', async () => {
    const { id } = await ingest(
      incoming({ recording: { kind: 'url', url: 'https://example.com' } }),
    )
    const fields = { recording_state: 'failed', error_message: 'answered 404' } as const
    await updateCallRow(database.writer, { id, fields, now: NOW })
    await ingest(incoming({ transcript: says('Hello.') }))
    const failed = { recordingState: 'failed', errorMessage: 'answered 404' }
    expect(await recordOf(id)).toMatchObject(failed)
    await ingest(incoming({ recording: aFile('a') }))
    expect(await recordOf(id)).toMatchObject({ errorMessage: null })
  })
})
