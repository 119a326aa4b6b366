import { sql } from 'kysely'
import type { CallStatus } from '#contract/call.ts'
import type { AttributeSource, FilterScalar } from '#contract/filter.ts'
import type { Database } from '#server/store/database.ts'
import { saying, storeCalls } from './call-builder.ts'
import type { CallFacts, ResultFacts } from './reference-filter.ts'

export const RANDOM_CALLS_NOW = Date.UTC(2026, 10, 21, 12, 30)

/** What random calls and the filters about them are made of: few enough to meet often, and each a trap for somebody. */
export const TEXT_POOL = [
  ...['', 'refund', 'Refund', 'REFUND now', '100%', 'a_b', 'axb', "o'brien", 'back\\slash'],
  ...[
    'Ünïcode',
    'ünïcode',
    'straße',
    '\u212a',
    'k',
    '日本語',
    '😀 ok',
    '60',
    '60.0',
    'true',
    'null',
  ],
]
export const NUMBER_POOL = [0, 1, 2, 5, 60, 60.5, -3, 0.25]
export const PATTERN_POOL = ['^ref', 'und$', 'n.w', '[0-9]+', 'a|b', '.', '^$', 'ü']
export const WORDS_POOL = [
  'refund',
  'Refund my',
  'my order',
  'ord',
  'crème',
  'creme br',
  'zzz',
  '!?',
  // Only who speaks and when, which nobody said.
  'agent',
  '00 00',
]
export const TIME_POOL = [
  ...['now', 'today', 'now-7d', 'today-1d', 'now-1M', 'now-36h', '2026-11-21', '2026-11-20'],
  ...['2026-11-21T12:30:00.000Z', '2026-11-14T12:30:00.000Z', 'now-1y', 'now-2w'],
]
export const PATHS = ['plan', 'order.id', 'deep.er.path', 'list', 'ünï "q" code'] as const

const STATUSES: CallStatus[] = [
  'evaluating',
  'success',
  'failure',
  'reviewed_success',
  'reviewed_failure',
]
/** A line for each time someone speaks. */
const TRANSCRIPTS = [
  '',
  'I want a refund, my order!',
  'Crème brûlée — refund my ORDER now',
  'zzz',
  'Give me a refund\nMy crème\nbrûlée',
]
const METRICS = ['Latency', 'Sentiment', 'refund']
const DAY_MS = 86_400_000

type Random = () => number

/** Stores `count` random calls in project 1 and gives what is known of them, by id. Agents and metrics are made too. */
export async function storeRandomCalls(
  database: Database,
  { count, random }: { count: number; random: Random },
): Promise<Map<number, CallFacts>> {
  const agents = await storeAgents(database)
  const metrics = await storeMetrics(database)
  const facts = new Map<number, CallFacts>()
  for (let index = 0; index < count; index++) {
    const made = randomCall(random, { index, agents, metrics })
    const id = await storeRandomCall(database, made)
    await storeNoResults(database, { callId: id, metrics, made })
    facts.set(id, { ...made.facts, fields: { ...made.facts.fields, id } })
  }
  return facts
}

type Agent = { id: number; name: string; assistantId: string }
type Metric = { id: number; name: string }
type Made = {
  facts: CallFacts
  sources: Record<AttributeSource, Record<string, unknown>>
  judge: JudgeColumns
}

async function storeAgents({ writer }: Database): Promise<Agent[]> {
  for (const name of ['Front desk', 'refund']) {
    await sql`insert into agent (project_id, name, assistant_id, provider, description, language, contact_number, is_demo, created_at, updated_at)
      values (1, ${name}, ${`as-${name}`}, '', '', '', '', 0, 0, 0)`.execute(writer)
  }
  const rows = await writer.selectFrom('agent').select(['id', 'name', 'assistant_id']).execute()
  return rows.map((row) => ({ id: row.id, name: row.name, assistantId: row.assistant_id }))
}

