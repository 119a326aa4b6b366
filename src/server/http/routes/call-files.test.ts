import { createHash } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Script } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AccessScope } from '#contract/access.ts'
import { MAX_PACKET_AUDIO_BYTES } from '#contract/call-file.ts'
import { multipart } from '#testing/multipart.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { wavWithTones } from '#testing/wav.ts'
import { hashSecret } from '../../access/secrets.ts'
import { insertApiKey } from '../../store/api-keys.ts'

const SAMPLES = join(import.meta.dirname, '../../audio/samples')
const EVIL = `</script><script>alert(1)</script><img src=x onerror=alert(2)> "quoted" & 'so'`
const TURNS = [
  { role: 'Main Agent', content: 'Good morning.', start_time: 0, end_time: 0.5 },
  { role: 'Testing Agent', content: EVIL, start_time: 1, end_time: 2 },
]
const KINDS = ['transcript.srt', 'transcript.vtt', 'call.json', 'packet.html']
const WAV = wavWithTones({ durationSeconds: 1 })

let server: TestServer
let ours: Record<string, string>
let reader: Record<string, string>
let theirs: Record<string, string>
let flac: Buffer
let id: number

beforeAll(async () => {
  server = await startTestServer({ metrics: 'predefined' })
  ours = await keyOf('project', 1)
  reader = await keyOf('read-only', 1)
  theirs = await keyOf('project', await addProject())
  flac = await readFile(join(SAMPLES, 'flac.flac'))
  id = await send({ callId: '../a call/1', fileName: 'a.flac', audio: flac })
  await post(`/api/calls/${id}/comments`, { text: `Listen ${EVIL}`, atSeconds: 1.5 })
  await post(`/api/calls/${id}/review`, { decision: 'failure', feedback: EVIL })
})

afterAll(() => server.close())

async function send({
  callId,
  fileName,
  audio,
  turns = TURNS,
}: {
  callId: string
  fileName?: string
  audio?: Buffer
  turns?: object[]
}): Promise<number> {
  const form = multipart([
    { name: 'call_id', content: callId },
    { name: 'agent', content: '1' },
    { name: 'transcript_json', content: JSON.stringify(turns) },
    { name: 'metadata', content: JSON.stringify({ note: EVIL }) },
    ...(audio && fileName ? [{ name: 'voice_recording', fileName, content: audio }] : []),
  ])
  const response = await server.app.inject({
    method: 'POST',
    url: '/observability/v1/observe/',
    payload: form.payload,
    headers: { ...form.headers, ...ours },
  })
  expect(response.statusCode).toBe(201)
  await server.settle()
  return response.json<{ id: number }>().id
}

async function post(url: string, payload: object): Promise<void> {
  const response = await server.app.inject({ method: 'POST', url, payload, headers: ours })
  expect([response.statusCode, response.body]).toEqual([200, expect.anything()])
}

function get(url: string, headers = ours) {
  return server.app.inject({ url, headers })
}

function fileOf(kind: string, callId = id) {
  return get(`/api/calls/${callId}/${kind}`)
}

describe('a file of a call', () => {
  it.each(KINDS)('%s is a download under the sender’s id, also for a reader', async (kind) => {
    const response = await get(`/api/calls/${id}/${kind}`, reader)
    expect(response.statusCode).toBe(200)
    expect(response.headers).toMatchObject({
      'content-disposition': `attachment; filename="_a_call_1.${kind}"`,
      'cache-control': 'no-store',
    })
  })

  it.each(KINDS)('%s is not found for a key of another project, or unknown', async (kind) => {
    expect((await fileOf(kind, 999_999)).statusCode).toBe(404)
    const response = await get(`/api/calls/${id}/${kind}`, theirs)
    expect([response.statusCode, response.json()]).toEqual([404, { detail: 'Call not found.' }])
    expect((await get(`/api/calls/${id}/${kind}`, {})).statusCode).toBe(401)
  })

  it('shows subtitles with the times and speakers of the transcript', async () => {
    const srt = await fileOf('transcript.srt')
    expect(srt.headers['content-type']).toBe('application/x-subrip; charset=utf-8')
    expect(srt.body).toContain('1\n00:00:00,000 --> 00:00:00,500\nAgent: Good morning.\n')
    const vtt = await fileOf('transcript.vtt')
    expect(vtt.headers['content-type']).toBe('text/vtt; charset=utf-8')
    expect(vtt.body).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:00\.500\n<v Agent>Good morning\./)
    expect(vtt.body).toContain('&lt;/script&gt;')
  })

  it('has no subtitles where the transcript has no times', async () => {
    const turns = TURNS.map(({ role, content }) => ({ role, content }))
    const untimed = await send({ callId: 'untimed', turns })
    for (const kind of ['transcript.srt', 'transcript.vtt']) {
      const response = await fileOf(kind, untimed)
      expect([response.statusCode, response.headers['content-disposition']]).toEqual([
        409,
        undefined,
      ])
      expect(response.json().detail).toMatch(/no speech with times/)
    }
    expect((await fileOf('packet.html', untimed)).body).toContain('Good morning.')
  })

  it('holds as JSON what the dashboard shows of the call, and what people and metrics said', async () => {
    const file = (await fileOf('call.json')).json()
    const { verdicts, rubric, review, comments, ...call } = file
    const { recordingUrl: _, ...shown } = (await get(`/api/calls/${id}`)).json()
    expect(call).toEqual(shown)
    const judged = (await get(`/api/calls/${id}/verdicts`)).json()
    expect({ items: verdicts, rubric }).toEqual({ items: judged.items, rubric: judged.rubric })
    expect(verdicts.length).toBeGreaterThan(5)
    expect(review).toEqual((await get(`/api/calls/${id}/review`)).json())
    expect(review).toMatchObject({ status: 'reviewed_failure', feedback: EVIL })
    expect(comments).toMatchObject([{ text: `Listen ${EVIL}`, atSeconds: 1.5 }])
    expect(comments[0]).not.toHaveProperty('isOwn')
  })
})

