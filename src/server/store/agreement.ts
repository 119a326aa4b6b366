import { type Selectable, type SqlBool, sql } from 'kysely'
import {
  type AgreementReport,
  type Disagreement,
  type MetricAgreement,
  OTHER_LABEL,
} from '#contract/agreement.ts'
import { cohensKappa, type Pairing } from '#contract/cohens-kappa.ts'
import { type EvalType, Evidence, USUAL_TOP_SCORE } from '#contract/metric-result.ts'
import { ExpectedValue } from '#contract/review.ts'
import type { Database } from './database.ts'
import type { MetricRecord } from './metrics.ts'
import type { Tables } from './tables.ts'

const DAY_MS = 24 * 60 * 60_000
const MOST_DISAGREEMENTS = 100
/** Of votes with nothing but an expected value some turn out to agree. */
const MOST_CANDIDATES = 1000
/** A table of thousands of labels by as many would be no use to anybody, and would keep all requests waiting. */
const MOST_LABELS = 30

type AgreementQuestion = {
  /** Epoch ms: of votes given then or later. */
  sinceMs: number
  signal?: AbortSignal | undefined
}

/**
 * How far each live metric of a project agrees with people, in the order of their ids; those without votes are left out.
 * Of each call the newest vote that says anything of the result counts. Results that the metric gave as another kind of
 * metric, or as ratings up to another top, are left out. Rejects as `SlowReader.run` does.
 */
export async function listAgreement(
  database: Database,
  { projectId, sinceMs, signal }: AgreementQuestion & { projectId: number },
): Promise<MetricAgreement[]> {
  const votes = countingVotes(database, { sinceMs }).where('metric.project_id', '=', projectId)
  const rows = await database.slow.run(
    sql<TallyRow>`
      select metric_id, 0 as day_number, eval_type, score, passed, value_text, agrees,
        expected_value, count(*) as count
      from (${votes}) as vote
      group by metric_id, eval_type, score, passed, value_text, agrees, expected_value
      order by metric_id`,
    { signal },
  )
  return [...Map.groupBy(rows.map(toTally), ({ metricId }) => metricId)].map(([metricId, own]) => ({
    metricId,
    ...summarize(own),
  }))
}

/** As `listAgreement`, of one metric, with where it does not agree. Rejects as `SlowReader.run` does. */
export async function readAgreement(
  database: Database,
  question: AgreementQuestion & { metric: Pick<MetricRecord, 'id' | 'content'> },
): Promise<Omit<AgreementReport, 'days'>> {
  const { metric, signal } = question
  const votes = countingVotes(database, question).where('metric.id', '=', metric.id)
  const rows = await database.slow.run(
    sql<TallyRow>`
      select metric_id, day_number, eval_type, score, passed, value_text, agrees,
        expected_value, count(*) as count
      from (${votes}) as vote
      group by metric_id, day_number, eval_type, score, passed, value_text, agrees, expected_value
      order by day_number`,
    { signal },
  )
  const tallies = rows.map(toTally)
  return {
    metricId: metric.id,
    ...summarize(tallies),
    ...confuse(tallies, metric.content.enumValues),
    disagreements: await listDisagreements(database, question),
    byDay: [...Map.groupBy(tallies, ({ dayNumber }) => dayNumber)].map(([dayNumber, own]) => ({
      day: new Date(dayNumber * DAY_MS).toISOString().slice(0, 10),
      voteCount: countAll(own),
      agreedCount: countAgreed(own),
    })),
  }
}

