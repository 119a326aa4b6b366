import { DatabaseSync } from 'node:sqlite'
import { flattenAttributes } from '#server/store/attributes.ts'
import { prepareInsert, readRow, readRows, SERVER_PRAGMAS, type SqlRow } from './copy-rows.ts'
import { say } from './progress.ts'
import { createRandom, pick, sampleWords } from './sample-text.ts'

const CALLS_PER_TRANSACTION = 5000
const SECONDS_OF_HISTORY = 90 * 24 * 3600
const TRANSCRIPT_WORDS = 70

const STATUSES = [
  ...Array<string>(62).fill('success'),
  ...Array<string>(18).fill('failure'),
  ...Array<string>(9).fill('reviewed_success'),
  ...Array<string>(6).fill('reviewed_failure'),
  ...Array<string>(5).fill('evaluating'),
]
const REASONS = [
  'customer-ended-call',
  'assistant-ended-call',
  'silence-timed-out',
  'assistant-forwarded-call',
  'customer-did-not-answer',
  'voicemail',
  'exceeded-max-duration',
  'pipeline-error',
]
const TOPICS = ['', 'billing', 'booking', 'delivery', 'refund', 'password', 'complaint', 'outage']

const METRICS = [
  { code: 'bench-latency', name: 'Latency (in ms)', evalType: 'numeric', unit: 'ms' },
  { code: 'bench-csat', name: 'CSAT', evalType: 'rating', unit: '' },
  { code: 'bench-instructions', name: 'Instruction Follow', evalType: 'binary', unit: '' },
  { code: 'bench-hallucination', name: 'Hallucination', evalType: 'binary', unit: '' },
  { code: 'bench-sentiment', name: 'Sentiment', evalType: 'enum', unit: '' },
  { code: 'bench-relevancy', name: 'Relevancy', evalType: 'binary', unit: '' },
] as const
const SENTIMENTS = ['positive', 'neutral', 'neutral', 'negative']

/**
 * Clones the one call of a database until there are `count`, with agents, statuses, reasons, durations
 * (one in twelve unknown), measures, eight metadata keys, six metric results and texts of their own. Cloned, so that
 * columns this file has never heard of are filled as the server fills them. Goes on where an earlier run was stopped.
 */
