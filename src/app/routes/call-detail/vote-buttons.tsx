import { ThumbsDown, ThumbsUp } from 'lucide-react'
import { useRef } from 'react'
import type { Metric } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'
import type { MetricVote } from '#contract/review.ts'
import { formatFullDateTime, formatRelative } from '../../format/date.ts'
import { Button } from '../../ui/button.tsx'
import { expectedText } from './expected-value.ts'
import { isVotable } from './metric-in-hand.ts'
import type { Votes } from './use-votes.ts'
import { VoteForm } from './vote-form.tsx'

export type VoteButtonsProps = { verdict: Verdict; metric: Metric | null; votes: Votes }

/** Whether people find a result right: one's own word, and what the others said. */
export function VoteButtons({ verdict, metric, votes }: VoteButtonsProps) {
  const { metricId, name } = verdict
  const { all, own } = votes.of(metricId)
  const hasForm = votes.formId === metricId
  const agreeButton = useRef<HTMLButtonElement>(null)
  const canVote = votes.canVote && isVotable(verdict)
  if (!canVote && all.length === 0) return null
  return (
    <section aria-label={`Votes on ${name}`} className="flex flex-col gap-[6px]">
      {canVote && (
        <div className="flex flex-wrap gap-[4px]">
          <Button
            ref={agreeButton}
            size="small"
            icon={<ThumbsUp size={13} aria-hidden="true" />}
            aria-pressed={own?.agrees === true}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => (own?.agrees === true ? votes.withdraw(verdict) : votes.agree(verdict))}
            className={own?.agrees === true ? PRESSED : ''}
          >
            Agree
          </Button>
          <Button
            size="small"
            icon={<ThumbsDown size={13} aria-hidden="true" />}
            aria-pressed={own?.agrees === false}
            aria-expanded={hasForm}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => (hasForm ? votes.closeForm() : votes.openForm(metricId))}
            className={own?.agrees === false ? PRESSED : ''}
          >
            Disagree
          </Button>
          {own && (
            <Button
              size="small"
              variant="quiet"
              onMouseDown={(event) => event.preventDefault()}
              onClick={({ currentTarget }) => {
                // The button goes, and would take the focus along.
                if (document.activeElement === currentTarget) agreeButton.current?.focus()
                votes.withdraw(verdict)
              }}
            >
              Take my vote back
            </Button>
          )}
        </div>
      )}
      {hasForm && canVote && (
        <VoteForm
          verdict={verdict}
          metric={metric}
          own={own}
          onSave={(vote) => votes.disagree(verdict, vote)}
          onClose={votes.closeForm}
        />
      )}
      {all.length > 0 && (
        <ul aria-label="Votes" className="flex flex-col gap-[3px] text-[12px]">
          {all.map((vote) => (
            <VoteLine key={vote.reviewer} vote={vote} verdict={verdict} isOwn={vote === own} />
          ))}
        </ul>
      )}
    </section>
  )
}

const PRESSED = 'border-accent! bg-accent-soft! text-accent!'

type VoteLineProps = { vote: MetricVote; verdict: Verdict; isOwn: boolean }

function VoteLine({ vote, verdict, isOwn }: VoteLineProps) {
  const { reviewer, agrees, expectedValue, note, createdAt } = vote
  return (
    <li className="leading-[17px] wrap-anywhere text-ink-soft">
      <span className="font-medium text-ink">{isOwn ? 'You' : reviewer}</span>{' '}
      {verbOf(agrees, isOwn)}
      {expectedValue !== null && `, expected ${expectedText(expectedValue, verdict)}`}
      {', '}
      <time dateTime={createdAt} title={formatFullDateTime(createdAt)}>
        {formatRelative(createdAt)}
      </time>
      {note !== '' && <span className="block text-ink">{note}</span>}
    </li>
  )
}

function verbOf(agrees: MetricVote['agrees'], isOwn: boolean): string {
  if (agrees === null) return 'commented'
  const verb = agrees ? 'agree' : 'disagree'
  return isOwn ? verb : `${verb}s`
}

/** For the line of a result: how many agree and disagree. */
export function VoteMark({ all }: { all: readonly MetricVote[] }) {
  const agreedCount = all.filter(({ agrees }) => agrees === true).length
  const disagreedCount = all.filter(({ agrees }) => agrees === false).length
  if (agreedCount + disagreedCount === 0) return null
  return (
    <span className="inline-flex items-center gap-[6px] text-[12px] text-ink-soft tabular-nums">
      {agreedCount > 0 && (
        <span className="inline-flex items-center gap-[3px]">
          <ThumbsUp size={11} aria-hidden="true" />
          {agreedCount}
          <span className="sr-only"> agree</span>
        </span>
      )}
      {disagreedCount > 0 && (
        <span className="inline-flex items-center gap-[3px]">
          <ThumbsDown size={11} aria-hidden="true" />
          {disagreedCount}
          <span className="sr-only"> disagree</span>
        </span>
      )}
    </span>
  )
}
