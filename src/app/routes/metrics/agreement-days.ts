import type { AgreementReport } from '#contract/agreement.ts'
import type { Day } from './day-series.ts'

/** Days of votes as the charts take them: a vote that agrees is one that passed. */
export function agreementDays(byDay: AgreementReport['byDay']): Day[] {
  return byDay.map(({ day, voteCount, agreedCount }) => ({
    day,
    count: voteCount,
    passedCount: agreedCount,
    failedCount: voteCount - agreedCount,
    mean: null,
  }))
}
