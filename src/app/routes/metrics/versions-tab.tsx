import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Metric, MetricVersion } from '#contract/metric.ts'
import { useChangeMetric } from '../../api/metric-changes.ts'
import { metricQueries } from '../../api/metrics.ts'
import { formatFullDateTime, formatRelative } from '../../format/date.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { showFailure } from '../../ui/show-failure.ts'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toast.tsx'
import { contentDifferences, longTexts } from './content-words.ts'
import { type DiffLine, diffLines } from './line-diff.ts'

type VersionsTabProps = { metric: Metric; canWrite: boolean }

/** Every version of a metric, what it changed, and how to have it back. */
export function VersionsTab({ metric, canWrite }: VersionsTabProps) {
  const { data, error, refetch } = useQuery(metricQueries.versions(metric.id))
  const [shown, setShown] = useState<number | null>(null)
  if (!data) {
    return error ? (
      <LoadError title="The versions could not be loaded" error={error} onRetry={refetch} />
    ) : (
      <SkeletonRows rows={3} rowHeight={48} label="Loading the versions" />
    )
  }
  const open = data.find(({ version }) => version === shown) ?? data[0]
  if (!open) {
    return (
      <EmptyState title="No versions">
        This metric is known only from results that came with calls.
      </EmptyState>
    )
  }
  const previous = data.find(({ version }) => version < open.version) ?? null
  return (
    <div className="grid grid-cols-[minmax(200px,260px)_minmax(0,1fr)] max-md:grid-cols-1 md:min-h-[calc(100dvh-87px)]">
      <ol aria-label="Versions" className="border-line p-[8px] max-md:border-b md:border-r">
        {data.map((version) => (
          <li key={version.version}>
            <button
              type="button"
              aria-current={version === open ? 'true' : undefined}
              onClick={() => setShown(version.version)}
              className={classNames(
                'flex w-full flex-col rounded-[6px] px-[10px] py-[6px] text-left hover:bg-hover',
                version === open && 'bg-selected',
              )}
            >
              <span className="font-medium">
                Version {version.version}
                {version.version === metric.version && (
                  <span className="font-normal text-ink-soft"> · counts now</span>
                )}
              </span>
              <span
                title={formatFullDateTime(version.createdAt)}
                className="text-[12px] text-ink-soft"
              >
                {formatRelative(version.createdAt)} by {version.author}
              </span>
            </button>
          </li>
        ))}
      </ol>
      <OpenVersion metric={metric} version={open} previous={previous} canWrite={canWrite} />
    </div>
  )
}

type OpenVersionProps = {
  metric: Metric
  version: MetricVersion
  previous: MetricVersion | null
  canWrite: boolean
}

function OpenVersion({ metric, version, previous, canWrite }: OpenVersionProps) {
  const { restore, isRestoring } = useRestore(metric)
  const isPresent = version.version === metric.version
  return (
    <section aria-label={`Version ${version.version}`} className="min-w-0 p-[16px] max-md:p-[12px]">
      <div className="flex flex-wrap items-center gap-[8px]">
        <h2 className="mr-auto text-[13px] font-semibold">
          {previous
            ? `What version ${version.version} changed in version ${previous.version}`
            : `Version ${version.version}`}
        </h2>
        {canWrite && !isPresent && (
          <Button isBusy={isRestoring} onClick={() => restore(version)}>
            Restore this version
          </Button>
        )}
      </div>
      {previous && <Differences before={previous} after={version} />}
      {longTexts(previous?.content ?? version.content, version.content).map(
        ({ label, before, after }) => (
          <Texts
            key={label}
            label={label}
            lines={diffLines(before, after)}
            isCompared={previous !== null}
          />
        ),
      )}
    </section>
  )
}

function Differences({ before, after }: { before: MetricVersion; after: MetricVersion }) {
  const differences = contentDifferences(before.content, after.content)
  if (differences.length === 0) return null
  return (
    <ul className="mt-[8px] list-disc pl-[18px] leading-[20px] text-ink-soft">
      {differences.map((text) => (
        <li key={text} className="wrap-anywhere">
          {text}
        </li>
      ))}
    </ul>
  )
}

const LINE_LOOK: Record<DiffLine['kind'], { mark: string; word: string; look: string }> = {
  same: { mark: ' ', word: '', look: '' },
  added: { mark: '+', word: 'Added: ', look: 'bg-pass-soft text-pass' },
  removed: { mark: '−', word: 'Removed: ', look: 'bg-fail-soft text-fail' },
}

type TextsProps = { label: string; lines: readonly DiffLine[]; isCompared: boolean }

function Texts({ label, lines, isCompared }: TextsProps) {
  const isChanged = lines.some(({ kind }) => kind !== 'same')
  return (
    <section aria-label={label} className="mt-[12px]">
      <h3 className="text-[12px] font-medium text-ink-soft">
        {label}
        {isCompared && !isChanged && (
          <span className="font-normal text-ink-faint"> · unchanged</span>
        )}
      </h3>
      <ol className="mt-[4px] overflow-hidden rounded-[7px] border border-line bg-surface py-[4px] font-mono text-[12px] leading-[19px]">
        {lines.map(({ kind, text }, index) => (
          <li
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name and never move
            key={index}
            className={classNames('flex min-h-[19px] gap-[8px] px-[8px]', LINE_LOOK[kind].look)}
          >
            <span aria-hidden="true" className="w-[8px] shrink-0 select-none">
              {LINE_LOOK[kind].mark}
            </span>
            <span className="min-w-0 wrap-anywhere whitespace-pre-wrap">
              <span className="sr-only">{LINE_LOOK[kind].word}</span>
              {text}
            </span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Its content becomes a version of its own: nothing that was judged loses the version it was judged by. */
function useRestore(metric: Metric) {
  const change = useChangeMetric()
  const restore = (version: MetricVersion) => {
    const undo = () =>
      void change
        .mutateAsync({ id: metric.id, change: { content: metric.content } })
        .catch(showFailure)
    const done = change
      .mutateAsync({ id: metric.id, change: { content: version.content } })
      .then((saved) =>
        showToast({
          title: `Version ${version.version} is restored as version ${saved.version}.`,
          action: { label: 'Undo', onSelect: undo },
        }),
      )
    void done.catch(showFailure)
  }
  return { restore, isRestoring: change.isPending }
}
