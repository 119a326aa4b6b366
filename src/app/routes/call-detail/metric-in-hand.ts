import type { Verdict } from '#contract/metric-result.ts'

/** The metric that a person opened last, and the evidence that was shown at that moment. */
export type ChosenMetric = { metricId: number; shown: ShownEvidence | null }

type ShownEvidence = { metricId: number }

type InHand = {
  /** In the order of the panel. */
  verdicts: readonly Verdict[]
  chosen: ChosenMetric | null
  /** The evidence that is shown now; each showing is an object of its own. */
  shown: ShownEvidence | null
}

/**
 * The result that "agree" and "disagree" mean: the one whose evidence was shown or that was opened, whichever came
 * last; else the first that failed; null where there is neither, or it has no value to agree with.
 */
export function metricInHand({ verdicts, chosen, shown }: InHand): Verdict | null {
  const isShownNewer = shown !== null && shown !== (chosen?.shown ?? null)
  const metricId = isShownNewer ? shown.metricId : chosen?.metricId
  if (metricId !== undefined) {
    const verdict = verdicts.find((each) => each.metricId === metricId)
    return verdict && isVotable(verdict) ? verdict : null
  }
  return verdicts.find((each) => isVotable(each) && each.passed === false) ?? null
}

/** Only what was said can be agreed with. */
export function isVotable({ state }: Pick<Verdict, 'state'>): boolean {
  return state === 'scored'
}