export function seedCalls(file: string, { count }: { count: number }): void {
  const db = new DatabaseSync(file, { timeout: 5000 })
  // Nothing is lost that cannot be made again; the server opens the file its own way afterwards.
  db.exec(`${SERVER_PRAGMAS}; PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000`)
  const firstId = Number(readRow(db, 'select max(id) as id from call').id) + 1
  if (firstId <= count) {
    setIndexesAside(db)
    cloneCalls(db, { firstId, count })
  }
  restoreIndexes(db)
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

function cloneCalls(
  db: DatabaseSync,
  { firstId, count }: { firstId: number; count: number },
): void {
  const insert = prepareCallInsert(db)
  const random = createRandom(firstId)
  const agents = readRows(db, 'select id, name from agent order by id')
  for (let id = firstId; id <= count; id += CALLS_PER_TRANSACTION) {
    db.exec('begin immediate')
    const end = Math.min(count, id + CALLS_PER_TRANSACTION - 1)
    for (let next = id; next <= end; next++) insert(next, sampleCall(random, agents))
    db.exec('commit')
    say(`${end} of ${count} calls made`)
  }
}

/** Rows go in several times faster without secondary indexes; their definitions wait in a table of their own. */
function setIndexesAside(db: DatabaseSync): void {
  db.exec('create table if not exists bench_index (name text primary key, definition text)')
  const indexes = readRows(
    db,
    `select name, sql from sqlite_schema where type = 'index' and sql is not null
      and tbl_name in ('call', 'call_attribute', 'verdict', 'call_payload', 'call_tag')`,
  )
  for (const { name, sql } of indexes) {
    db.prepare('insert or replace into bench_index values (?, ?)').run(name ?? null, sql ?? null)
    db.exec(`drop index "${name}"`)
  }
}

function restoreIndexes(db: DatabaseSync): void {
  const [table] = readRows(db, "select 1 from sqlite_schema where name = 'bench_index'")
  if (!table) return
  for (const { name, definition } of readRows(db, 'select * from bench_index order by name')) {
    say(`index ${name}`)
    db.exec(`begin; ${definition}; delete from bench_index where name = '${name}'; commit`)
  }
  db.exec('drop table bench_index')
}

type SampleCall = {
  fields: SqlRow
  metadata: Record<string, unknown>
  text: string
  verdicts: SqlRow[]
}

function sampleCall(random: () => number, agents: readonly SqlRow[]): SampleCall {
  // Squared: a few agents take most of the calls.
  const agent = agents[Math.floor(random() ** 2 * agents.length)]
  const status = pick(random, STATUSES)
  const startedAt = Date.UTC(2026, 5, 1) - Math.floor(random() * SECONDS_OF_HISTORY) * 1000
  const isReviewed = Number(status.startsWith('reviewed'))
  const success = status === 'evaluating' ? null : Number(status.endsWith('success'))
  return {
    fields: {
      agent_id: agent?.id ?? null,
      agent_name: agent?.name ?? '',
      started_at: startedAt,
      duration_ms: random() < 1 / 12 ? null : Math.floor(15_000 + random() ** 3 * 1_500_000),
      status,
      success,
      judge_success: success,
      is_judged: Number(status !== 'evaluating'),
      is_reviewed: isReviewed,
      reviewer: isReviewed ? pick(random, ['Maya', 'Jonas', 'Priya']) : '',
      customer_number: `+1555${String(Math.floor(random() * 1e7)).padStart(7, '0')}`,
      ended_reason: pick(random, REASONS),
      topic: pick(random, TOPICS),
      longest_gap_ms: Math.floor(400 + random() ** 4 * 9000),
      interruption_count: Math.floor(random() ** 3 * 6),
      overlap_count: Math.floor(random() ** 2 * 8),
      tool_error_count: random() < 0.04 ? 1 : 0,
      segment_count: 10 + Math.floor(random() * 40),
      silence_share: Math.round(random() * 4000) / 10_000,
      talk_share: Math.round((0.3 + random() * 0.5) * 10_000) / 10_000,
      words_per_minute: Math.round((120 + random() * 80) * 10) / 10,
      updated_at: startedAt,
      created_at: startedAt,
    },
    metadata: {
      region: pick(random, ['EU', 'US', 'APAC']),
      campaign: `spring-${Math.floor(random() * 40)}`,
      customer: { tier: Math.floor(random() * 5), plan: pick(random, ['free', 'gold', 'silver']) },
      attempts: Math.floor(random() * 6),
      latency_ms: Math.floor(random() * 1800),
      order: { id: `o-${Math.floor(random() * 1e6)}` },
      vip: random() < 0.02,
    },
    text: sampleWords(random, TRANSCRIPT_WORDS).join(' '),
    verdicts: sampleVerdicts(random),
  }
}

function sampleVerdicts(random: () => number): SqlRow[] {
  const binary = (rate: number) => {
    const passed = Number(random() < rate)
    return { score: passed * 5, passed, value_text: null }
  }
  const number = (score: number) => ({ score, passed: null, value_text: null })
  return [
    number(Math.round(600 + random() ** 3 * 4000)),
    number(Math.floor(random() * 6)),
    binary(0.8),
    binary(0.95),
    { score: null, passed: null, value_text: pick(random, SENTIMENTS) },
    binary(0.9),
  ]
}

/** Inserts clones of the newest call and of everything that belongs to it. */
function prepareCallInsert(db: DatabaseSync): (id: number, call: SampleCall) => void {
  const call = readRow(db, 'select * from call order by id limit 1')
  const content = readRow(db, 'select * from call_content order by call_id limit 1')
  const metricIds = METRICS.map((metric) => metricId(db, metric))
  const paths = new Map<string, number>()
  const insertCall = prepareInsert(db, { table: 'call', sample: call })
  const insertContent = prepareInsert(db, { table: 'call_content', sample: content })
  const insertAttribute = db.prepare(
    'insert into call_attribute (call_id, path_id, kind, text_value, number_value) values (?, ?, ?, ?, ?)',
  )
  const insertVerdict = db.prepare(
    `insert into verdict (call_id, metric_id, is_current, source, score, passed, value_text, explanation, created_at)
      values (?, ?, 1, 'recorded', ?, ?, ?, 'Made for a benchmark.', ?)`,
  )
  const insertText = db.prepare('insert into call_text (rowid, transcript_text) values (?, ?)')
  const insertIds = db.prepare('insert into call_identifier (rowid, identifiers) values (?, ?)')
  return (id, { fields, metadata, text, verdicts }) => {
    const callId = `call-${id.toString(36).padStart(5, '0')}-${String(fields.customer_number).slice(-4)}`
    insertCall({ ...call, ...fields, id, call_id: callId, fingerprint: callId })
    insertContent({
      ...content,
      call_id: id,
      transcript_text: `[00:00] Main Agent: ${text}`,
      segments: JSON.stringify([
        {
          kind: 'speech',
          speaker: 'agent',
          text,
          startSeconds: 0,
          endSeconds: 30,
          timing: 'given',
        },
      ]),
      metadata: JSON.stringify(metadata),
    })
    for (const { path, kind, textValue, numberValue } of flattenAttributes(metadata)) {
      insertAttribute.run(id, pathId(db, { path, known: paths }), kind, textValue, numberValue)
    }
    for (const [i, verdict] of verdicts.entries()) {
      const { score = null, passed = null, value_text = null } = verdict
      insertVerdict.run(id, metricIds[i] ?? null, score, passed, value_text, fields.created_at ?? 0)
    }
    insertText.run(id, text)
    insertIds.run(id, `${callId}\n${fields.customer_number}`)
  }
}

function metricId(db: DatabaseSync, metric: (typeof METRICS)[number]): number {
  db.prepare(
    `insert into metric (project_id, code, name, eval_type, unit, enum_values, created_at)
      values (1, ?, ?, ?, ?, ?, 0) on conflict do nothing`,
  ).run(metric.code, metric.name, metric.evalType, metric.unit, JSON.stringify(SENTIMENTS))
  return Number(readRow(db, 'select id from metric where code = ?', [metric.code]).id)
}

function pathId(
  db: DatabaseSync,
  { path, known }: { path: string; known: Map<string, number> },
): number {
  const before = known.get(path)
  if (before !== undefined) return before
  db.prepare(
    `insert into attribute_path (project_id, source, path, has_text, has_number)
      values (1, 'metadata', ?, 1, 1) on conflict do nothing`,
  ).run(path)
  const id = Number(readRow(db, 'select id from attribute_path where path = ?', [path]).id)
  known.set(path, id)
  return id
}
