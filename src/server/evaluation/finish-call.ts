import type { Transaction, Updateable } from 'kysely'
import type { MetricResult } from '#contract/metric-result.ts'
import { applyRubric } from '#contract/rubric.ts'
import { endCallOfRun } from '../store/bulk-actions.ts'
import { type CallState, findCallState, updateCallRow } from '../store/calls.ts'
import { saveRubricOutcome } from '../store/rubrics.ts'
import type { Tables } from '../store/tables.ts'
import { findLabelBefore, listResults } from '../store/verdicts.ts'
import { decideOutcome, OUTCOME_FIELDS } from './decide-outcome.ts'
import { DROPOFF_CODE, TOPIC_CODE } from './found-names.ts'
import { withoutGivenUp } from './given-up-message.ts'
import { isBeingJudged } from './is-being-judged.ts'
import { findRubricOnce, listMetricsOnce } from './once-a-transaction.ts'

/** How a run went on one call. `failure`: what broke, for people. */
export type RunReport = {
  id: number
  failure: string | null
}

type Ending = { callId: number; now: number }

/**
 * Decides the outcome of a call by its current results and the rubric, and tells the run that asked. While others are
 * still to judge the call it stays as it is, and they decide. A person's decision stands; what the judge would say is
 * kept beside it.
 */
export async function finishCall(
  trx: Transaction<Tables>,
  { callId, run, now }: Ending & { run: RunReport | null },
): Promise<void> {
  const asked = { callId, exceptRunId: run?.id ?? null, now }
  if (!(await isBeingJudged(trx, asked))) await decideCall(trx, { callId, now })
  if (run === null) return
  await endCallOfRun(trx, {
    id: run.id,
    callId,
    outcome: run.failure === null ? 'judged' : 'failed',
    errorMessage: run.failure,
    now,
  })
}

async function decideCall(trx: Transaction<Tables>, { callId, now }: Ending): Promise<void> {
  const state = await findCallState(trx, callId)
  if (state === null) return
  const rubric = await findRubricOnce(trx, state.projectId)
  const metrics = await listMetricsOnce(trx, state.projectId)
  // Few of the results decide anything, and none by its evidence.
  const metricIds = [
    ...rubric.rules.map(({ metricId }) => metricId),
    ...metrics.filter(({ code }) => NAMING_CODES.includes(code)).map(({ id }) => id),
  ]
  const found = await listResults(trx, { callIds: [callId], metricIds })
  const results = found.get(callId) ?? []
  const outcome = applyRubric(rubric, { results, metrics })
  await saveRubricOutcome(trx, {
    callId,
    outcome: rubric.rules.length === 0 ? null : outcome,
  })
  // Judging it came to an end after all.
  const errorMessage = withoutGivenUp(state.errorMessage)
  const decided = decideOutcome({ ...state, errorMessage, judgeSuccess: outcome.success })
  const fields = {
    judge_success: outcome.success === null ? null : Number(outcome.success),
    // 0 where no rule decided, so that a person sees "not evaluated".
    is_judged: Number(outcome.success !== null),
    ...(errorMessage !== state.errorMessage && { error_message: errorMessage }),
    ...OUTCOME_FIELDS[decided],
    ...(await namesFound(trx, { callId, state, results })),
  }
  await updateCallRow(trx, { id: callId, fields, now })
}

const NAMING_CODES = [TOPIC_CODE, DROPOFF_CODE]

type Names = { callId: number; results: readonly MetricResult[] }

/** Topic and drop-off point as metrics found them; what the sender gave stands. */
async function namesFound(
  trx: Transaction<Tables>,
  { callId, state, results }: Names & { state: CallState },
): Promise<Updateable<Tables['call']>> {
  const { topic, dropoffPoint } = state
  const found = { callId, results }
  const foundTopic = await nameFound(trx, { ...found, code: TOPIC_CODE, present: topic })
  const foundDropoff = await nameFound(trx, { ...found, code: DROPOFF_CODE, present: dropoffPoint })
  return {
    ...(foundTopic !== null && { topic: foundTopic }),
    ...(foundDropoff !== null && { dropoff_point: foundDropoff }),
  }
}

/** Null: what is present stays. A name that the metric itself gave earlier gives way to its new one. */
async function nameFound(
  trx: Transaction<Tables>,
  { callId, results, code, present }: Names & { code: string; present: string },
): Promise<string | null> {
  const result = results.find((it) => it.code === code && it.state === 'scored')
  const label = result?.valueText
  if (!result || !label || label === present) return null
  if (present === '') return label
  const before = await findLabelBefore(trx, { callId, metricId: result.metricId })
  return before === present ? label : null
}
