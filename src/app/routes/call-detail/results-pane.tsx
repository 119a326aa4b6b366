import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useMemo, useState } from 'react'
import { Link } from 'react-router'
import type { CallDetail } from '#contract/call.ts'
import type { Metric } from '#contract/metric.ts'
import type { Verdict } from '#contract/metric-result.ts'
import { agreementQueries } from '../../api/agreement.ts'
import { useMetrics } from '../../api/metrics.ts'
import { useResponseBudget } from '../../api/project.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { type CallVerdicts, verdictQueries } from '../../api/verdicts.ts'
import type { Playback } from '../../player/playback.ts'
import { groupVerdicts, type VerdictGroup } from '../../results/group-verdicts.ts'
import { JudgeNotice } from '../../results/judge-notice.tsx'
import { latencyTurns } from '../../results/latency-points.ts'
import { MetricRow } from '../../results/metric-row.tsx'
import { TrustBadge, TrustMark } from '../../results/trust-badge.tsx'
import { buttonClass } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Skeleton, SkeletonRows } from '../../ui/skeleton.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { isBeingJudged } from './being-judged.ts'
import { DeviationMark } from './deviation-mark.tsx'
import { MetricActions } from './metric-actions.tsx'
import { RerunMenu } from './rerun-menu.tsx'
import { RerunOutcome } from './rerun-outcome.tsx'
import { failedMetricIds, isRerunnable } from './rerunnable.ts'
import { RubricSection } from './rubric-section.tsx'
import type { EvidenceWalk } from './use-evidence.ts'
import type { Rerun } from './use-rerun.ts'
import type { Votes } from './use-votes.ts'
import { VoteButtons, VoteMark } from './vote-buttons.tsx'

const LatencyChart = lazy(async () => ({
  default: (await import('../../results/latency-chart.tsx')).LatencyChart,
}))

/** Between two looks while the call is judged, should the live channel be blocked. */
const EVALUATING_MS = 4000

export type ResultsPaneProps = {
  call: CallDetail
  playback: Playback
  evidence: EvidenceWalk
  rerun: Rerun
  votes: Votes
  onSeek: (seconds: number) => void
}

/** What every metric says of a call, and why the call came out as it did. */
export function ResultsPane(props: ResultsPaneProps) {
  const { call, rerun } = props
  const isEvaluating = isBeingJudged(call) || rerun.isGoingOn
  const { data, error, refetch } = useQuery({
    ...verdictQueries.ofCall(call.id),
    refetchInterval: isEvaluating ? EVALUATING_MS : false,
  })
  if (!data) {
    if (!error) return <SkeletonRows rows={6} rowHeight={44} label="Loading the results" />
    return <LoadError title="The results could not be loaded" error={error} onRetry={refetch} />
  }
  if (data.items.length === 0 && data.rubric === null) return <NoMetrics />
  return <Results {...props} results={data} isEvaluating={isEvaluating} />
}

const NO_METRICS: readonly Metric[] = []

type ResultsProps = ResultsPaneProps & {
  results: CallVerdicts
  isEvaluating: boolean
}

function Results(props: ResultsProps) {
  const { call, playback, results, rerun, votes, isEvaluating, onSeek } = props
  const canWrite = useCanWrite()
  const { data: known } = useMetrics()
  const metrics = known?.items ?? NO_METRICS
  const hasJudge = results.judge.isConfigured
  const turns = useMemo(() => latencyTurns(results.items), [results.items])
  const budgetSeconds = useResponseBudget()
  const { groups, withoutJudge } = groupVerdicts(results.items, metrics)
  const runnableIds = new Set(
    metrics.filter((metric) => isRerunnable(metric, { hasJudge })).map(({ id }) => id),
  )
  const chosen = results.items.find(
    ({ metricId }) => metricId === votes.chosenId && runnableIds.has(metricId),
  )

  return (
    <div className="flex flex-col gap-[16px]">
      <div className={classNames('flex items-center gap-[8px]', canWrite && 'min-h-[26px]')}>
        <p role="status" className="flex min-w-0 flex-1 items-center gap-[8px] text-ink-soft">
          {isEvaluating && !rerun.isGoingOn && (
            <>
              <Spinner />
              Evaluating. Results appear here by themselves.
            </>
          )}
        </p>
        {canWrite && (
          <RerunMenu
            rerun={rerun}
            failedIds={failedMetricIds({ verdicts: results.items, metrics, hasJudge })}
            chosen={chosen ?? null}
          />
        )}
      </div>
      <RerunOutcome rerun={rerun} verdicts={results.items} />
      <RubricSection call={call} rubric={results.rubric} results={results.items} />
      {turns.length > 0 && (
        <section aria-label="Response latency per turn">
          <h2 className="mb-[2px] font-semibold">Latency per turn</h2>
          <Suspense fallback={<Skeleton className="h-[114px] w-full" />}>
            <LatencyChart
              turns={turns}
              durationSeconds={call.recording?.durationSeconds || call.durationSeconds || 0}
              budgetMs={budgetSeconds * 1000}
              clock={playback}
              onSeek={onSeek}
            />
          </Suspense>
        </section>
      )}
      {groups.map((group) => (
        <MetricGroup key={group.kind} {...props} group={group} metrics={metrics} />
      ))}
      {withoutJudge.length > 0 && (
        <JudgeNotice verdicts={withoutJudge}>
          <Link to="/metrics" className="text-accent underline">
            Metrics
          </Link>
        </JudgeNotice>
      )}
    </div>
  )
}

