import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import { Pool } from 'undici'
import { openDatabase } from '#server/store/database.ts'
import { ensureFirstProject } from '#server/store/projects.ts'
import { compareFilters } from '#testing/compare-filters.ts'
import { storeRandomCalls } from '#testing/random-calls.ts'
import { type FilterCase, filterCases } from './lib/filter-cases.ts'
import { makeCalls } from './lib/make-calls.ts'
import { say } from './lib/progress.ts'
import { startServer } from './lib/start-server.ts'
import { printTable, type Row } from './lib/table.ts'
import { inTemporaryFolder } from './lib/temporary-folder.ts'
import { spread, timeInTurns } from './lib/time-in-turns.ts'

const DEFAULT_CALLS = 1_000_000
/** Of questions that are asked together. */
const MOST_AT_ONCE = 4
const TREES_AT_ONCE = 10_000

type Options = { calls: number; times: number; folder: string; trees: number }

/**
 * Prints what finding calls costs among very many: list, nested filters, full text and facets by the API, beside the bare
 * SQL that answers the same. `--trees` first holds so many random filters against the reference. The database stays in `--folder`: a second run starts at once, a stopped one goes on.
 */
async function run({ calls, times, folder, trees }: Options): Promise<void> {
  if (trees > 0) await compareTrees(trees)
  await mkdir(folder, { recursive: true })
  await makeCalls(folder, calls)
  const server = await startServer({ dataDir: folder })
  const db = new DatabaseSync(join(folder, 'talktrack.db'), { readOnly: true })
  const pool = new Pool(server.address, { connections: MOST_AT_ONCE, headersTimeout: 120_000 })
  const get = async (path: string): Promise<string> => {
    const response = await pool.request({ method: 'GET', path, headers: server.headers })
    const text = await response.body.text()
    if (response.statusCode !== 200) throw new Error(`${path} was answered with ${text}`)
    return text
  }
  try {
    const rows: Row[] = []
    for (const one of filterCases(db)) {
      say(one.what)
      rows.push(await measureCase(one, { get, times }))
    }
    printTable({
      title: `Finding calls among ${calls}, six metric results and eight metadata keys each (${times} times each)`,
      rows,
      notes: [
        'Bare SQL: the rows of the same answer through node:sqlite in this process, one connection, prepared statements, told which index to take.',
        `The database is kept in ${folder}.`,
      ],
    })
  } finally {
    await pool.close()
    db.close()
    await server.stop()
  }
}

/** Random filters by SQL, as lists go and as they are explained, against the reference of the tests. Throws at the first difference. */
async function compareTrees(count: number): Promise<void> {
  await inTemporaryFolder(async (dataDir) => {
    const database = await openDatabase({ dataDir })
    await ensureFirstProject(database.writer, 0)
    const facts = await storeRandomCalls(database, { count: 60, random: Math.random })
    for (let done = 0; done < count; done += TREES_AT_ONCE) {
      const seed = Math.floor(Math.random() * 2 ** 31)
      await compareFilters(database, { facts, count: TREES_AT_ONCE, seed, checkEach: 100 })
      say(`${done + TREES_AT_ONCE} of ${count} random filters agree with the reference`)
    }
    await database.close()
  })
}

async function measureCase(
  { what, paths, bare, bars, atOnce = 1 }: FilterCase,
  { get, times }: { get: (path: string) => Promise<string>; times: number },
): Promise<Row> {
  const [api = [], sql = []] = await timeInTurns(
    [
      inTurn(
        paths.map((path) => () => get(path)),
        atOnce,
      ),
      inTurn(bare, atOnce),
    ],
    { times },
  )
  return {
    what,
    unit: 'ms, p50 / p95',
    figures: spread(api),
    baseline: { what: 'bare SQL', figures: spread(sql) },
    ...(bars && { bars }),
  }
}

/** Each call asks the next questions and waits for all of their answers. */
function inTurn(questions: readonly (() => unknown)[], atOnce: number): () => unknown {
  let turn = 0
  return () =>
    Promise.all(Array.from({ length: atOnce }, () => questions[turn++ % questions.length]?.()))
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      calls: { type: 'string', default: String(DEFAULT_CALLS) },
      times: { type: 'string', default: '40' },
      folder: { type: 'string' },
      trees: { type: 'string', default: '0' },
    },
  })
  const folder = values.folder ?? join(tmpdir(), `talktrack-filters-${values.calls}`)
  return {
    calls: Number(values.calls),
    times: Number(values.times),
    folder: resolve(folder),
    trees: Number(values.trees),
  }
}

if (import.meta.main) await run(readOptions())
