import { AGREEMENT_DAYS, type MetricAgreement } from '#contract/agreement.ts'
import { countOf, formatCount } from '../format/count.ts'

/** With fewer, one more vote may turn the picture. */
const FEW_VOTES = 10

export function hasFewVotes({ voteCount }: Pick<MetricAgreement, 'voteCount'>): boolean {
  return voteCount < FEW_VOTES
}

/** `Agrees with people 9 of 10, kappa 0.78`; few votes are said to be few. */
export function agreementText(agreement: MetricAgreement): string {
  const { voteCount, agreedCount, kappa } = agreement
  const parts = [`Agrees with people ${formatCount(agreedCount)} of ${formatCount(voteCount)}`]
  if (kappa !== null) parts.push(`kappa ${kappaText(kappa)}`)
  if (hasFewVotes(agreement)) parts.push('few votes')
  return parts.join(', ')
}

/** `0.78`, `-0.20`. */
export function kappaText(kappa: number): string {
  const text = kappa.toFixed(2)
  return text === '-0.00' ? '0.00' : text
}

/** Source: J. R. Landis and G. G. Koch, The measurement of observer agreement for categorical data, 1977. */
const STRENGTHS = [
  { above: 0.8, word: 'almost perfect' },
  { above: 0.6, word: 'substantial' },
  { above: 0.4, word: 'moderate' },
  { above: 0.2, word: 'fair' },
  { above: 0, word: 'slight' },
] as const

/** How strong an agreement of so much kappa is usually called. */
export function kappaWord(kappa: number): string {
  return STRENGTHS.find(({ above }) => kappa > above)?.word ?? 'no better than chance'
}

/** What the badge's numbers mean, in sentences. */
export function agreementHint(agreement: MetricAgreement): string {
  const { voteCount, agreedCount, kappa } = agreement
  const counted = `In the last ${AGREEMENT_DAYS} days people voted on its results of ${countOf(voteCount, 'call')} and found ${formatCount(agreedCount)} right.`
  const few = hasFewVotes(agreement) ? ' So few votes may mislead.' : ''
  if (kappa === null) return `${counted} There is no kappa for them.${few}`
  return `${counted} Cohen’s kappa, of votes that say what is right, takes away what chance would give: 1 is full agreement, 0 is chance. ${kappaText(kappa)} is called ${kappaWord(kappa)}.${few}`
}
