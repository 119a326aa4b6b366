import { type SqlBool, sql } from 'kysely'
import { HISTOGRAM_BINS, type MetricStatistics } from '#contract/metric.ts'
import { USUAL_TOP_SCORE } from '#contract/metric-result.ts'
import type { Database } from './database.ts'
import type { MetricRecord } from './metrics.ts'
import { QueryTimeout } from './slow-read-errors.ts'
import type { SnapshotReads } from './slow-reader.ts'

const DAY_MS = 24 * 60 * 60_000

export type StatisticsEffort = { timeoutMs: number; newestCalls: number }

/** As long for all calls, and where that is too short for so many of the newest. */
const EFFORT: StatisticsEffort = { timeoutMs: 3000, newestCalls: 50_000 }

export type StatisticsQuestion = {
  metric: Pick<MetricRecord, 'id' | 'projectId' | 'content'>
  /** Epoch ms: of calls that began then or later. */
  sinceMs: number
  signal?: AbortSignal | undefined
  effort?: StatisticsEffort
}

/**
 * How the current results of a metric are spread; those that it gave as another kind of metric, or as ratings up to
 * another top, are left out. Percentiles are the smallest results that as many reach or stay below. Rejects as `SlowReader.run` does: with `QueryTimeout` where even the newest calls take too long.
 */
export async function readMetricStatistics(
  database: Database,
  question: StatisticsQuestion,
): Promise<MetricStatistics> {
  const { signal, effort = EFFORT } = question
  const read = (limit: number | null) =>
    database.slow.snapshot(
      (reads) =>
        countResults(reads, { results: resultsOf(database, { ...question, limit }), question }),
      { signal, timeoutMs: effort.timeoutMs },
    )
  try {
    return { ...(await read(null)), isExact: true }
  } catch (error) {
    if (!(error instanceof QueryTimeout)) throw error
    return { ...(await read(effort.newestCalls)), isExact: false }
  }
}

type Results = ReturnType<typeof resultsOf>
type Counted = Omit<MetricStatistics, 'isExact'>

/** One row per call with a result: the newest calls first, at most `limit` of them; null for all. */
function resultsOf(
  { reader, dialect }: Database,
  { metric, sinceMs, limit }: StatisticsQuestion & { limit: number | null },
) {
  const { evalType, range } = metric.content
  const top = range?.max ?? USUAL_TOP_SCORE
  const calls = reader
    .selectFrom('call')
    .select(['call.id', 'call.started_at'])
    .where(dialect.stopsWhenUnwanted('call.id'))
    .where('call.project_id', '=', metric.projectId)
    .where('call.started_at', '>=', sinceMs)
    .orderBy('call.started_at', 'desc')
    .orderBy('call.id', 'desc')
  // A cross join keeps its order in SQLite: the calls are the outer loop, each result is looked up.
  return (
    reader
      .selectFrom((limit === null ? calls.clearOrderBy() : calls.limit(limit)).as('dated'))
      .crossJoin('verdict')
      .select(['verdict.state', 'verdict.score', 'verdict.value_text', 'verdict.passed'])
      .select(sql<number>`dated.started_at / ${sql.lit(DAY_MS)}`.as('day_number'))
      .where(sql<SqlBool>`verdict.call_id = dated.id`)
      .where('verdict.metric_id', '=', metric.id)
      // Opaque, or SQLite looks through all results of the metric by one of its partial indexes.
      .where((eb) => eb(eb('verdict.is_current', '=', 1), 'is', eb.lit(true)))
      .where('verdict.eval_type', '=', evalType)
      .$if(evalType === 'rating', (query) =>
        query.where(sql<SqlBool>`coalesce(verdict.max_score, ${USUAL_TOP_SCORE}) = ${top}`),
      )
  )
}

type DayRow = {
  day_number: number
  state: 'scored' | 'skipped' | 'failed'
  passed: number | null
  count: number
  score_count: number
  total: number | null
  lowest: number | null
  highest: number | null
  fraction_count: number | null
}

async function countResults(
  reads: SnapshotReads,
  { results, question }: { results: Results; question: StatisticsQuestion },
): Promise<Counted> {
  const rows = await reads.run(sql<DayRow>`
    select day_number, state, passed, count(*) as count, count(score) as score_count,
      sum(score) as total, min(score) as lowest, max(score) as highest,
      sum(case when score <> round(score) then 1 else 0 end) as fraction_count
    from (${results}) as result
    group by day_number, state, passed
    order by day_number`)
  const scored = rows.filter(({ state }) => state === 'scored')
  const scoreCount = sumOf(scored, (row) => row.score_count)
  return {
    scoredCount: sumOf(scored, (row) => row.count),
    skippedCount: sumOf(ofState(rows, 'skipped'), (row) => row.count),
    failedCount: sumOf(ofState(rows, 'failed'), (row) => row.count),
    passRate: rate(passedOf(scored), passedOf(scored) + notPassedOf(scored)),
    mean: rate(
      sumOf(scored, (row) => row.total),
      scoreCount,
    ),
    p50: await smallestReaching(reads, { results, share: 0.5, scoreCount }),
    p95: await smallestReaching(reads, { results, share: 0.95, scoreCount }),
    bins: await readBins(reads, { results, question, scored }),
    days: [...Map.groupBy(scored, (row) => row.day_number)].map(([dayNumber, own]) => ({
      day: new Date(dayNumber * DAY_MS).toISOString().slice(0, 10),
      count: sumOf(own, (row) => row.count),
      passedCount: passedOf(own),
      failedCount: notPassedOf(own),
      mean: rate(
        sumOf(own, (row) => row.total),
        sumOf(own, (row) => row.score_count),
      ),
    })),
  }
}