describe('where the sender has the recording', () => {
  it('is in no file: such an address often opens it without a key', async () => {
    const signed = 'https://example.com/a.wav?Signature=s3cr3t'
    const linked = await send({ callId: 'signed' })
    await server.database.writer
      .updateTable('call_content')
      .set({ recording_url: signed })
      .where('call_id', '=', linked)
      .execute()
    expect((await get(`/api/calls/${linked}`)).json()).toMatchObject({ recordingUrl: signed })
    for (const kind of ['call.json', 'packet.html']) {
      const { statusCode, body } = await fileOf(kind, linked)
      expect(statusCode).toBe(200)
      expect(body).not.toContain('s3cr3t')
    }
  })
})

describe('a call packet', () => {
  it('holds the recording as it came, and what is shown as parts with their sums', async () => {
    const page = (await fileOf('packet.html')).body
    const [, type, base64 = ''] = /src="data:([^;]+);base64,([^"]*)"/.exec(page) ?? []
    expect(type).toBe('audio/flac')
    expect(Buffer.from(base64, 'base64').equals(flac)).toBe(true)
    const sums = new Map(
      [...page.matchAll(/data-part="([^"]+)" data-sha256="([^"]+)"/g)].map(([, name, sum]) => [
        name,
        sum,
      ]),
    )
    expect([...sums.keys()]).toEqual([
      'recording.flac',
      'call.json',
      'transcript.json',
      'verdicts.json',
      'rubric.json',
      'review.json',
      'comments.json',
    ])
    expect(sums.get('recording.flac')).toBe(sha256(flac))
    const parts = partsOf(page)
    for (const [name, text] of parts) expect([name, sums.get(name)]).toEqual([name, sha256(text)])
    const file = (await fileOf('call.json')).json()
    expect(JSON.parse(parts.get('transcript.json') ?? '')).toEqual(file.segments)
    expect(JSON.parse(parts.get('comments.json') ?? '')).toEqual(file.comments)
    expect(JSON.parse(parts.get('verdicts.json') ?? '')).toEqual(file.verdicts)
  })

  it('shows transcript, results, comments, review, facts, who made it and when', async () => {
    server.setNow(new Date('2031-02-03T04:05:06Z'))
    const page = (await fileOf('packet.html')).body
    server.setNow(new Date())
    expect(page).toContain('<h1>../a call/1</h1>')
    expect(page).toContain('Made by project on 2031-02-03 04:05:06 UTC with Talktrack.')
    for (const title of [
      'Transcript',
      'Results',
      'Rubric',
      'Comments',
      'Review',
      'Facts',
      'Parts',
    ]) {
      expect(page).toMatch(new RegExp(`<h2 id="[a-z]+-title">${title}</h2>`))
    }
    expect(page).toContain('data-seek="1" aria-label="Play Caller at 0:01">0:01</button>')
    expect(page).toContain('data-seek="1.5"')
  })

  it('does no harm, whatever somebody wrote', async () => {
    const page = (await fileOf('packet.html')).body
    // The parts and the one script of the page: what was written opens none and closes none.
    expect(page.match(/<script/g)).toHaveLength(6 + 1)
    expect(page.match(/<\/script/g)).toHaveLength(6 + 1)
    expect(page).not.toContain('<img')
    expect(page).toContain(
      '&lt;img src=x onerror=alert(2)&gt; &quot;quoted&quot; &amp; &#39;so&#39;',
    )
  })

  it('lets only its own style and script run, and loads nothing', async () => {
    const page = (await fileOf('packet.html')).body
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? []
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? []
    const [, script = ''] = /<script>([\s\S]*?)<\/script>/.exec(page) ?? []
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      'media-src data: blob:',
      `style-src 'sha256-${sha256(style, 'base64')}'`,
      `script-src 'sha256-${sha256(script, 'base64')}'`,
      "base-uri 'none'",
      "form-action 'none'",
    ])
    expect(() => new Script(script)).not.toThrow()
    expect(page).not.toMatch(/\s(style|on[a-z]+)="/)
    expect(page).not.toMatch(/(href|src)="(?!#|data:audio)/)
  })

  it('plays the copy with exact times of an mp3, as the dashboard does', async () => {
    const audio = await readFile(join(SAMPLES, 'vbr.mp3'))
    const mp3 = await send({ callId: 'mp3', fileName: 'a.mp3', audio })
    const page = (await fileOf('packet.html', mp3)).body
    const [, type, base64 = ''] = /src="data:([^;]+);base64,([^"]*)"/.exec(page) ?? []
    expect(type).toBe('audio/mp4')
    const sum = sha256(Buffer.from(base64, 'base64'))
    expect(page).toContain(`data-part="recording.m4a" data-sha256="${sum}"`)
    // Of the file that the sender sent.
    expect(page).toContain(`SHA-256 ${sha256(audio)}`)
  })

  it('says why it has no sound', async () => {
    const silent = await send({ callId: 'silent' })
    const page = (await fileOf('packet.html', silent)).body
    expect(page).toContain('The call has no recording.')
    expect(page).not.toContain('<audio')
    expect(page).not.toContain('data-seek')
    const lost = await send({ callId: 'lost', fileName: 'a.wav', audio: WAV })
    await rm(server.files.pathOf((await recordingRow(lost)).storage_key))
    expect((await fileOf('packet.html', lost)).body).toContain('recording is missing.')
  })

  it('is refused for a recording that no browser would hold', async () => {
    const large = await send({ callId: 'large', fileName: 'a.wav', audio: WAV })
    await server.database.writer
      .updateTable('recording')
      .set({ size_bytes: MAX_PACKET_AUDIO_BYTES + 1 })
      .where('call_id', '=', large)
      .execute()
    const response = await fileOf('packet.html', large)
    expect(response.statusCode).toBe(413)
    expect(response.json()).toEqual({
      detail:
        'The recording has 201 MB, and a packet holds up to 200 MB. Download the recording and call.json instead.',
    })
  })

  it('breaks off, rather than ending well, where the file is shorter than it was', async () => {
    const cut = await send({ callId: 'cut', fileName: 'a.wav', audio: WAV })
    await server.database.writer
      .updateTable('recording')
      .set({ size_bytes: WAV.length + 1 })
      .where('call_id', '=', cut)
      .execute()
    await expect(fileOf('packet.html', cut)).rejects.toThrow()
  })
})

