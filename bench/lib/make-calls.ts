import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { observeBodies, withCallId } from './observe-bodies.ts'
import { seedCalls } from './seed-calls.ts'
import { startServer } from './start-server.ts'

const AGENTS = 12

/** A database of `count` calls in a folder: the server makes the tables, the agents and one call; the rest are clones of it. */
export async function makeCalls(dataDir: string, count: number): Promise<void> {
  const file = join(dataDir, 'talktrack.db')
  if (!existsSync(file)) await makeFirstCall(dataDir)
  seedCalls(file, { count })
}

async function makeFirstCall(dataDir: string): Promise<void> {
  const server = await startServer({ dataDir })
  const headers = { ...server.headers, 'content-type': 'application/json' }
  const post = async (path: string, body: string) => {
    const response = await fetch(server.address + path, { method: 'POST', headers, body })
    if (!response.ok) throw new Error(`${path} was answered with ${await response.text()}`)
  }
  for (let i = 2; i <= AGENTS; i++) {
    await post('/api/agents', JSON.stringify({ name: `Agent ${String.fromCharCode(64 + i)}` }))
  }
  const [body = ''] = observeBodies(1)
  await post('/observability/v1/observe/', withCallId(body, 'template'))
  await server.stop()
}