async function storeMetrics({ writer }: Database): Promise<Metric[]> {
  for (const name of METRICS) {
    await sql`insert into metric (project_id, code, name, eval_type, unit, enum_values, created_at)
      values (1, ${name}, ${name}, 'numeric', '', '[]', 0)`.execute(writer)
  }
  const metrics = await writer.selectFrom('metric').select(['id', 'name']).orderBy('id').execute()
  await sql`insert into metric (project_id, code, name, eval_type, unit, enum_values, created_at, deleted_at)
    values (1, 'deleted', 'Sentiment', 'numeric', '', '[]', 0, 1)`.execute(writer)
  return metrics
}

function randomCall(
  random: Random,
  { index, agents, metrics }: { index: number; agents: Agent[]; metrics: Metric[] },
): Made {
  const one = <T>(items: readonly T[]): T => pick(random, items)
  const maybe = <T>(value: T): T | null => (random() < 0.3 ? null : value)
  const text = () => one(TEXT_POOL)
  const agent = maybe(one(agents))
  const status = one(STATUSES)
  const isJudged = random() < 0.7
  const isReviewed = status.startsWith('reviewed')
  const success = maybe(random() < 0.5)
  const judgeSuccess = maybe(random() < 0.5)
  const feedback = text()
  const comments = randomComments(random)
  const votes = one([0, 1])
  const bases = [RANDOM_CALLS_NOW, Date.UTC(2026, 10, 21), RANDOM_CALLS_NOW - 7 * DAY_MS]
  const time = () => one(bases) + one([0, 0, -1, 1, -DAY_MS, -40 * DAY_MS])
  const seconds = () => maybe(one([0, 0.25, 1, 60, 60.5]))
  const state = one(['ready', 'needs-transcription', 'none'])
  const attributes = { metadata: randomLeaves(random), dynamic_variables: randomLeaves(random) }
  const tags = [...new Set([text(), text()].filter((tag) => tag !== '' && random() < 0.5))]
  const isVerdict = status === 'success' || status === 'failure'
  return {
    sources: {
      metadata: toObject(attributes.metadata),
      dynamic_variables: toObject(attributes.dynamic_variables),
    },
    facts: {
      fields: {
        outcome: isVerdict && !isJudged ? 'not-evaluated' : status,
        success,
        timestamp: time(),
        duration: seconds(),
        call_ended_reason: text(),
        topic: text(),
        dropoff_point: text(),
        customer_number: text(),
        call_id: `${text()}#${index}`,
        tag: tags,
        transcript: one(TRANSCRIPTS),
        transcript_state: state,
        has_recording: random() < 0.5,
        error_message: maybe(text()),
        status,
        trace_id: text(),
        id: 0,
        created_at: time(),
        updated_at: time(),
        is_demo: random() < 0.5,
        'agent.agent_name': agent?.name ?? '',
        'agent.id': agent?.id ?? null,
        'agent.assistant_id': agent?.assistantId ?? null,
        is_reviewed: isReviewed,
        reviewer: text(),
        feedback,
        has_comment: feedback !== '' || comments.length > 0,
        has_open_comment: comments.some(({ isResolved }) => !isResolved),
        comment: comments.map((comment) => comment.text),
        has_vote: votes > 0,
        disagrees_with_judge:
          isReviewed && success !== null && judgeSuccess !== null ? success !== judgeSuccess : null,
        longest_response_gap: seconds(),
        interruptions: maybe(one([0, 1, 2, 5])),
        overlaps: maybe(one([0, 1, 2])),
        silence_share: maybe(one([0, 0.25, 1])),
        talk_share: maybe(one([0, 0.25, 1])),
        words_per_minute: maybe(one([0, 60, 60.5])),
        tool_errors: one([0, 0, 1, 2]),
        segment_count: one([0, 1, 5, 60]),
      },
      attributes: Object.entries(attributes).flatMap(([source, leaves]) =>
        [...leaves].flatMap(([path, values]) =>
          values.map((value) => ({ source: source as AttributeSource, path, value })),
        ),
      ),
      results: metrics.filter(() => random() < 0.6).map((metric) => randomResult(random, metric)),
    },
    judge: { isJudged, judgeSuccess, comments, votes },
  }
}