function sha256(data: string | Buffer, encoding: 'hex' | 'base64' = 'hex'): string {
  return createHash('sha256').update(data).digest(encoding)
}

/** The texts of the parts by name, as the page has them. */
function partsOf(page: string): Map<string, string> {
  const blocks = page.matchAll(
    /<script type="application\/json" id="([^"]+)">([\s\S]*?)<\/script>/g,
  )
  return new Map([...blocks].map(([, name = '', text = '']) => [name, text]))
}

function recordingRow(callId: number) {
  return server.database.reader
    .selectFrom('recording')
    .select('storage_key')
    .where('call_id', '=', callId)
    .executeTakeFirstOrThrow()
}

async function addProject(): Promise<number> {
  const { id: projectId } = await server.database.writer
    .insertInto('project')
    .values({
      name: 'Theirs',
      duplicate_policy: 'update',
      accepts_metadata_only: 0,
      created_at: 0,
      updated_at: 0,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return projectId
}

async function keyOf(scope: AccessScope, projectId: number): Promise<Record<string, string>> {
  const key = `tt_a-key-that-is-long-enough-${scope}-${projectId}`
  await insertApiKey(server.database.writer, {
    projectId,
    name: scope,
    scope,
    keyHash: hashSecret(key),
    hint: 'tt_a-ke••••',
    now: 0,
  })
  return { 'x-cekura-api-key': key }
}
