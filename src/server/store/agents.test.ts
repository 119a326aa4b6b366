import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { storeCalls } from '#testing/call-builder.ts'
import { startTestServer, type TestServer } from '#testing/test-server.ts'
import { changeAgent, insertAgent, renameSomeCalls } from './agents.ts'
import { FIRST_PROJECT_ID } from './projects.ts'

let server: TestServer
let agentId: number

beforeAll(async () => {
  server = await startTestServer()
})

afterAll(() => server.close())

const AGENT = {
  name: 'Old',
  assistantId: '',
  provider: '',
  description: '',
  language: 'en',
  isInbound: null,
  contactNumber: '',
  knowledge: '',
  topicNodes: [],
  dropoffNodes: [],
}

beforeEach(async () => {
  const agent = { projectId: FIRST_PROJECT_ID, agent: AGENT, isDemo: false, now: 0 }
  agentId = await insertAgent(server.database.writer, agent)
})

/** As many calls of the agent, three at each moment, so that the steps end among equals. */
function callsOfAgent(count: number) {
  return storeCalls(
    server.database,
    Array.from({ length: count }, (_, index) => ({
      callId: `${agentId}-${index}`,
      fields: { agent_id: agentId, agent_name: 'Old', started_at: Math.floor(index / 3) },
    })),
  )
}

/** How many of the agent's calls have each name. */
async function names(): Promise<Record<string, number>> {
  const rows = await server.database.reader
    .selectFrom('call')
    .select(['agent_name', ({ fn }) => fn.countAll<number>().as('count')])
    .where('agent_id', '=', agentId)
    .groupBy('agent_name')
    .execute()
  return Object.fromEntries(rows.map((row) => [row.agent_name, Number(row.count)]))
}

const rename = (name: string) =>
  server.app.inject({
    method: 'PATCH',
    url: `/api/agents/${agentId}`,
    headers: server.admin,
    payload: { name },
  })

describe('renaming an agent', () => {
  it('answers with the new name and the newest calls renamed; the worker brings it to the others', async () => {
    const ids = await callsOfAgent(2500)
    expect((await rename('New')).json()).toMatchObject({ id: agentId, name: 'New' })
    expect(await names()).toEqual({ New: 1000, Old: 1500 })
    const newest = await server.database.reader
      .selectFrom('call')
      .select('id')
      .where('agent_id', '=', agentId)
      .where('agent_name', '=', 'New')
      .orderBy('id')
      .execute()
    expect(newest.map(({ id }) => id)).toEqual(ids.slice(1500))

    // Renamed again before the worker came to it: one job, and the name that counts is the last.
    await rename('Newer')
    await server.settle()
    expect(await names()).toEqual({ Newer: 2500 })
    await server.worker.stop()
  })

  it('needs no job where the agent has few calls, and leaves other agents’ calls alone', async () => {
    const other = agentId
    await callsOfAgent(2)
    const agent = { projectId: FIRST_PROJECT_ID, agent: AGENT, isDemo: false, now: 0 }
    agentId = await insertAgent(server.database.writer, agent)
    await callsOfAgent(3)
    await rename('New')
    expect(await names()).toEqual({ New: 3 })
    const waiting = await server.database.reader.selectFrom('job').select('kind').execute()
    expect(waiting).toEqual([])
    agentId = other
    expect(await names()).toEqual({ Old: 2 })
  })

  it('goes on where it stopped', async () => {
    const { writer } = server.database
    await callsOfAgent(2000)
    const change = { id: agentId, projectId: FIRST_PROJECT_ID, change: { name: 'New' }, now: 1 }
    await changeAgent(writer, change)
    const before = await renameSomeCalls(writer, { agentId, before: null })
    expect(await names()).toEqual({ New: 2000 })
    expect(before).toMatchObject({ startedAt: 0 })
    expect(await renameSomeCalls(writer, { agentId, before })).toBeNull()
  })
})
