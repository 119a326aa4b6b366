import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { type ListCase, listCases } from './lib/list-cases.ts'
import { measureListPage } from './lib/list-page.ts'
import { makeCalls } from './lib/make-calls.ts'
import { say } from './lib/progress.ts'
import { type RunningServer, startServer } from './lib/start-server.ts'
import { printTable, type Row } from './lib/table.ts'
import { inTemporaryFolder } from './lib/temporary-folder.ts'
import { spread, timeInTurns } from './lib/time-in-turns.ts'

type Options = { calls: number; times: number; scrollSeconds: number }

/**
 * Prints what a long call list costs: the API beside the bare SQL that answers the same, and the page in
 * Chromium beside pages that do the least.
 */
async function run(options: Options): Promise<void> {
  await inTemporaryFolder(async (dataDir) => {
    await makeCalls(dataDir, options.calls)
    const server = await startServer({ dataDir })
    try {
      const apiRows = await measureApi({ server, dataDir, times: options.times })
      const pageRows = await measureListPage(server, {
        calls: options.calls,
        limitSeconds: options.scrollSeconds,
      })
      printTable({
        title: `Call list of ${options.calls} calls: API (${options.times} times each) and page`,
        rows: [...apiRows, ...pageRows],
        notes: [
          'Bare SQL: the rows of the same answer through node:sqlite in this process, one connection, prepared statements.',
          'The client runs on the same processor as the server.',
        ],
      })
    } finally {
      await server.stop()
    }
  })
}

async function measureApi({
  server,
  dataDir,
  times,
}: {
  server: RunningServer
  dataDir: string
  times: number
}): Promise<Row[]> {
  const db = new DatabaseSync(join(dataDir, 'talktrack.db'), { readOnly: true })
  const pool = new Pool(server.address, { connections: 1 })
  const get = async (path: string): Promise<string> => {
    const response = await pool.request({ method: 'GET', path, headers: server.headers })
    const text = await response.body.text()
    if (response.statusCode !== 200) throw new Error(`${path} was answered with ${text}`)
    return text
  }
  const rows: Row[] = []
  for (const listCase of await listCases(db, get)) {
    say(`GET ${listCase.what}`)
    rows.push(await measureCase(listCase, { get, times }))
  }
  await pool.close()
  db.close()
  return rows
}

async function measureCase(
  { what, path, bare, isBarred }: ListCase,
  { get, times }: { get: (path: string) => Promise<string>; times: number },
): Promise<Row> {
  const [api = [], sql = []] = await timeInTurns([() => get(path), bare], { times })
  return {
    what,
    unit: 'ms, p50 / p95',
    figures: spread(api),
    baseline: { what: 'bare SQL', figures: spread(sql) },
    ...(isBarred && {
      bars: [
        { on: 'value', of: 1, atMost: 25 },
        { on: 'ratio', of: 1, atMost: 2 },
      ],
    }),
  }
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: '100000' },
      times: { type: 'string', default: '60' },
      'scroll-seconds': { type: 'string', default: '180' },
    },
  })
  return {
    calls: Number(values.calls),
    times: Number(values.times),
    scrollSeconds: Number(values['scroll-seconds']),
  }
}

if (import.meta.main) await run(readOptions())
