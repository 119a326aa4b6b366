import type { FastifyRequest } from 'fastify'
import { recordingAudioPath } from '#contract/api.ts'
import type { CallStatus } from '#contract/call.ts'
import type { JudgeSetting } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'
import {
  type CallLogResults,
  toCallLogDetail,
  toCallLogListItem,
  type WireCallLogDetail,
  type WireCallLogListItem,
} from '#contract/wire/call-log.ts'
import { toMetricNames } from '#contract/wire/metric.ts'
import type { WireFamily } from '#contract/wire/metric-result.ts'
import { show } from '#contract/wire/observe.ts'
import { applicableMetrics } from '../evaluation/applicable-metrics.ts'
import { completeVerdicts } from '../evaluation/list-call-verdicts.ts'
import { type CallHead, type CallRecord, findCallRecord } from '../store/calls.ts'
import { listMarks } from '../store/category-marks.ts'
import type { Connection } from '../store/database.ts'
import { type EvaluationScope, listEvaluationScopes } from '../store/evaluation-input.ts'
import { listMetricRecords, type MetricRecord } from '../store/metrics.ts'
import { findSpeechOfCall } from '../store/recording-speech.ts'
import { findRubricOutcome } from '../store/rubrics.ts'
import { listCurrentVerdicts } from '../store/verdicts.ts'
import { badField, HttpProblem, notFound } from './http-problem.ts'
import { judgeSetting } from './judge-setting.ts'
import type { ServerTools } from './server-tools.ts'

/** The address under which clients reach this server, without a final slash. */
export function publicUrl({ config }: ServerTools, request: FastifyRequest): string {
  if (config.publicUrl !== null) return config.publicUrl
  const url = `${request.protocol}://${request.host}`
  if (!URL.canParse(url)) throw badField('host', `Expected a host name, got ${show(request.host)}.`)
  return new URL(url).origin
}

/** A stored call in the wire's full shape. Throws 404 where there is none in the project. */
export async function presentDetail(
  tools: ServerTools,
  request: FastifyRequest,
  { id, projectId }: { id: number; projectId: number | null },
): Promise<WireCallLogDetail> {
  const record = await findCallRecord(tools.database.writer, { id, projectId })
  if (record === null) throw notFound('Call log')
  const present = await detailPresenter(tools, request, record)
  return present(record)
}

/** Presents states of one call in the wire's full shape, with the results that it has now. */
export async function detailPresenter(
  tools: ServerTools,
  request: FastifyRequest,
  call: CallRecord,
): Promise<(record: CallRecord) => WireCallLogDetail> {
  const { writer } = tools.database
  const resultsOf = await readResults(tools, request, { db: writer, calls: [call] })
  const rubric = await findRubricOutcome(writer, call.id)
  const speech = call.recording === null ? null : await findSpeechOfCall(writer, call.id)
  return (record) => {
    const { recording } = record
    const recordingHref = recording
      ? publicUrl(tools, request) + recordingAudioPath(recording.id)
      : ''
    const heard = speech?.speech ?? null
    return toCallLogDetail(record, { ...resultsOf(call), rubric, recordingHref, speech: heard })
  }
}

/** Stored calls in the wire's list shape, in their order. Of a head what was said is empty. */
export async function presentItems(
  tools: ServerTools,
  request: FastifyRequest,
  { calls, hasResults }: { calls: readonly (CallHead | CallRecord)[]; hasResults: boolean },
): Promise<WireCallLogListItem[]> {
  const db = tools.database.reader
  const resultsOf = await readResults(tools, request, { db, calls: hasResults ? calls : [] })
  return calls.map((call) => toCallLogListItem({ ...NO_CONTENT, ...call }, resultsOf(call)))
}

const NO_CONTENT: Omit<CallRecord, keyof CallHead> = {
  assistantId: '',
  transcriptType: null,
  speakerRule: null,
  segments: [],
  transcriptWarnings: [],
  transcriptText: '',
  metadata: {},
  dynamicVariables: {},
  recordingUrl: null,
  mainAgentChannelIndex: null,
  agentIsInbound: null,
  recording: null,
}

/** A stored call in the wire's list shape. */
export async function presentListItem(
  tools: ServerTools,
  request: FastifyRequest,
  id: number,
): Promise<WireCallLogListItem> {
  const db = tools.database.writer
  const record = await findCallRecord(db, { id, projectId: null })
  if (record === null) throw new HttpProblem(404, { detail: 'The call was deleted meanwhile.' })
  const resultsOf = await readResults(tools, request, { db, calls: [record] })
  return toCallLogListItem(record, resultsOf(record))
}

type JudgedCall = { id: number; projectId: number; status: CallStatus }

/** What metrics say of each of the given calls, which are of one project. */
async function readResults(
  tools: ServerTools,
  request: FastifyRequest,
  { db, calls }: { db: Connection; calls: readonly JudgedCall[] },
): Promise<(call: { id: number }) => CallLogResults> {
  const family = familyOf(request)
  const callIds = calls.map(({ id }) => id)
  const stored = await listCurrentVerdicts(db, callIds)
  const [first] = calls
  // A call that has just arrived has nothing to be put into words.
  const isBare = stored.size === 0 && calls.every(({ status }) => status === 'evaluating')
  const metrics = first === undefined || isBare ? [] : await listMetricRecords(db, first.projectId)
  const names = new Map(metrics.map((metric) => [metric.id, toMetricNames(metric)]))
  const scopes = await readUnjudgedScopes(tools, { db, calls })
  const marks = await listMarks(db, callIds)
  const judge = judgeSetting(tools)
  const results = new Map<number, Verdict[]>()
  for (const { id } of calls) {
    const own = (stored.get(id) ?? []).filter(isOnWire)
    const scope = scopes.get(id)
    results.set(id, scope ? withUnjudged({ stored: own, metrics, scope, judge }) : own)
  }
  return ({ id }) => ({
    family,
    names,
    results: results.get(id) ?? [],
    wrongCategories: marks.get(id) ?? [],
  })
}

/** Of the calls that nobody was there to judge; of others, and of those that still wait, nothing. */
async function readUnjudgedScopes(
  tools: ServerTools,
  { db, calls }: { db: Connection; calls: readonly JudgedCall[] },
): Promise<Map<number, EvaluationScope>> {
  const [first] = calls
  if (judgeSetting(tools).isConfigured || first === undefined) return new Map()
  const ended = calls.filter(({ status }) => status !== 'evaluating')
  const callIds = ended.map(({ id }) => id)
  return listEvaluationScopes(db, { callIds, projectId: first.projectId })
}

/**
 * The results of a call, and an entry for each metric that cannot have one because nobody is there to judge. What is
 * still to come has none: clients take an entry for a result.
 */
function withUnjudged({
  stored,
  metrics,
  scope,
  judge,
}: {
  stored: Verdict[]
  metrics: readonly MetricRecord[]
  scope: EvaluationScope
  judge: Pick<JudgeSetting, 'isConfigured'>
}): Verdict[] {
  const needJudge = metrics.filter(({ content }) => content.kind === 'llm_judge')
  const applicable = applicableMetrics(needJudge, { call: scope, wanted: null })
  return completeVerdicts({ metrics: applicable, stored, judge })
}

function isOnWire({ skipReason }: Verdict): boolean {
  return skipReason !== 'not-judged'
}

/** Which generation of the API an address belongs to. */
export function familyOf(request: FastifyRequest): WireFamily {
  return /\/(observability|test_framework)\/v2\//.test(request.routeOptions.url ?? '') ? 'v2' : 'v1'
}