function ofState(rows: readonly DayRow[], state: DayRow['state']): DayRow[] {
  return rows.filter((row) => row.state === state)
}

function sumOf(rows: readonly DayRow[], take: (row: DayRow) => number | null): number {
  return rows.reduce((sum, row) => sum + Number(take(row) ?? 0), 0)
}

function passedOf(rows: readonly DayRow[]): number {
  return sumOf(rows, ({ passed, count }) => (passed === 1 ? count : 0))
}

function notPassedOf(rows: readonly DayRow[]): number {
  return sumOf(rows, ({ passed, count }) => (passed === 0 ? count : 0))
}

function rate(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole
}

/** The smallest score that `share` (0 to 1) of all reach or stay below; null of none. */
async function smallestReaching(
  reads: SnapshotReads,
  { results, share, scoreCount }: { results: Results; share: number; scoreCount: number },
): Promise<number | null> {
  if (scoreCount === 0) return null
  const [row] = await reads.run(sql<{ score: number }>`
    select score from (${results}) as result
    where state = 'scored' and score is not null
    order by score
    limit 1 offset ${Math.ceil(share * scoreCount) - 1}`)
  return row?.score ?? null
}

type Bins = MetricStatistics['bins']
type BinInput = { results: Results; question: StatisticsQuestion; scored: readonly DayRow[] }

async function readBins(reads: SnapshotReads, input: BinInput): Promise<Bins> {
  const { evalType } = input.question.metric.content
  if (evalType === 'binary') return yesAndNo(input)
  return evalType === 'enum' ? labels(reads, input) : histogram(reads, input)
}

function yesAndNo({ scored }: BinInput): Bins {
  return [
    { from: 5, to: 5, label: 'Yes', count: passedOf(scored) },
    { from: 0, to: 0, label: 'No', count: notPassedOf(scored) },
  ]
}

/** In the metric's order; those that it does not name any more behind them. */
async function labels(reads: SnapshotReads, { results, question }: BinInput): Promise<Bins> {
  const rows = await reads.run(sql<{ value_text: string; count: number }>`
    select value_text, count(*) as count from (${results}) as result
    where state = 'scored' and value_text is not null
    group by value_text
    order by count(*) desc, value_text
    limit 200`)
  const counts = new Map(rows.map((row) => [row.value_text, Number(row.count)]))
  const named = new Set([...question.metric.content.enumValues, ...counts.keys()])
  return [...named].map((label) => ({
    from: null,
    to: null,
    label,
    count: counts.get(label) ?? 0,
  }))
}

async function histogram(
  reads: SnapshotReads,
  { results, question, scored }: BinInput,
): Promise<Bins> {
  const scale = scaleOf(scored, question)
  if (scale === null) return []
  const { from, width, count } = scale
  const place = sql`cast((score - ${from}) / ${width} as integer)`
  const rows = await reads.run(sql<{ bin: number; count: number }>`
    select max(0, min(${count - 1}, ${place})) as bin, count(*) as count
    from (${results}) as result
    where state = 'scored' and score is not null
    group by bin`)
  const counts = new Map(rows.map((row) => [Number(row.bin), Number(row.count)]))
  return Array.from({ length: count }, (_, bin) => {
    const [start, end] = [from + bin * width, from + (bin + 1) * width]
    const label = scale.isWhole ? String(start) : `${short(start)} – ${short(end)}`
    return { from: start, to: end, label, count: counts.get(bin) ?? 0 }
  })
}

type Scale = { from: number; width: number; count: number; isWhole: boolean }

/** Over the metric's range, or from the smallest to the largest result; one bin a number where few whole ones occur. */
function scaleOf(scored: readonly DayRow[], { metric }: StatisticsQuestion): Scale | null {
  const bounds = scored.flatMap(({ lowest, highest }) =>
    lowest === null || highest === null ? [] : [lowest, highest],
  )
  if (bounds.length === 0) return null
  const { range } = metric.content
  const from = range?.min ?? Math.min(...bounds)
  const to = range?.max ?? Math.max(...bounds)
  const isWhole =
    sumOf(scored, (row) => row.fraction_count) === 0 &&
    Number.isInteger(from) &&
    to - from < HISTOGRAM_BINS
  if (isWhole) return { from, width: 1, count: Math.floor(to - from) + 1, isWhole }
  if (to === from) return { from, width: 1, count: 1, isWhole: false }
  return { from, width: (to - from) / HISTOGRAM_BINS, count: HISTOGRAM_BINS, isWhole }
}

function short(number: number): string {
  return String(Number(number.toPrecision(4)))
}