type JudgeColumns = {
  isJudged: boolean
  judgeSuccess: boolean | null
  comments: readonly RandomComment[]
  votes: number
}

type RandomComment = { text: string; isResolved: boolean }

function randomComments(random: Random): RandomComment[] {
  return Array.from({ length: pick(random, [0, 0, 1, 2]) }, () => ({
    text: pick(random, TEXT_POOL.filter(Boolean)),
    isResolved: random() < 0.5,
  }))
}

/** Values by path. A path may be missing, hold one value, or a list of them, which may be empty. */
function randomLeaves(random: Random): Map<string, FilterScalar[]> {
  const scalar = (): FilterScalar => {
    const kind = random()
    if (kind < 0.45) return pick(random, TEXT_POOL)
    if (kind < 0.75) return pick(random, NUMBER_POOL)
    return pick(random, [true, false, null])
  }
  const leaves = new Map<string, FilterScalar[]>()
  for (const path of PATHS) {
    if (random() < 0.3) continue
    const length = path === 'list' ? Math.floor(random() * 4) : 1
    leaves.set(path, Array.from({ length }, scalar))
  }
  return leaves
}

/** The object that has these leaves; a list stands where `list` is, also for one value or none. */
function toObject(leaves: ReadonlyMap<string, readonly FilterScalar[]>): Record<string, unknown> {
  const root: Record<string, unknown> = {}
  for (const [path, values] of leaves) {
    const keys = path.split('.')
    const last = keys.pop() ?? ''
    let place = root
    for (const key of keys) {
      place[key] ??= {}
      place = place[key] as Record<string, unknown>
    }
    place[last] = path === 'list' ? values : values[0]
  }
  return root
}

function randomResult(random: Random, metric: Metric): ResultFacts {
  const maybe = <T>(value: T): T | null => (random() < 0.5 ? null : value)
  return {
    metricId: metric.id,
    metricName: metric.name,
    score: maybe(pick(random, NUMBER_POOL)),
    passed: maybe(random() < 0.5),
    label: maybe(pick(random, TEXT_POOL)),
    explanation: pick(random, TEXT_POOL),
    confidence: maybe(pick(random, [0, 25, 60, 100])),
  }
}

async function storeRandomCall(database: Database, made: Made): Promise<number> {
  const { judge, facts } = made
  const { fields, results } = facts
  const flag = (value: FilterScalar) => (value === null ? null : Number(value))
  const milliseconds = (value: FilterScalar) => (value === null ? null : Number(value) * 1000)
  const text = (value: FilterScalar) => String(value ?? '')
  const [id] = await storeCalls(database, [
    {
      callId: text(fields.call_id),
      content: {
        ...saying(...text(fields.transcript).split('\n').filter(Boolean)),
        metadata: JSON.stringify(made.sources.metadata),
        dynamic_variables: JSON.stringify(made.sources.dynamic_variables),
      },
    },
  ])
  if (id === undefined) throw new Error('The call was not stored.')
  await sql`update call set status = ${fields.status}, success = ${flag(fields.success)},
    is_judged = ${flag(judge.isJudged)}, judge_success = ${flag(judge.judgeSuccess)},
    started_at = ${fields.timestamp}, created_at = ${fields.created_at}, updated_at = ${fields.updated_at},
    duration_ms = ${milliseconds(fields.duration)}, ended_reason = ${fields.call_ended_reason},
    topic = ${fields.topic}, dropoff_point = ${fields.dropoff_point},
    customer_number = ${fields.customer_number}, transcript_state = ${fields.transcript_state},
    recording_state = ${fields.has_recording === true ? 'ready' : 'none'},
    error_message = ${fields.error_message}, trace_id = ${fields.trace_id}, is_demo = ${flag(fields.is_demo)},
    agent_id = ${fields['agent.id']}, agent_name = ${fields['agent.agent_name']},
    is_reviewed = ${flag(fields.is_reviewed)}, reviewer = ${fields.reviewer}, feedback = ${fields.feedback},
    comment_count = ${judge.comments.length}, open_comment_count = ${Number(fields.has_open_comment)}, vote_count = ${judge.votes},
    longest_gap_ms = ${milliseconds(fields.longest_response_gap)},
    interruption_count = ${fields.interruptions}, overlap_count = ${fields.overlaps},
    silence_share = ${fields.silence_share}, talk_share = ${fields.talk_share},
    words_per_minute = ${fields.words_per_minute}, tool_error_count = ${fields.tool_errors},
    segment_count = ${fields.segment_count} where id = ${id}`.execute(database.writer)
  for (const tag of fields.tag) {
    await sql`insert into call_tag (call_id, tag) values (${id}, ${tag})`.execute(database.writer)
  }
  for (const result of results) await storeResult(database, id, result)
  await storeComments(database, id, judge.comments)
  return id
}

