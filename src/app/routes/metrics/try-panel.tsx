import { Play, Square, X } from 'lucide-react'
import { Link } from 'react-router'
import type { CallSummary } from '#contract/call.ts'
import type { Evidence, Verdict } from '#contract/metric-result.ts'
import { formatDateTime } from '../../format/date.ts'
import { formatDuration } from '../../format/duration.ts'
import { ResultBadge } from '../../results/result-badge.tsx'
import { resultText } from '../../results/result-text.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import type { MetricDraft } from './metric-draft.ts'
import { PickCalls } from './pick-calls.tsx'
import { compareVerdicts, summariseTrials, usageText } from './trial-words.ts'
import { type Trial, useTrials } from './use-trials.ts'

type TryPanelProps = {
  metricId: number | null
  draft: MetricDraft
  /** Why it cannot be tried as it stands, in words. */
  fault: string | null
}

/** What the metric as it is written would say of calls, beside what counts now. Nothing of it is kept. */
export function TryPanel({ metricId, draft, fault }: TryPanelProps) {
  const trials = useTrials()
  const { calls, isRunning, doneCount, wantedCount } = trials
  const run = () => void trials.run({ metricId, name: draft.name, content: draft.content })
  const outcomes = calls.flatMap(({ id }) => trials.trialOf(id) ?? [])
  const comparisons = outcomes.flatMap((trial) =>
    trial.kind === 'done' ? [compareVerdicts(trial)] : [],
  )
  const failedCount = outcomes.filter(({ kind }) => kind === 'failed').length

  return (
    <div className="flex flex-col gap-[12px]">
      <div>
        <h2 className="text-[13px] font-semibold">Try on calls before saving</h2>
        <p className="text-ink-faint">Nothing of it is kept.</p>
      </div>
      <PickCalls calls={calls} onAdd={trials.add} />
      <div className="flex flex-wrap items-center gap-[8px]">
        {isRunning ? (
          <Button icon={<Square size={13} />} onClick={trials.cancel}>
            Stop
          </Button>
        ) : (
          <Button
            icon={<Play size={14} />}
            aria-disabled={fault !== null || calls.length === 0 || undefined}
            aria-describedby={fault === null ? undefined : 'try-fault'}
            onClick={() => fault === null && calls.length > 0 && run()}
          >
            Try it
          </Button>
        )}
        {fault !== null && (
          <span id="try-fault" className="text-[12px] text-ink-faint">
            {fault}
          </span>
        )}
        {calls.length > 0 && !isRunning && (
          <Button variant="quiet" onClick={trials.clear} className="ml-auto">
            Clear
          </Button>
        )}
      </div>
      {isRunning && (
        <ProgressBar
          label="Trying"
          progress={wantedCount === 0 ? null : doneCount / wantedCount}
          valueText={`${doneCount} of ${wantedCount}`}
        />
      )}
      <p role="status" className="text-ink-soft empty:hidden">
        {!isRunning && outcomes.length > 0 && summariseTrials(comparisons, failedCount)}
      </p>
      <ul aria-label="Calls to try on" className="flex flex-col gap-[8px]">
        {calls.map((call) => (
          <TriedCall
            key={call.id}
            call={call}
            trial={trials.trialOf(call.id)}
            onRemove={isRunning ? null : () => trials.remove(call.id)}
          />
        ))}
      </ul>
    </div>
  )
}

type TriedCallProps = {
  call: CallSummary
  trial: Trial | undefined
  onRemove: (() => void) | null
}

