import { ArrowRight } from 'lucide-react'
import type { Verdict } from '#contract/metric-result.ts'
import { formatDateTime, formatFullDateTime } from '../format/date.ts'
import { Badge } from '../ui/badge.tsx'
import { verdictChanges, verdictWords } from './verdict-changes.ts'

export type HistoryListProps = {
  /** Newest first. */
  verdicts: readonly Verdict[]
  /** The one that counts; null if none does. */
  currentId: number | null
}

/** Every result a metric ever had on a call, each with what it changed. */
export function HistoryList({ verdicts, currentId }: HistoryListProps) {
  return (
    <ol aria-label="History" className="flex flex-col">
      {verdicts.map((verdict, i) => (
        <HistoryEntry
          key={verdict.id}
          verdict={verdict}
          before={verdicts[i + 1] ?? null}
          isCurrent={verdict.id === currentId}
        />
      ))}
    </ol>
  )
}

type HistoryEntryProps = { verdict: Verdict; before: Verdict | null; isCurrent: boolean }

function HistoryEntry({ verdict, before, isCurrent }: HistoryEntryProps) {
  const { createdAt } = verdict
  const changes = before ? verdictChanges(before, verdict) : []
  return (
    <li className="border-b border-line/70 py-[5px] leading-[18px] last:border-b-0">
      <p className="flex flex-wrap items-center gap-x-[8px]">
        <span className="font-medium">{verdictWords(verdict)}</span>
        {isCurrent && <Badge tone="accent">Counts</Badge>}
        {createdAt && (
          <time
            dateTime={createdAt}
            title={formatFullDateTime(createdAt)}
            className="ml-auto text-[12px] text-ink-faint tabular-nums"
          >
            {formatDateTime(createdAt)}
          </time>
        )}
      </p>
      <p className="text-[12px] text-ink-soft">{originOf(verdict)}</p>
      {verdict.state === 'failed' && (
        <p className="text-[12px] wrap-anywhere text-warn">{verdict.explanation}</p>
      )}
      {changes.length > 0 && (
        <p className="flex items-start gap-[4px] text-[12px] text-ink-soft">
          <ArrowRight size={12} aria-hidden="true" className="mt-[3px] shrink-0" />
          <span className="min-w-0 wrap-anywhere">Changed: {changes.join('; ')}</span>
        </p>
      )}
    </li>
  )
}

function originOf({ source, metricVersion, model, runId }: Verdict): string {
  return [
    source === 'recorded' ? 'recorded with the call' : null,
    metricVersion === null ? null : `version ${metricVersion}`,
    model,
    runId === null ? (source === 'recorded' ? null : 'on arrival') : `rerun #${runId}`,
  ]
    .filter((part) => part !== null)
    .join(', ')
}