/** With a deleted comment and a reply to it, which must not count. */
async function storeComments(
  { writer }: Database,
  callId: number,
  comments: readonly RandomComment[],
): Promise<void> {
  for (const { text, isResolved } of comments) {
    await sql`insert into call_comment (call_id, owner, author, text, resolved_at, resolved_by, created_at, updated_at)
      values (${callId}, '', '', ${text}, ${isResolved ? 0 : null}, '', 0, 0)`.execute(writer)
  }
  await sql`insert into call_comment (call_id, owner, author, text, resolved_by, created_at, updated_at, deleted_at)
    values (${callId}, '', '', 'refund', '', 0, 0, 0)`.execute(writer)
  await sql`insert into call_comment (call_id, parent_id, owner, author, text, resolved_by, created_at, updated_at)
    select call_id, id, '', '', 'refund', '', 0, 0 from call_comment where call_id = ${callId} and deleted_at = 0`.execute(
    writer,
  )
}

/** Of the metrics without a result: that they broke, or were skipped; and a result of a metric that was deleted. */
async function storeNoResults(
  { writer }: Database,
  { callId, metrics, made }: { callId: number; metrics: readonly Metric[]; made: Made },
): Promise<void> {
  const present = made.facts.results.map(({ metricId }) => metricId)
  for (const { id } of metrics.filter((metric) => !present.includes(metric.id))) {
    const state = (callId + id) % 2 === 0 ? 'failed' : 'skipped'
    await sql`insert into verdict (call_id, metric_id, is_current, source, state, explanation, confidence, created_at)
      values (${callId}, ${id}, 1, 'measured', ${state}, 'refund', 60, 0)`.execute(writer)
  }
  await sql`insert into verdict (call_id, metric_id, is_current, source, score, value_text, passed, explanation, created_at)
    select ${callId}, id, 1, 'measured', 7, 'refund', 1, 'refund', 0 from metric where deleted_at is not null`.execute(
    writer,
  )
}

/** With an older result of the other way round, which must not count. */
async function storeResult({ writer }: Database, callId: number, result: ResultFacts) {
  const passed = result.passed === null ? null : Number(result.passed)
  for (const isCurrent of [0, 1]) {
    const score = isCurrent ? result.score : 77
    await sql`insert into verdict (call_id, metric_id, is_current, source, score, value_text, passed, explanation, confidence, created_at)
      values (${callId}, ${result.metricId}, ${isCurrent}, 'recorded', ${score}, ${result.label}, ${passed},
        ${isCurrent ? result.explanation : 'old'}, ${result.confidence}, 0)`.execute(writer)
  }
}

function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new Error('There is nothing to pick from.')
  return item
}
