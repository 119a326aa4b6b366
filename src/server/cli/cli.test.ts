import { copyFile, mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '#testing/child-program.ts'
import { temporaryFolder } from '#testing/temporary-folder.ts'
import { wavWithTones } from '#testing/wav.ts'
import { authenticate } from '../access/authenticate.ts'
import { type Database, openDatabase } from '../store/database.ts'

const SAMPLES = join(import.meta.dirname, '../ingest/providers/samples')
const TURNS = [
  { role: 'Testing Agent', content: 'Hello.', start_time: 0, end_time: 1 },
  { role: 'Main Agent', content: 'Hi.', start_time: 1, end_time: 2 },
]

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let dataDir: string

beforeAll(async () => {
  folder = await temporaryFolder()
  dataDir = join(folder.path, 'data')
})

afterAll(() => folder[Symbol.asyncDispose]())

async function talktrack(...args: string[]) {
  const environment = { DATA_DIR: dataDir }
  const { code, output } = await runProgram('src/server/cli/main.ts', { args, environment })
  return { code, output, lines: output.trim().split('\n') }
}

async function withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ dataDir })
  try {
    return await work(database)
  } finally {
    await database.close()
  }
}

const storedCalls = () =>
  withDatabase(async ({ reader }) => {
    const rows = await reader
      .selectFrom('call')
      .leftJoin('recording', 'recording.call_id', 'call.id')
      .select(['call.call_id', 'call.revision', 'recording.file_name', 'call.transcript_state'])
      .where('call.is_demo', '=', 0)
      .orderBy('call.call_id')
      .execute()
    return rows.map((row) => [row.call_id, row.revision, row.file_name, row.transcript_state])
  })

describe('talktrack import', () => {
  let calls: string

  beforeAll(async () => {
    calls = join(folder.path, 'calls')
    await mkdir(join(calls, 'deeper'), { recursive: true })
    const write = (name: string, content: unknown) =>
      writeFile(join(calls, name), typeof content === 'string' ? content : JSON.stringify(content))
    const wav = wavWithTones({ durationSeconds: 1 })
    await write('single.json', { call_id: 'single', transcript_json: TURNS })
    await write('unnamed.json', { transcript_json: TURNS })
    await write('turns.json', TURNS)
    await write('list.json', [
      { call_id: 'list-1', transcript_json: TURNS },
      { call_id: 'list-2', transcript_json: TURNS },
    ])
    await write('nameless.json', [{ transcript_json: TURNS }, { transcript_json: TURNS }])
    const lines = ['line-1', 'line-2'].map((call_id) =>
      JSON.stringify({ call_id, transcript_json: TURNS }),
    )
    await write('deeper/lines.jsonl', `${lines.join('\n\n')}\n`)
    await copyFile(join(SAMPLES, 'retell-not-connected.json'), join(calls, 'webhook.json'))
    await writeFile(join(calls, 'single.wav'), wav)
    await writeFile(join(calls, 'list-2.wav'), wav)
    await writeFile(join(calls, 'deeper/line-1.wav'), wav)
    await writeFile(join(calls, 'alone.wav'), wav)
    await write('notes.txt', 'not for import')
  })

  const GOOD = [
    ['alone', 1, 'alone.wav', 'needs-transcription'],
    [expect.any(String), 1, null, 'none'], // the webhook's call, never connected
    ['line-1', 1, 'line-1.wav', 'ready'],
    ['line-2', 1, null, 'ready'],
    ['list-1', 1, null, 'ready'],
    ['list-2', 1, 'list-2.wav', 'ready'],
    ['nameless-1', 1, null, 'ready'],
    ['nameless-2', 1, null, 'ready'],
    ['single', 1, 'single.wav', 'ready'],
    ['turns', 1, null, 'ready'],
    ['unnamed', 1, null, 'ready'],
  ]

  it('stores a folder of calls of every shape, with the audio beside them', async () => {
    const { code, lines } = await talktrack('import', calls, '--agent', '1')
    expect([code, lines]).toEqual([0, ['11 new, 0 updated, 0 unchanged, 0 failed']])
    expect(await storedCalls()).toEqual(GOOD)
  })

  it('changes nothing the second time, and leaves no second copy of the audio', async () => {
    const { code, lines } = await talktrack('import', calls, '--agent', '1')
    expect([code, lines]).toEqual([0, ['0 new, 0 updated, 11 unchanged, 0 failed']])
    expect(await storedCalls()).toEqual(GOOD)
    expect((await talktrack('doctor')).output).toContain('Unused files: 0 without a call')
  })

  it('takes over what has changed', async () => {
    const changed = [...TURNS, { role: 'Main Agent', content: 'Bye.', start_time: 2, end_time: 3 }]
    const body = { call_id: 'single', transcript_json: changed }
    await writeFile(join(calls, 'single.json'), JSON.stringify(body))
    const { lines } = await talktrack('import', join(calls, 'single.json'), '--agent', '1')
    expect(lines).toEqual(['0 new, 1 updated, 0 unchanged, 0 failed'])
  })

  it('names each bad file with its reason, stores the good ones and fails', async () => {
    const mixed = join(folder.path, 'mixed')
    await mkdir(mixed)
    await writeFile(
      join(mixed, 'a-good.json'),
      JSON.stringify({ call_id: 'good', transcript_json: TURNS }),
    )
    await writeFile(join(mixed, 'broken.json'), '{"call_id": ')
    await writeFile(join(mixed, 'empty.json'), '')
    await writeFile(
      join(mixed, 'lines.jsonl'),
      `nonsense\n${JSON.stringify({ call_id: 'line-good', transcript_json: TURNS })}\n`,
    )
    await writeFile(join(mixed, 'nothing.json'), '{"call_id": "nothing"}')
    await writeFile(join(mixed, 'text.wav'), 'this is no audio')
    await writeFile(
      join(mixed, 'unknown.json'),
      JSON.stringify({ call_id: 'x', agent: 99, assistant_id: 'nobody', transcript_json: TURNS }),
    )
    // Larger than Node reads at once, and without taking room on the disk.
    await writeFile(join(mixed, 'huge.json'), '')
    await truncate(join(mixed, 'huge.json'), 3 * 1024 ** 3)
    const { code, output, lines } = await talktrack('import', mixed, '--agent', '1')
    expect(code).toBe(1)
    // The unknown agent is replaced by the one that was named for such calls.
    expect(lines.at(-1)).toBe('3 new, 0 updated, 0 unchanged, 6 failed')
    const reasons = {
      'broken.json': /JSON/,
      'empty.json': /JSON/,
      'huge.json': /2 GiB/,
      'lines.jsonl:1': /JSON/,
      'nothing.json': /transcript_json/,
      'text.wav': /is not audio/,
    }
    for (const [name, reason] of Object.entries(reasons)) {
      const line = lines.find((text) => text.startsWith(join(mixed, name)))
      expect([name, line]).toEqual([name, expect.stringMatching(reason)])
    }
    expect(output).not.toMatch(/^\s+at /m)
    const ids = (await storedCalls()).map(([callId]) => callId)
    for (const id of ['good', 'line-good', 'x']) expect(ids).toContain(id)
    expect((await talktrack('doctor')).output).toContain('Unused files: 0 without a call')
  })

  it('asks for an agent where a call names none', async () => {
    const { code, output } = await talktrack('import', join(calls, 'turns.json'))
    expect(code).toBe(1)
    expect(output).toContain('name one with --agent <id>')
  })

  it('fails for a path without calls or without anything', async () => {
    const empty = join(folder.path, 'empty')
    await mkdir(empty)
    expect(await talktrack('import', empty)).toMatchObject({
      code: 1,
      lines: [`${empty} has no JSON, JSONL or audio files.`],
    })
    const missing = await talktrack('import', join(folder.path, 'nowhere'))
    expect(missing.code).toBe(1)
    expect(missing.lines).toEqual([expect.stringContaining('no such file')])
    expect((await talktrack('import', calls, '--agent', 'x')).output).toContain('whole number')
  })
})

