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

/**
 * Clones the one call of a database until there are `count`, with agents, statuses, reasons, durations
 * (one in twelve unknown), metadata and texts of their own. Cloned, so that columns this file has never
 * heard of are filled as the server fills them.
 */
export function seedCalls(file: string, { count }: { count: number }): void {
  const db = new DatabaseSync(file, { timeout: 5000 })
  // Nothing is lost that cannot be made again; the server opens the file its own way afterwards.
  db.exec(`${SERVER_PRAGMAS}; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000`)
  const insert = prepareCallInsert(db)
  const random = createRandom(11)
  const agents = readRows(db, 'select id, name from agent order by id')
  const firstId = Number(readRow(db, 'select max(id) as id from call').id) + 1
  for (let id = firstId; id <= count; id += CALLS_PER_TRANSACTION) {
    db.exec('begin immediate')
    const end = Math.min(count, id + CALLS_PER_TRANSACTION - 1)
    for (let next = id; next <= end; next++) insert(next, sampleCall(random, agents))
    db.exec('commit')
    say(`${end} of ${count} calls made`)
  }
  db.exec('analyze; PRAGMA wal_checkpoint(TRUNCATE)')
  db.close()
}

type SampleCall = { fields: SqlRow; metadata: Record<string, unknown>; text: string }

function sampleCall(random: () => number, agents: readonly SqlRow[]): SampleCall {
  // Squared: a few agents take most of the calls.
  const agent = agents[Math.floor(random() ** 2 * agents.length)]
  const status = pick(random, STATUSES)
  const startedAt = Date.UTC(2026, 5, 1) - Math.floor(random() * SECONDS_OF_HISTORY) * 1000
  const isReviewed = Number(status.startsWith('reviewed'))
  return {
    fields: {
      agent_id: agent?.id ?? null,
      agent_name: agent?.name ?? '',
      started_at: startedAt,
      duration_ms: random() < 1 / 12 ? null : Math.floor(15_000 + random() ** 3 * 1_500_000),
      status,
      success: status === 'evaluating' ? null : Number(status.endsWith('success')),
      is_judged: Number(status !== 'evaluating'),
      is_reviewed: isReviewed,
      customer_number: `+1555${String(Math.floor(random() * 1e7)).padStart(7, '0')}`,
      ended_reason: pick(random, REASONS),
      topic: pick(random, TOPICS),
      updated_at: startedAt,
      created_at: startedAt,
    },
    metadata: {
      region: pick(random, ['EU', 'US', 'APAC']),
      campaign: `spring-${Math.floor(random() * 40)}`,
      customer: { tier: Math.floor(random() * 5) },
      attempts: Math.floor(random() * 6),
      latency_ms: Math.floor(random() * 1800),
    },
    text: sampleWords(random, TRANSCRIPT_WORDS).join(' '),
  }
}

/** Inserts clones of the newest call and of everything that belongs to it. */
function prepareCallInsert(db: DatabaseSync): (id: number, call: SampleCall) => void {
  const call = readRow(db, 'select * from call order by id desc limit 1')
  const ofCall = (table: string) =>
    readRow(db, `select * from ${table} where call_id = ? limit 1`, [Number(call.id)])
  const content = ofCall('call_content')
  const attribute = ofCall('call_attribute')
  const insertCall = prepareInsert(db, { table: 'call', sample: call })
  const insertContent = prepareInsert(db, { table: 'call_content', sample: content })
  const insertAttribute = prepareInsert(db, { table: 'call_attribute', sample: attribute })
  const insertText = db.prepare('insert into call_text (rowid, transcript_text) values (?, ?)')
  const insertIds = db.prepare('insert into call_identifier (rowid, identifiers) values (?, ?)')
  return (id, { fields, metadata, text }) => {
    const callId = `call-${id.toString(36).padStart(5, '0')}-${String(fields.customer_number).slice(-4)}`
    insertCall({ ...call, ...fields, id, call_id: callId, fingerprint: callId })
    insertContent({
      ...content,
      call_id: id,
      transcript_text: `[00:00] Main Agent: ${text}`,
      metadata: JSON.stringify(metadata),
    })
    for (const { path, textValue, numberValue } of flattenAttributes(metadata)) {
      insertAttribute({
        ...attribute,
        call_id: id,
        path,
        text_value: textValue,
        number_value: numberValue,
      })
    }
    insertText.run(id, text)
    insertIds.run(id, `${callId}\n${fields.customer_number}`)
  }
}
