import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
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
      .select(['call.status', 'call.recording_state', 'call.started_at', 'job.kind'])
      .execute()
    for (const call of calls) {
      const kind = call.recording_state === 'none' ? 'evaluate-call' : 'prepare-recording'
      expect(call).toMatchObject({ status: 'evaluating', kind })
      expect(call.started_at).toBeLessThan(Date.now())
    }
    const recordings = await readdir(join(import.meta.dirname, 'audio'))
    expect((await server.files.survey()).keys).toHaveLength(recordings.length)
  })

  it('do not come twice, and neither do their files', async () => {
    const { keys } = await server.files.survey()
    const before = await countDemoCalls(server.database, 1)
    await load()
    expect(await countDemoCalls(server.database, 1)).toBe(before)
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
    const removed = await removeDemo(tools(), { projectId: 1, actor: 'test' })
    expect(removed).toBeGreaterThan(5)
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
