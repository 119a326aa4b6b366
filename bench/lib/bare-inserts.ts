import { DatabaseSync } from 'node:sqlite'
import { type Segment, spokenTexts } from '#contract/transcript.ts'
import { toIndexedText } from '#server/store/spoken-words.ts'
import { prepareInsert, readRow, readRows, SERVER_PRAGMAS, type SqlRow } from './copy-rows.ts'

/** Every row that one ingested call is made of, by table. */
export type CallRows = ReadonlyMap<string, readonly SqlRow[]>

const FULL_TEXT_TABLES = ['call_text', 'call_identifier']

/** The rows of calls `afterId + 1` on, as the server stored them, together with the job it had queued. */
export function readCallRows(
  source: DatabaseSync,
  { afterId, limit }: { afterId: number; limit: number },
): CallRows[] {
  return readRows(source, 'select * from call where id > ? order by id limit ?', [
    afterId,
    limit,
  ]).map((call) => rowsOfCall(source, call))
}

function rowsOfCall(source: DatabaseSync, call: SqlRow): CallRows {
  const id = Number(call.id)
  const content = readRow(source, 'select * from call_content where call_id = ?', [id])
  return new Map<string, readonly SqlRow[]>([
    ['call', [{ ...call, status: 'evaluating', success: null }]],
    ['call_content', [content]],
    ['call_payload', readRows(source, 'select * from call_payload where call_id = ?', [id])],
    ['call_text', [{ rowid: id, transcript_text: indexedText(content) }]],
    ['call_identifier', [{ rowid: id, identifiers: `${call.call_id}\n${call.customer_number}` }]],
    ['call_attribute', readRows(source, 'select * from call_attribute where call_id = ?', [id])],
    ['job', [evaluationJob(id)]],
  ])
}

function indexedText({ segments }: SqlRow): string {
  return toIndexedText(spokenTexts(JSON.parse(String(segments)) as Segment[]))
}

/** The worker removed it when the call was evaluated. */
function evaluationJob(id: number): SqlRow {
  return {
    kind: 'evaluate-call',
    subject: `call:${id}`,
    payload: JSON.stringify({ callId: id }),
    run_at: 0,
    attempts: 0,
    generation: 1,
    lease_owner: null,
    lease_until: null,
    last_error: null,
    created_at: 0,
  }
}

/** An empty database with the tables, indexes, projects, agents and paths of metadata of another. */
export function openBareDatabase(file: string, source: DatabaseSync): DatabaseSync {
  const bare = new DatabaseSync(file, { timeout: 5000 })
  bare.exec(SERVER_PRAGMAS)
  const shadows = FULL_TEXT_TABLES.map((table) => `and name not like '${table}\\_%' escape '\\'`)
  const schema = readRows(
    source,
    `select sql from sqlite_master where sql is not null and name not like 'sqlite\\_%' escape '\\' ${shadows.join(' ')}`,
  )
  for (const { sql } of schema) bare.exec(String(sql))
  for (const table of ['project', 'agent', 'attribute_path']) {
    const rows = readRows(source, `select * from ${table}`)
    for (const row of rows) prepareInsert(bare, { table, sample: row })(row)
  }
  return bare
}

/** Stores calls with prepared statements, one transaction each: the least that durable ingest can cost. */
export function createBareInserter(bare: DatabaseSync, sample: CallRows): (call: CallRows) => void {
  const inserts = new Map(
    [...sample].flatMap(([table, [row]]) =>
      row ? [[table, prepareInsert(bare, { table, sample: row })] as const] : [],
    ),
  )
  return (call) => {
    bare.exec('begin immediate')
    for (const [table, rows] of call) {
      const insert = inserts.get(table)
      for (const row of rows) insert?.(row)
    }
    bare.exec('commit')
  }
}