function TriedCall({ call, trial, onRemove }: TriedCallProps) {
  return (
    <li className="rounded-[8px] border border-line bg-surface">
      <div className="flex min-h-[34px] items-center gap-[8px] px-[10px] py-[3px]">
        <Link
          to={`/calls/${call.id}`}
          target="_blank"
          className="min-w-0 truncate font-mono text-[12px] text-accent hover:underline"
        >
          {call.callId}
        </Link>
        <span className="truncate text-[12px] text-ink-faint">
          {[formatDateTime(call.startedAt), call.topic || call.agentName]
            .filter(Boolean)
            .join(' · ')}
        </span>
        <span className="ml-auto flex shrink-0 items-center">
          {trial?.kind === 'running' && <Spinner />}
          {trial?.kind === 'waiting' && <span className="text-[12px] text-ink-faint">Waits</span>}
          {trial?.kind === 'stopped' && <span className="text-[12px] text-ink-faint">Stopped</span>}
          {onRemove && (
            <IconButton label={`Do not try on ${call.callId}`} size="small" onClick={onRemove}>
              <X size={13} />
            </IconButton>
          )}
        </span>
      </div>
      {trial?.kind === 'failed' && (
        <p role="alert" className="border-t border-line px-[10px] py-[6px] text-fail">
          Could not be tried: {trial.message}
        </p>
      )}
      {trial?.kind === 'done' && (
        <Outcome callId={call.id} tried={trial.tried} current={trial.current} />
      )}
    </li>
  )
}

type OutcomeProps = { callId: number; tried: Verdict; current: Verdict | null }

function Outcome({ callId, tried, current }: OutcomeProps) {
  const comparison = compareVerdicts({ tried, current })
  return (
    <div className="border-t border-line">
      <p className="px-[10px] pt-[6px]">
        <Badge tone={comparison.kind === 'differs' ? 'warn' : 'idle'}>{comparison.text}</Badge>
      </p>
      <div className="grid grid-cols-2 gap-[14px] px-[10px] py-[8px] max-sm:grid-cols-1">
        <Answer title="As written here" callId={callId} verdict={tried} />
        <Answer title={currentTitle(current)} callId={callId} verdict={current} />
      </div>
    </div>
  )
}

function currentTitle(current: Verdict | null): string {
  if (current?.metricVersion === null || current === null) return 'Counts now'
  return `Counts now, version ${current.metricVersion}`
}

type AnswerProps = { title: string; callId: number; verdict: Verdict | null }

function Answer({ title, callId, verdict }: AnswerProps) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="text-[12px] text-ink-faint">{title}</h3>
      {verdict === null ? (
        <p className="text-ink-faint">No result</p>
      ) : (
        <>
          <p className="flex flex-wrap items-center gap-[6px]">
            {verdict.state === 'scored' && (
              <span className="font-semibold">{resultText(verdict)}</span>
            )}
            <ResultBadge result={verdict} />
          </p>
          {verdict.explanation !== '' && (
            <p className="mt-[2px] leading-[19px] wrap-anywhere whitespace-pre-line text-ink-soft">
              {verdict.explanation}
            </p>
          )}
          {verdict.evidence.length > 0 && (
            <ul aria-label="Evidence" className="mt-[4px] flex flex-col gap-[3px] text-[12px]">
              {verdict.evidence.map((evidence, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a finished answer never changes
                <EvidenceLine key={index} callId={callId} evidence={evidence} />
              ))}
            </ul>
          )}
          <p className="mt-[3px] text-[12px] text-ink-faint tabular-nums">{usageText(verdict)}</p>
        </>
      )}
    </section>
  )
}

/** A moment opens the call there, in another tab: the draft stays where it is. */
function EvidenceLine({ callId, evidence }: { callId: number; evidence: Evidence }) {
  const { quote, startSeconds, isFound, note } = evidence
  return (
    <li className="leading-[17px] wrap-anywhere text-ink-soft">
      {startSeconds !== null && (
        <Link
          to={`/calls/${callId}?t=${startSeconds}`}
          target="_blank"
          className="text-accent tabular-nums underline underline-offset-2"
        >
          {formatDuration(startSeconds)}
        </Link>
      )}{' '}
      {quote !== '' && `“${quote}”`} {note}
      {!isFound && <span className="text-fail"> Not found in this call</span>}
    </li>
  )
}