/** One row per call and metric: the vote that counts, and the result that it was given on. */
function countingVotes(
  { reader, dialect }: Pick<Database, 'reader' | 'dialect'>,
  { sinceMs }: { sinceMs: number },
) {
  return (
    reader
      .selectFrom('metric_vote')
      .innerJoin('metric', 'metric.id', 'metric_vote.metric_id')
      .innerJoin('verdict', 'verdict.id', 'metric_vote.verdict_id')
      .select(['metric_vote.metric_id', 'metric_vote.agrees', 'metric_vote.expected_value'])
      .select(['verdict.eval_type', 'verdict.score', 'verdict.passed', 'verdict.value_text'])
      .select(sql<number>`metric_vote.created_at / ${sql.lit(DAY_MS)}`.as('day_number'))
      .where(dialect.stopsWhenUnwanted('metric_vote.call_id'))
      .where('metric.deleted_at', 'is', null)
      .where('metric_vote.created_at', '>=', sinceMs)
      .where((eb) =>
        eb.or([
          eb('metric_vote.agrees', 'is not', null),
          eb('metric_vote.expected_value', 'is not', null),
        ]),
      )
      .where('verdict.state', '=', 'scored')
      .whereRef('verdict.eval_type', '=', 'metric.eval_type')
      .where((eb) =>
        eb.or([
          eb('verdict.eval_type', '<>', 'rating'),
          eb(
            eb.fn.coalesce('verdict.max_score', eb.lit(USUAL_TOP_SCORE)),
            '=',
            eb.fn.coalesce('metric.max_score', eb.lit(USUAL_TOP_SCORE)),
          ),
        ]),
      )
      // A note alone is no opinion, and takes nobody's place.
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('metric_vote as newer')
              .select('newer.call_id')
              .whereRef('newer.call_id', '=', 'metric_vote.call_id')
              .whereRef('newer.metric_id', '=', 'metric_vote.metric_id')
              // Opaque, or SQLite looks through all newer votes on the metric instead of those on the call.
              .where(
                sql<SqlBool>`((newer.created_at, newer.event_id) > (metric_vote.created_at, metric_vote.event_id)) is true`,
              )
              .where(sql<SqlBool>`(newer.agrees is not null or newer.expected_value is not null)`),
          ),
        ),
      )
  )
}

type VoteRow = Pick<Selectable<Tables['metric_vote']>, 'agrees' | 'expected_value'> &
  Pick<Selectable<Tables['verdict']>, 'eval_type' | 'score' | 'passed' | 'value_text'>

type TallyRow = VoteRow & { metric_id: number; day_number: number; count: number }

/** So many votes that say the same. */
type Tally = Opinion & { metricId: number; dayNumber: number; count: number; evalType: EvalType }

function toTally(row: TallyRow): Tally {
  return {
    metricId: row.metric_id,
    dayNumber: Number(row.day_number),
    count: Number(row.count),
    evalType: row.eval_type,
    ...toOpinion(row),
  }
}

type Opinion = {
  said: ExpectedValue
  /** What people say it should have been; null where they only say that it is wrong. */
  shouldBe: ExpectedValue | null
  agrees: boolean
}

function toOpinion(row: VoteRow): Opinion {
  const said = saidValue(row)
  const expected = readExpected(row.expected_value)
  const agrees = row.agrees === null ? expected === said : row.agrees === 1
  if (expected !== null) return { said, shouldBe: expected, agrees }
  if (agrees) return { said, shouldBe: said, agrees }
  return { said, shouldBe: typeof said === 'boolean' ? !said : null, agrees }
}

function saidValue({ eval_type, score, passed, value_text }: VoteRow): ExpectedValue {
  switch (eval_type) {
    case 'binary':
      return score === null ? passed === 1 : score > 0
    case 'enum':
      return value_text ?? ''
    case 'rating':
    case 'numeric':
      return score ?? 0
    default:
      return eval_type satisfies never
  }
}

function readExpected(text: string | null): ExpectedValue | null {
  return text === null ? null : ExpectedValue.parse(JSON.parse(text))
}

function countAll(tallies: readonly Tally[]): number {
  return tallies.reduce((sum, { count }) => sum + count, 0)
}

function countAgreed(tallies: readonly Tally[]): number {
  return countAll(tallies.filter(({ agrees }) => agrees))
}

function summarize(tallies: readonly Tally[]): Omit<MetricAgreement, 'metricId'> {
  return {
    voteCount: countAll(tallies),
    agreedCount: countAgreed(tallies),
    kappa: cohensKappa(classified(tallies)),
  }
}

/** Votes that say what the result should have been. Plain numbers have no classes. */
function classified(tallies: readonly Tally[]): Pairing<ExpectedValue>[] {
  return tallies.flatMap(({ evalType, said, shouldBe, count }) =>
    evalType === 'numeric' || shouldBe === null ? [] : [{ said, shouldBe, count }],
  )
}

