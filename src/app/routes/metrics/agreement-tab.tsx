import { useQuery } from '@tanstack/react-query'
import { Link, useSearchParams } from 'react-router'
import { AGREEMENT_DAYS, type AgreementReport } from '#contract/agreement.ts'
import type { Metric } from '#contract/metric.ts'
import { agreementQueries } from '../../api/agreement.ts'
import { countOf, formatCount } from '../../format/count.ts'
import { hasFewVotes, kappaText, kappaWord } from '../../results/agreement-words.ts'
import { buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { agreementDays } from './agreement-days.ts'
import { ConfusionTable } from './confusion-table.tsx'
import { DayChart } from './day-chart.tsx'
import { dayPassRate, fillDays } from './day-series.ts'
import { DisagreementList } from './disagreement-list.tsx'
import { resultsHref } from './metric-links.ts'
import { formatShare } from './metric-words.ts'

const WINDOWS = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '365', label: 'A year' },
] as const

type WindowText = (typeof WINDOWS)[number]['value']

/** How far a metric agrees with people, and where it does not; `&days=90` for another window. */
export function AgreementTab({ metric }: { metric: Metric }) {
  const [windowText, setWindow] = useWindow()
  const days = Number(windowText)
  const { data, error, refetch, isPlaceholderData } = useQuery(
    agreementQueries.report({ metricId: metric.id, days }),
  )
  return (
    <div
      aria-busy={isPlaceholderData || undefined}
      className="flex max-w-[1080px] flex-col gap-[22px] p-[20px] max-md:p-[14px]"
    >
      <div>
        <Segmented label="Window" options={WINDOWS} value={windowText} onChange={setWindow} />
      </div>
      {!data && !error && <SkeletonRows rows={4} rowHeight={60} label="Loading the agreement" />}
      {!data && error && (
        <LoadError title="The agreement could not be loaded" error={error} onRetry={refetch} />
      )}
      {data?.voteCount === 0 && <NoVotes metric={metric} days={data.days} />}
      {data && data.voteCount > 0 && <Agreement metric={metric} report={data} />}
    </div>
  )
}

function useWindow(): [WindowText, (next: WindowText) => void] {
  const [params, setParams] = useSearchParams()
  const named = WINDOWS.find(({ value }) => value === params.get('days'))
  const choose = (next: WindowText) =>
    setParams(
      (current) => {
        const changed = new URLSearchParams(current)
        if (next === USUAL_WINDOW) changed.delete('days')
        else changed.set('days', next)
        return changed
      },
      { replace: true },
    )
  return [named?.value ?? USUAL_WINDOW, choose]
}

const USUAL_WINDOW = `${AGREEMENT_DAYS}` as const satisfies WindowText

function NoVotes({ metric, days }: { metric: Metric; days: number }) {
  return (
    <EmptyState
      title={`No votes in ${days} days`}
      action={
        <Link to={resultsHref({ metricId: metric.id, days })} className={buttonClass()}>
          Calls with a result
        </Link>
      }
    >
      Open a call and press <Kbd keys="y" /> where this metric is right, <Kbd keys="x" /> where it
      is wrong. What people say is held against what the metric said here.
    </EmptyState>
  )
}

type AgreementProps = { metric: Metric; report: AgreementReport }

function Agreement({ metric, report }: AgreementProps) {
  const { days, byDay, labels, confusion, disagreements, voteCount, agreedCount } = report
  const series = fillDays(agreementDays(byDay), { now: new Date(), windowDays: days })
  return (
    <>
      <Figures report={report} />
      <div className="grid grid-cols-2 gap-[24px] max-lg:grid-cols-1">
        {labels.length > 0 ? (
          <ConfusionTable labels={labels} confusion={confusion} voteCount={voteCount} />
        ) : (
          <NoClasses metric={metric} />
        )}
        <DayChart
          title="Agreed, by day of the vote"
          days={series}
          pick={dayPassRate}
          range={{ min: 0, max: 1 }}
          format={formatShare}
        />
      </div>
      <DisagreementList
        disagreements={disagreements}
        unit={metric.content.unit}
        totalCount={voteCount - agreedCount}
      />
    </>
  )
}

function NoClasses({ metric }: { metric: Metric }) {
  return (
    <p className="leading-[20px] text-ink-soft">
      {metric.content.evalType === 'numeric'
        ? 'A plain number has no classes: there is no table of them, and no kappa.'
        : 'Nobody has said yet what these results should have been.'}
    </p>
  )
}

function Figures({ report }: { report: AgreementReport }) {
  const { voteCount, agreedCount, kappa, confusion } = report
  const weighedCount = confusion.flat().reduce((sum, count) => sum + count, 0)
  // A kappa of 1 beside disagreements would puzzle.
  const weighed = weighedCount < voteCount ? `, of ${countOf(weighedCount, 'vote')}` : ''
  return (
    <div className="flex flex-col gap-[8px]">
      <dl className="flex flex-wrap gap-x-[36px] gap-y-[12px]">
        <Figure
          name="Agrees with people"
          value={formatShare(agreedCount / voteCount)}
          detail={`${formatCount(agreedCount)} of ${formatCount(voteCount)}`}
        />
        <Figure
          name="Cohen’s kappa"
          value={kappa === null ? '–' : kappaText(kappa)}
          detail={kappa === null ? 'not known' : kappaWord(kappa) + weighed}
        />
        <Figure
          name="Votes that count"
          value={formatCount(voteCount)}
          detail={hasFewVotes(report) ? 'few: one more may turn the picture' : 'one for each call'}
        />
      </dl>
      <p className="max-w-[640px] text-[12px] leading-[18px] text-ink-soft">
        Of each call the newest vote counts, given in the last {countOf(report.days, 'day')}. Kappa
        takes away the agreement that chance would give: 1 is full agreement, 0 is chance. It is not
        known where metric or people gave one and the same answer to every call.
      </p>
    </div>
  )
}

function Figure({ name, value, detail }: { name: string; value: string; detail: string }) {
  return (
    <div>
      <dt className="text-[12px] text-ink-faint">{name}</dt>
      <dd className="flex items-baseline gap-[6px]">
        <span className="text-[26px] leading-[34px] font-semibold tabular-nums">{value}</span>
        <span className="text-ink-soft tabular-nums">{detail}</span>
      </dd>
    </div>
  )
}