describe('talktrack keys', () => {
  it('makes a key that opens the door, lists it without it, and locks it again', async () => {
    const made = await talktrack('keys', 'create', 'Webhooks', '--scope', 'read-only')
    expect(made.code).toBe(0)
    const [, id = ''] = /^Key (\d+), "Webhooks", scope read-only/.exec(made.output) ?? []
    const apiKey = made.lines[1] ?? ''
    const visitor = () =>
      withDatabase((database) => authenticate(database, { apiKey, sessionToken: null }, Date.now()))
    expect(await visitor()).toMatchObject({ scope: 'read-only', name: 'Webhooks' })

    const listed = await talktrack('keys', 'list')
    expect(listed.output).toContain(`${id}  ${apiKey.slice(0, 7)}••••  read-only  Webhooks`)
    expect(listed.output).not.toContain(apiKey)

    expect((await talktrack('keys', 'revoke', id)).lines).toEqual([`Key ${id} is revoked.`])
    expect(await visitor()).toBeNull()
    expect((await talktrack('keys', 'list')).output).not.toContain('Webhooks')
    expect(await talktrack('keys', 'revoke', id)).toMatchObject({ code: 1 })
  })

  it('has one key of a name', async () => {
    expect((await talktrack('keys', 'create', 'Night shift')).code).toBe(0)
    const { code, output } = await talktrack('keys', 'create', 'Night shift')
    expect(code).toBe(1)
    expect(output).toContain('There is a key "Night shift" already.')
  })

  it('says which scopes there are', async () => {
    const { code, output } = await talktrack('keys', 'create', 'x', '--scope', 'god')
    expect(code).toBe(1)
    expect(output).toContain('read-only')
  })
})