type MetricGroupProps = ResultsProps & {
  group: VerdictGroup
  metrics: readonly Metric[]
}

function MetricGroup({ group, ...props }: MetricGroupProps) {
  return (
    <section aria-label={group.title}>
      <h2 className="flex items-baseline gap-[6px] font-semibold">
        {group.title}
        <span className="text-[12px] font-normal text-ink-faint tabular-nums">
          {group.verdicts.length}
        </span>
      </h2>
      <ul>
        {group.verdicts.map((verdict) => (
          <MetricOfCall key={verdict.metricId} {...props} verdict={verdict} />
        ))}
      </ul>
    </section>
  )
}

type MetricOfCallProps = Omit<MetricGroupProps, 'group'> & { verdict: Verdict }

function MetricOfCall(props: MetricOfCallProps) {
  const { call, verdict, metrics, evidence, results, rerun, votes, onSeek } = props
  const { metricId } = verdict
  const { data: agreements } = useQuery(agreementQueries.list())
  const agreement = agreements?.find((each) => each.metricId === metricId) ?? null
  const metric = metrics.find(({ id }) => id === metricId) ?? null
  const { all } = votes.of(metricId)
  const shownIndex = evidence.shown?.metricId === metricId ? evidence.shown.index : null
  // What failed is what a reviewer came for. Null: nobody has opened or closed it.
  const [isOpened, setIsOpened] = useState<boolean | null>(null)
  const hasForm = votes.formId === metricId
  const isOpen = hasForm || (isOpened ?? (verdict.passed === false || shownIndex !== null))

  const showEvidence = (index: number) => {
    const moment = evidence.moments.find(
      (each) => each.metricId === metricId && each.index === index,
    )
    if (moment) evidence.show(moment)
    votes.choose(metricId)
  }
  return (
    <MetricRow
      verdict={verdict}
      metric={metric}
      isOpen={isOpen}
      onToggle={() => {
        if (hasForm) votes.closeForm()
        setIsOpened(!isOpen)
        votes.choose(metricId)
      }}
      durationSeconds={call.recording?.durationSeconds || call.durationSeconds}
      onSeek={onSeek}
      shownIndex={shownIndex}
      onShowEvidence={showEvidence}
      voteMark={all.length > 0 && <VoteMark all={all} />}
      toDeviationMark={(deviation) => <DeviationMark deviation={deviation} votes={votes} />}
      trustMark={<TrustMark agreement={agreement} />}
      trust={
        agreements && (
          <TrustBadge
            agreement={agreement}
            toLink={(words) => (
              <Link
                to={`/metrics/${metricId}?tab=agreement`}
                className="inline-flex min-h-[24px] items-center underline underline-offset-2 hover:text-ink"
              >
                {words}
              </Link>
            )}
          />
        )
      }
    >
      <VoteButtons verdict={verdict} metric={metric} votes={votes} />
      <MetricActions
        callId={call.id}
        verdict={verdict}
        metric={metric}
        rerun={rerun}
        hasJudge={results.judge.isConfigured}
      />
    </MetricRow>
  )
}

function NoMetrics() {
  return (
    <EmptyState
      title="No metrics are on"
      action={
        <Link to="/metrics" className={buttonClass()}>
          Choose metrics
        </Link>
      }
    >
      Nothing judges this call. Turn metrics on, then evaluate it again.
    </EmptyState>
  )
}
