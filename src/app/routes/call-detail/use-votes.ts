import { useMemo, useRef, useState } from 'react'
import type { Verdict } from '#contract/metric-result.ts'
import type { MetricVote, MetricVoteInput } from '#contract/review.ts'
import { useMetrics } from '../../api/metrics.ts'
import { groupVerdicts } from '../../results/group-verdicts.ts'
import { showToast } from '../../ui/toast.tsx'
import { type ChosenMetric, metricInHand } from './metric-in-hand.ts'
import type { Decision } from './use-decision.ts'
import type { EvidenceWalk } from './use-evidence.ts'

export type Votes = {
  canVote: boolean
  /** Whose form is open; null for none. */
  formId: number | null
  /** The metric that was opened last. */
  chosenId: number | null
  choose: (metricId: number) => void
  /** Everybody's on one metric, newest first, and one's own among them. */
  of: (metricId: number) => { all: readonly MetricVote[]; own: MetricVote | null }
  agree: (verdict: Verdict) => void
  disagree: (verdict: Verdict, vote: Omit<MetricVoteInput, 'agrees'>) => void
  withdraw: (verdict: Verdict) => void
  openForm: (metricId: number) => void
  /** The focus goes back to where it was. */
  closeForm: () => void
  /** Deviations of this category stand as marked wrong, by whom; null where they do not. */
  wrongBy: (categoryId: number) => string | null
  markCategory: (categoryId: number, mark: 'wrong' | 'right') => void
  agreeByKey: () => void
  disagreeByKey: () => void
}

type UseVotesOptions = {
  decision: Decision
  /** Undefined until they are here, and while they are not to be seen. */
  verdicts: readonly Verdict[] | undefined
  evidence: EvidenceWalk
  /** Brings the results on the screen. */
  onShowResults: () => void
}

/** What people say of single results, and which result a key means. */
export function useVotes(options: UseVotesOptions): Votes {
  const { decision, evidence, onShowResults } = options
  const verdicts = useVerdictsInOrder(options.verdicts)
  const { review, me, change, canDecide } = decision
  const [chosen, setChosen] = useState<ChosenMetric | null>(null)
  const form = useVoteForm()

  const of = (metricId: number) => {
    const all = review?.votes.filter((vote) => vote.metricId === metricId) ?? []
    return { all, own: all.find((vote) => vote.reviewer === me) ?? null }
  }
  const agree = ({ metricId, name }: Verdict) => {
    const vote = { agrees: true, expectedValue: null, note: '' }
    void change({ kind: 'vote', metricId, vote }, `You agree with ${name}`)
  }
  const withInHand = (act: (verdict: Verdict) => void) => {
    const verdict = metricInHand({ verdicts, chosen, shown: evidence.shown })
    if (verdict) act(verdict)
    else showToast({ title: 'Open a result with a value first' })
  }
  return {
    canVote: canDecide,
    formId: form.metricId,
    chosenId: chosen?.metricId ?? null,
    choose: (metricId) => setChosen({ metricId, shown: evidence.shown }),
    of,
    agree,
    disagree: ({ metricId, name }, said) => {
      form.close()
      const vote = { agrees: false, ...said }
      void change({ kind: 'vote', metricId, vote }, `You disagree with ${name}`)
    },
    withdraw: ({ metricId, name }) =>
      void change({ kind: 'withdraw-vote', metricId }, `Your vote on ${name} is taken back`),
    openForm: form.open,
    closeForm: form.close,
    wrongBy: (categoryId) =>
      review?.wrongCategories.find((mark) => mark.categoryId === categoryId)?.reviewer ?? null,
    markCategory: (categoryId, mark) =>
      void change(
        { kind: 'category', categoryId, isWrong: mark === 'wrong' },
        mark === 'wrong' ? 'Marked as wrongly found' : 'No longer marked as wrong',
      ),
    agreeByKey: () =>
      withInHand((verdict) => {
        // A second press must not take the first one back.
        if (of(verdict.metricId).own?.agrees !== true) agree(verdict)
      }),
    disagreeByKey: () =>
      withInHand(({ metricId }) => {
        onShowResults()
        form.open(metricId)
      }),
  }
}

/** As the panel shows them. */
function useVerdictsInOrder(verdicts: readonly Verdict[] | undefined): readonly Verdict[] {
  const metrics = useMetrics().data?.items
  return useMemo(
    () => groupVerdicts(verdicts ?? [], metrics ?? []).groups.flatMap((group) => group.verdicts),
    [verdicts, metrics],
  )
}

/** One form at a time. */
function useVoteForm() {
  const [metricId, setMetricId] = useState<number | null>(null)
  const before = useRef<Element | null>(null)
  const open = (id: number) => {
    before.current = document.activeElement
    setMetricId(id)
  }
  const close = () => {
    setMetricId(null)
    if (before.current instanceof HTMLElement) before.current.focus({ preventScroll: true })
  }
  return { metricId, open, close }
}
