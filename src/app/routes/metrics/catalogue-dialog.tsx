import { useQuery } from '@tanstack/react-query'
import { Check } from 'lucide-react'
import { useId, useState } from 'react'
import { Link } from 'react-router'
import type { Metric, PredefinedMetric } from '#contract/metric.ts'
import { useAddPredefinedMetrics } from '../../api/metric-changes.ts'
import { metricQueries, useMetrics } from '../../api/metrics.ts'
import { countOf, formatCount } from '../../format/count.ts'
import { plainText } from '../../results/plain-text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { FormError } from '../../ui/form-error.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toast.tsx'
import { groupByCategory } from './metric-groups.ts'
import { EnabledSwitch } from './metric-row-parts.tsx'
import { directionLabel, INPUT_LABEL, typeText } from './metric-words.ts'

type CatalogueDialogProps = { canWrite: boolean; onClose: () => void }

/** The predefined metrics, to add one or many. */
export function CatalogueDialog({ canWrite, onClose }: CatalogueDialogProps) {
  const { data, error, refetch } = useQuery(metricQueries.predefined())
  const metrics = useMetrics().data?.items ?? []
  // As they were when the window opened: what is switched must not move from under the pointer.
  const [offIds] = useState(
    () => new Set(metrics.filter(({ isEnabled }) => !isEnabled).map(({ id }) => id)),
  )
  const addition = useAddPredefinedMetrics()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())

  const toggle = (code: string) =>
    setChosen((current) => {
      const next = new Set(current)
      if (!next.delete(code)) next.add(code)
      return next
    })
  const add = () =>
    addition.mutate([...chosen], {
      onSuccess: ({ items }) => {
        const [only, second] = items
        const title =
          only && second === undefined
            ? `“${only.name}” is added.`
            : `${countOf(items.length, 'metric')} are added.`
        showToast({ title, description: 'New calls are judged by it from now on.' })
        onClose()
      },
    })

  const wanted = text.trim().toLowerCase()
  const groups = groupByCategory(
    inOrderOfUse(data ?? [], offIds).filter(({ name, description }) =>
      `${name} ${description}`.toLowerCase().includes(wanted),
    ),
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="large"
      title="Catalogue of metrics"
      description={aboutCatalogue(data ?? [], metrics)}
      isProtected={chosen.size > 0}
      footer={
        canWrite && data?.some(canBeAdded) ? (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button
              variant="primary"
              isBusy={addition.isPending}
              disabled={chosen.size === 0}
              onClick={add}
            >
              {chosen.size === 0 ? 'Add metrics' : `Add ${countOf(chosen.size, 'metric')}`}
            </Button>
          </>
        ) : (
          <Button onClick={onClose}>Done</Button>
        )
      }
    >
      <div className="flex flex-col gap-[12px]">
        <SearchField
          label="Search the catalogue"
          placeholder="Search the catalogue"
          value={text}
          onChange={setText}
        />
        <FormError message={addition.error?.message ?? null} />
        {!data && !error && <SkeletonRows rows={5} rowHeight={56} label="Loading the catalogue" />}
        {!data && error && <LoadError error={error} onRetry={refetch} />}
        {data && groups.length === 0 && <EmptyState title={`Nothing matches “${text.trim()}”`} />}
        {groups.map(({ label, items }) => (
          <section key={label} aria-label={label}>
            <h3 className="mb-[2px] text-[12px] font-semibold text-ink-soft">{label}</h3>
            <ul>
              {items.map((entry) => (
                <Entry
                  key={entry.code}
                  entry={entry}
                  metric={metrics.find(({ id }) => id === entry.metricId) ?? null}
                  isChosen={chosen.has(entry.code)}
                  canWrite={canWrite}
                  onToggle={() => toggle(entry.code)}
                />
              ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  )
}

type EntryProps = {
  entry: PredefinedMetric
  /** The project's own, once it was added. */
  metric: Metric | null
  isChosen: boolean
  canWrite: boolean
  onToggle: () => void
}

function Entry({ entry, metric, isChosen, canWrite, onToggle }: EntryProps) {
  const id = useId()
  const { name, description, unavailable, metricId } = entry
  const canChoose = canWrite && canBeAdded(entry)
  return (
    <li className="flex gap-[10px] border-t border-line py-[8px]">
      <span className="flex size-[24px] shrink-0 items-center justify-center">
        {metricId === null ? (
          <input
            id={id}
            type="checkbox"
            checked={isChosen}
            disabled={!canChoose}
            aria-describedby={`${id}-about`}
            onChange={onToggle}
            className="size-[16px] accent-(--accent)"
          />
        ) : (
          <Check size={15} aria-hidden="true" className="text-pass" />
        )}
      </span>
      <div className="min-w-0 flex-1 leading-[19px]">
        <div className="flex flex-wrap items-baseline gap-x-[8px]">
          {metricId === null ? (
            <label htmlFor={id} className="font-medium">
              {name}
            </label>
          ) : (
            <>
              <Link to={`/metrics/${metricId}`} className="font-medium text-accent hover:underline">
                {name}
              </Link>
              <span className="text-[12px] text-ink-faint">
                {metric?.isEnabled === false ? 'Added, switched off' : 'Added'}
              </span>
            </>
          )}
        </div>
        <div id={`${id}-about`}>
          <p className="text-ink-soft">{plainText(description)}</p>
          <p className="text-[12px] text-ink-faint">{factsOf(entry)}</p>
          {unavailable !== null && (
            <p className="text-[12px] text-warn">Not available: {unavailable}</p>
          )}
        </div>
      </div>
      {metric && <EnabledSwitch metric={metric} canWrite={canWrite} />}
    </li>
  )
}

/** What there is to do here: add, or switch on what is there. */
function aboutCatalogue(entries: readonly PredefinedMetric[], metrics: readonly Metric[]): string {
  if (entries.length === 0 || entries.some(canBeAdded)) {
    return 'Predefined ones, to be changed after they are added.'
  }
  const added = new Set(entries.map(({ metricId }) => metricId))
  const offCount = metrics.filter(({ id, isEnabled }) => added.has(id) && !isEnabled).length
  const about = 'Every metric that this version can compute is added.'
  return offCount === 0 ? about : `${about} ${formatCount(offCount)} of them are switched off.`
}

function canBeAdded({ metricId, unavailable }: PredefinedMetric): boolean {
  return metricId === null && unavailable === null
}

/** What can be added, what can be switched on, what is there, what cannot be had. Inside each the catalogue's order. */
function inOrderOfUse(
  entries: readonly PredefinedMetric[],
  offIds: ReadonlySet<number>,
): PredefinedMetric[] {
  const rank = (entry: PredefinedMetric) => {
    if (canBeAdded(entry)) return 0
    if (entry.metricId === null) return 3
    return offIds.has(entry.metricId) ? 1 : 2
  }
  return entries.toSorted((a, b) => rank(a) - rank(b))
}

function factsOf({ content, direction, inputs }: PredefinedMetric): string {
  const needs = inputs.map((input) => INPUT_LABEL[input]).join(', ')
  return [
    typeText(content),
    directionLabel(direction, content.evalType),
    needs && `looks at ${needs}`,
  ]
    .filter(Boolean)
    .join(' · ')
}
