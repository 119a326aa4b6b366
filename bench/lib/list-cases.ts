import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { CallSortKey } from '#contract/call.ts'

export type ListCase = {
  what: string
  path: string
  /** Reads the rows of the same answer. */
  bare: () => unknown
  /** The default view: the one that has a limit of its own. */
  isBarred?: true
}

type Get = (path: string) => Promise<string>

const PAGE = 60
const WIRE_PAGE = 30
const DEEP_PAGE = 100
const WIRE_DEEP_PAGE = 500

const COLUMNS = [
  'id, call_id, agent_id, agent_name, started_at, is_started_at_receipt, duration_ms, status',
  'is_judged, is_reviewed, customer_number, ended_reason, topic, transcript_state, recording_state',
  'error_message, is_demo, updated_at',
].join(', ')

const COLUMN_OF: Record<Exclude<CallSortKey, 'relevance'>, string> = {
  startedAt: 'started_at',
  durationSeconds: 'duration_ms',
  status: 'status',
  agentName: 'agent_name',
  customerNumber: 'customer_number',
  endedReason: 'ended_reason',
  topic: 'topic',
}

const FOUND = `id in (select rowid from call_text where call_text match ?
  union select rowid from call_identifier where call_identifier match ?)`

/** What a list is asked, each with the least SQL that answers it. */
export async function listCases(db: DatabaseSync, get: Get): Promise<ListCase[]> {
  return [
    nothing(db),
    firstPage(db),
    await deepPage(db, get),
    ...CallSortKey.exclude(['relevance']).options.flatMap((key) => [
      sorted(db, { key, sign: '' }),
      sorted(db, { key, sign: '-' }),
    ]),
    counted(db),
    ...['refund monday', 'the', '+15550'].flatMap((text) => [
      searched(db, text),
      searchCounted(db, text),
    ]),
    wirePage(db, { page: 1, ql: '' }),
    wirePage(db, { page: 1, ql: '{id,call_id,status,timestamp}' }),
    wirePage(db, { page: WIRE_DEEP_PAGE, ql: '' }),
    wirePage(db, { page: WIRE_DEEP_PAGE, ql: '{id,call_id,status,timestamp}' }),
  ]
}

function prepared(db: DatabaseSync, sql: string, parameters: readonly SQLInputValue[] = []) {
  const statement = db.prepare(sql)
  return () => statement.all(...parameters)
}

/** What any answer costs on its way; no other can be quicker. */
function nothing(db: DatabaseSync): ListCase {
  return {
    what: 'API: /healthz, which reads nothing',
    path: '/healthz',
    bare: prepared(db, 'select 1'),
  }
}

function firstPage(db: DatabaseSync): ListCase {
  return {
    what: `API: first page of ${PAGE}, newest first`,
    path: `/api/calls?limit=${PAGE}`,
    bare: prepared(
      db,
      `select ${COLUMNS} from call where project_id = 1 order by started_at desc, id desc limit ${PAGE + 1}`,
    ),
    isBarred: true,
  }
}

async function deepPage(db: DatabaseSync, get: Get): Promise<ListCase> {
  let cursor = ''
  let last: { id: number; startedAt: string } | undefined
  for (let page = 1; page < DEEP_PAGE; page++) {
    const text = await get(`/api/calls?limit=${PAGE}${cursor}`)
    const { items, nextCursor } = JSON.parse(text) as {
      items: { id: number; startedAt: string }[]
      nextCursor: string | null
    }
    if (nextCursor === null) break
    cursor = `&cursor=${nextCursor}`
    last = items.at(-1)
  }
  const place = [Date.parse(last?.startedAt ?? ''), last?.id ?? 0]
  return {
    what: `API: page ${DEEP_PAGE} by cursor`,
    path: `/api/calls?limit=${PAGE}${cursor}`,
    bare: prepared(
      db,
      `select ${COLUMNS} from call where project_id = 1 and (started_at, id) < (?, ?)
        order by started_at desc, id desc limit ${PAGE + 1}`,
      place,
    ),
    isBarred: true,
  }
}

function sorted(
  db: DatabaseSync,
  { key, sign }: { key: Exclude<CallSortKey, 'relevance'>; sign: '' | '-' },
): ListCase {
  const direction = sign === '-' ? 'desc' : 'asc'
  return {
    what: `API: first page, sort=${sign}${key}`,
    path: `/api/calls?limit=${PAGE}&sort=${sign}${key}`,
    bare: prepared(
      db,
      `select ${COLUMNS} from call where project_id = 1
        order by ${COLUMN_OF[key]} ${direction}, id ${direction} limit ${PAGE + 1}`,
    ),
  }
}

function counted(db: DatabaseSync): ListCase {
  return {
    what: 'API: count of all',
    path: '/api/calls/count',
    bare: prepared(db, 'select count(*) from call where project_id = 1'),
  }
}

function matches(text: string): string[] {
  const words = (text.match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => `"${word}"`)
  return [`${words.join(' ')}*`, `"${text}"`]
}

function searched(db: DatabaseSync, text: string): ListCase {
  return {
    what: `API: search "${text}", first page`,
    path: `/api/calls?limit=${PAGE}&search=${encodeURIComponent(text)}`,
    bare: prepared(
      db,
      `select ${COLUMNS} from call where project_id = 1 and ${FOUND}
        order by started_at desc, id desc limit ${PAGE + 1}`,
      matches(text),
    ),
  }
}

function searchCounted(db: DatabaseSync, text: string): ListCase {
  return {
    what: `API: search "${text}", count`,
    path: `/api/calls/count?search=${encodeURIComponent(text)}`,
    bare: prepared(
      db,
      `select count(*) from call where project_id = 1 and ${FOUND}`,
      matches(text),
    ),
  }
}

/** The wire counts all and shows transcripts, so its least SQL does too. */
function wirePage(db: DatabaseSync, { page, ql }: { page: number; ql: string }): ListCase {
  const count = prepared(db, 'select count(*) from call where project_id = 1')
  const content = ql === '' ? 'join call_content on call_content.call_id = page.id' : ''
  const rows = prepared(
    db,
    `with page as (select * from call where project_id = 1 order by started_at desc, id desc
      limit ${WIRE_PAGE} offset ${(page - 1) * WIRE_PAGE})
      select * from page ${content} order by started_at desc, id desc`,
  )
  const selection = ql === '' ? '' : `&ql=${encodeURIComponent(ql)}`
  return {
    what: `wire: page ${page} of ${WIRE_PAGE}${ql === '' ? '' : ', ql of four fields'}`,
    path: `/observability/v1/call-logs/?page=${page}${selection}`,
    bare: () => [count(), rows()],
  }
}