describe('talktrack demo', () => {
  it('loads the demo calls, once, and takes them away again, and only them', async () => {
    const before = await storedCalls()
    const demoCalls = () =>
      withDatabase(async ({ reader }) => {
        const rows = reader.selectFrom('call').select('id').where('is_demo', '=', 1)
        return (await rows.execute()).length
      })
    const recordings = async () => {
      const all = await readdir(join(dataDir, 'recordings'), {
        recursive: true,
        withFileTypes: true,
      })
      return all.filter((entry) => entry.isFile()).length
    }
    const filesBefore = await recordings()
    const loaded = await talktrack('demo', 'load')
    expect(loaded.code).toBe(0)
    const count = await demoCalls()
    expect(loaded.output).toContain(`${count} demo calls are there`)
    const filesWithDemo = await recordings()
    expect(filesWithDemo).toBeGreaterThan(filesBefore)
    await talktrack('demo', 'load')
    expect([await demoCalls(), await recordings()]).toEqual([count, filesWithDemo])

    expect((await talktrack('demo', 'remove')).lines).toEqual([`${count} demo calls are gone.`])
    expect([await demoCalls(), await recordings()]).toEqual([0, filesBefore])
    expect(await storedCalls()).toEqual(before)
    const agents = await withDatabase(({ reader }) =>
      reader.selectFrom('agent').select('is_demo').execute(),
    )
    expect(agents).toEqual([{ is_demo: 0 }])
  })
})

describe('talktrack export', () => {
  it('writes what matches to a file, and the same to the standard output', async () => {
    const file = join(folder.path, 'calls.jsonl')
    const filter = ['--filter', 'call_id.startswith.list-', '--sort', 'startedAt']
    const written = await talktrack('export', '--format', 'jsonl', ...filter, '--output', file)
    expect([written.code, written.lines]).toEqual([0, [`2 calls in ${file}`]])
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line).callId)).toEqual(['list-1', 'list-2'])
    const shown = await talktrack('export', '--format', 'jsonl', ...filter)
    expect([shown.code, shown.lines]).toEqual([0, lines])
    expect(await readdir(folder.path)).not.toContain('calls.jsonl.part')
  })

  it('says what is wrong with a filter, and writes nothing', async () => {
    const file = join(folder.path, 'nothing.csv')
    const args = ['export', '--filter', 'duration.gt.soon', '--output', file]
    const { code, output } = await talktrack(...args)
    expect(code).toBe(1)
    expect(output).toContain('soon')
    expect(await readdir(folder.path)).not.toContain('nothing.csv')
  })
})

describe('talktrack doctor', () => {
  it('finds a sound installation sound', async () => {
    const { code, lines } = await talktrack('doctor')
    expect([code, lines.filter((line) => !line.startsWith('✓'))]).toEqual([0, []])
    expect(lines.join('\n')).toMatch(/Recordings: \d+ in the database, 0 of them missing on disk/)
  })

  it('names a recording that is missing, and damage, and wrong settings', async () => {
    const keys = await withDatabase(({ reader }) =>
      reader.selectFrom('recording').select('storage_key').execute(),
    )
    await rm(join(dataDir, 'recordings', keys[0]?.storage_key ?? ''))
    await mkdir(join(dataDir, 'recordings', 'zz'), { recursive: true })
    await writeFile(join(dataDir, 'recordings', 'zz', 'stray'), 'x')
    const missing = await talktrack('doctor')
    expect(missing.code).toBe(1)
    expect(missing.output).toMatch(
      /^✗ Recordings: \d+ in the database, 1 of them missing on disk$/m,
    )
    expect(missing.output).toContain('Unused files: 1 without a call')

    const environment = { DATA_DIR: dataDir, PORT: 'http', FETCH_ALLOW: '10.0.0.0/8' }
    const wrong = await runProgram('src/server/cli/main.ts', { args: ['doctor'], environment })
    expect(wrong.code).toBe(1)
    expect(wrong.output).toMatch(/^✗ Configuration: PORT: /)
    await writeFile(join(folder.path, 'file'), '')
    const nowhere = { DATA_DIR: join(folder.path, 'file') }
    const unusable = await runProgram('src/server/cli/main.ts', {
      args: ['doctor'],
      environment: nowhere,
    })
    expect(unusable.code).toBe(1)
    expect(unusable.output).toMatch(/^✗ Database in .*file: /m)
  })
})

describe('talktrack', () => {
  it('shows its commands where it does not understand', async () => {
    const { code, output } = await talktrack('improt')
    expect(code).toBe(1)
    expect(output).toContain("unknown command 'improt'")
  })

  it('prints a link for signing in', async () => {
    const { lines } = await talktrack('sign-in')
    expect(lines[0]).toMatch(/^Sign in .*: http:\/\/127\.0\.0\.1:4000\/sign-in#token=[\w-]{40,}$/)
  })

  it('refuses a wrong environment like the server', async () => {
    const environment = { DATA_DIR: dataDir, WORKERS: 'many' }
    const { code, output } = await runProgram('src/server/cli/main.ts', {
      args: ['keys', 'list'],
      environment,
    })
    expect(code).toBe(1)
    expect(output).toContain('WORKERS')
    expect(output).not.toMatch(/^\s+at /m)
  })
})