/** Rows are what the metric said, columns what people say, in the order of the labels. */
function confuse(
  tallies: readonly Tally[],
  enumValues: readonly string[],
): Pick<AgreementReport, 'labels' | 'confusion'> {
  const pairings = classified(tallies)
  const kept = mostUsed(pairings)
  const labels = inOrder(kept, enumValues).map(toLabel)
  if (pairings.some(({ said, shouldBe }) => !kept.has(said) || !kept.has(shouldBe))) {
    labels.push(OTHER_LABEL)
  }
  const places = new Map(labels.map((label, place) => [label, place]))
  const placeOf = (value: ExpectedValue) =>
    places.get(kept.has(value) ? toLabel(value) : OTHER_LABEL)
  const confusion = labels.map(() => labels.map(() => 0))
  for (const { said, shouldBe, count } of pairings) {
    const row = confusion[placeOf(said) ?? -1]
    const column = placeOf(shouldBe)
    if (row && column !== undefined) row[column] = (row[column] ?? 0) + count
  }
  return { labels, confusion }
}

/** Those of both sides that most votes name; where there are too many for all, a label "Other" is among the rest. */
function mostUsed(pairings: readonly Pairing<ExpectedValue>[]): Set<ExpectedValue> {
  const uses = new Map<ExpectedValue, number>()
  for (const { said, shouldBe, count } of pairings) {
    for (const value of [said, shouldBe]) uses.set(value, (uses.get(value) ?? 0) + count)
  }
  if (uses.size <= MOST_LABELS) return new Set(uses.keys())
  uses.delete(OTHER_LABEL)
  const ranked = [...uses].toSorted(([, a], [, b]) => b - a)
  return new Set(ranked.slice(0, MOST_LABELS).map(([value]) => value))
}

/** Yes before no, ratings from the lowest, labels in the metric's order and those that it does not name behind them. */
function inOrder(
  values: ReadonlySet<ExpectedValue>,
  enumValues: readonly string[],
): ExpectedValue[] {
  const placeOf = (value: ExpectedValue) => {
    const place = enumValues.indexOf(String(value))
    return place === -1 ? enumValues.length : place
  }
  return [...values].toSorted((a, b) => {
    if (typeof a === 'boolean' && typeof b === 'boolean') return Number(b) - Number(a)
    if (typeof a === 'number' && typeof b === 'number') return a - b
    return placeOf(a) - placeOf(b) || toLabel(a).localeCompare(toLabel(b), 'en')
  })
}

function toLabel(value: ExpectedValue): string {
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  return String(value)
}

type DisagreementRow = VoteRow &
  Pick<Selectable<Tables['metric_vote']>, 'call_id' | 'note' | 'reviewer' | 'created_at'> &
  Pick<Selectable<Tables['verdict']>, 'metric_version' | 'explanation' | 'evidence'> & {
    verdict_id: number
    call_name: string
  }

/** Newest first, at most 100. */
async function listDisagreements(
  database: Database,
  { metric, sinceMs, signal }: AgreementQuestion & { metric: Pick<MetricRecord, 'id'> },
): Promise<Disagreement[]> {
  const query = countingVotes(database, { sinceMs })
    .innerJoin('call', 'call.id', 'metric_vote.call_id')
    .select(['metric_vote.call_id', 'metric_vote.note', 'metric_vote.reviewer'])
    .select(['metric_vote.created_at', 'call.call_id as call_name', 'verdict.id as verdict_id'])
    .select(['verdict.metric_version', 'verdict.explanation', 'verdict.evidence'])
    .where('metric.id', '=', metric.id)
    .where((eb) => eb.or([eb('metric_vote.agrees', 'is', null), eb('metric_vote.agrees', '=', 0)]))
    .orderBy('metric_vote.created_at', 'desc')
    .orderBy('metric_vote.call_id', 'desc')
    .limit(MOST_CANDIDATES)
  const rows = await database.slow.run<DisagreementRow>(query, { signal })
  return rows
    .filter((row) => !toOpinion(row).agrees)
    .slice(0, MOST_DISAGREEMENTS)
    .map(toDisagreement)
}

function toDisagreement(row: DisagreementRow): Disagreement {
  return {
    callId: row.call_id,
    callName: row.call_name,
    verdictId: row.verdict_id,
    metricVersion: row.metric_version,
    saidValue: saidValue(row),
    expectedValue: readExpected(row.expected_value),
    note: row.note,
    explanation: row.explanation,
    atSeconds: firstFoundSeconds(row.evidence),
    reviewer: row.reviewer,
    createdAt: new Date(row.created_at).toISOString(),
  }
}

function firstFoundSeconds(evidence: string): number | null {
  const moments = Evidence.array().parse(JSON.parse(evidence))
  const found = moments.find(({ isFound, startSeconds }) => isFound && startSeconds !== null)
  return found?.startSeconds ?? null
}
