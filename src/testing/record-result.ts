import type { Transaction } from 'kysely'
import { answeredYesNo } from '#contract/metric-result.ts'
import { ensureMetric } from '#server/store/metrics.ts'
import { FIRST_PROJECT_ID } from '#server/store/projects.ts'
import type { Tables } from '#server/store/tables.ts'
import { type NewVerdict, recordVerdicts } from '#server/store/verdicts.ts'

/** For tests: gives a call a result, failed unless told, of the binary metric `Politeness` of project 1. */
export async function recordResult(
  trx: Transaction<Tables>,
  { callId, ...fields }: { callId: number } & Partial<NewVerdict>,
): Promise<void> {
  const metricId = await ensureMetric(trx, {
    projectId: FIRST_PROJECT_ID,
    code: 'politeness',
    name: 'Politeness',
    evalType: 'binary',
    unit: '',
    enumValues: [],
    now: 0,
  })
  const verdict: NewVerdict = {
    ...answeredYesNo(false, { explanation: 'No greeting.' }),
    metricId,
    source: 'recorded',
    ...fields,
  }
  await recordVerdicts(trx, { callId, verdicts: [verdict], now: 0 })
}
