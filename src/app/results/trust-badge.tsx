import { Users } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { AGREEMENT_DAYS, type MetricAgreement } from '#contract/agreement.ts'
import { formatCount } from '../format/count.ts'
import { Tooltip } from '../ui/tooltip.tsx'
import { agreementHint, agreementText } from './agreement-words.ts'

export type TrustBadgeProps = {
  /** Null: nobody voted lately. */
  agreement: MetricAgreement | null
  /** Puts the words into a link to where people and metric disagree. */
  toLink: (words: ReactNode) => ReactElement
}

/** How far a metric can be trusted: how often people agree with it. */
export function TrustBadge({ agreement, toLink }: TrustBadgeProps) {
  const words = agreement ? agreementText(agreement) : 'No votes yet'
  const hint = agreement
    ? agreementHint(agreement)
    : `Nobody has said in the last ${AGREEMENT_DAYS} days whether this metric is right.`
  return (
    <p className="flex items-start gap-[5px] text-[12px] leading-[18px] text-ink-soft">
      <Users size={12} aria-hidden="true" className="mt-[6px] shrink-0 text-ink-faint" />
      <Tooltip label={hint}>{toLink(<span className="tabular-nums">{words}</span>)}</Tooltip>
    </p>
  )
}

/** As `TrustBadge`, in the few words that a line has room for; nothing without votes. */
export function TrustMark({ agreement }: { agreement: MetricAgreement | null }) {
  if (agreement === null) return null
  const { voteCount, agreedCount } = agreement
  return (
    <span className="inline-flex items-center gap-[3px] text-[12px] whitespace-nowrap text-ink-faint tabular-nums">
      <Users size={11} aria-hidden="true" />
      <span className="sr-only">People agree with this metric </span>
      {formatCount(agreedCount)} of {formatCount(voteCount)}
    </span>
  )
}
