import { useQuery } from '@tanstack/react-query'
import { RotateCw } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Link, useNavigate, useParams, useSearchParams } from 'react-router'
import { isSameJson } from '#contract/canonical-json.ts'
import type { Metric } from '#contract/metric.ts'
import { useChangeMetric } from '../../api/metric-changes.ts'
import { metricQueries, useMetrics } from '../../api/metrics.ts'
import { ApiError } from '../../api/request.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, buttonClass } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Page } from '../../ui/page.tsx'
import { showFailure } from '../../ui/show-failure.ts'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toast.tsx'
import { useDocumentTitle } from '../../ui/use-document-title.ts'
import { toChange, toDraft, toInput } from './metric-draft.ts'
import { MetricEditor } from './metric-editor.tsx'
import { MetricMenu } from './metric-menu.tsx'
import { PageTabs } from './page-tabs.tsx'
import { useUnsavedGuard } from './use-unsaved-guard.tsx'

const ResultsTab = lazy(async () => ({ default: (await import('./results-tab.tsx')).ResultsTab }))
const AgreementTab = lazy(async () => ({
  default: (await import('./agreement-tab.tsx')).AgreementTab,
}))
const VersionsTab = lazy(async () => ({
  default: (await import('./versions-tab.tsx')).VersionsTab,
}))
const RerunDialog = lazy(async () => ({
  default: (await import('../../bulk/rerun-dialog.tsx')).RerunDialog,
}))

/** One metric: its definition, `?tab=results`, `?tab=agreement` and `?tab=versions`. */
export function MetricPage() {
  const id = Number(useParams().id)
  const { data: metric, error, refetch } = useQuery(metricQueries.detail(id))

  if (metric) return <OpenMetric key={id} metric={metric} />
  if (error instanceof ApiError && error.status === 404) {
    return (
      <main>
        <EmptyState
          title="There is no such metric"
          headingLevel={1}
          action={
            <Link to="/metrics" className={buttonClass()}>
              To the metrics
            </Link>
          }
        >
          It may have been deleted. Its results are kept and come back with it.
        </EmptyState>
      </main>
    )
  }
  return (
    <Page title="Metric">
      {error ? (
        <LoadError title="The metric could not be loaded" error={error} onRetry={refetch} />
      ) : (
        <SkeletonRows rows={5} rowHeight={56} label="Loading the metric" />
      )}
    </Page>
  )
}

function OpenMetric({ metric }: { metric: Metric }) {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const canWrite = useCanWrite()
  const all = useMetrics().data?.items ?? []
  const catalogue = useQuery(metricQueries.predefined()).data
  const editing = useEditing(metric)
  const guard = useUnsavedGuard({ isDirty: editing.isDirty })
  const [isRerunOpen, setRerunOpen] = useState(false)
  useDocumentTitle(metric.name)

  const { id, name, version, content, isEnabled } = metric
  const tab = TAB_IDS.find((known) => known === params.get('tab')) ?? 'definition'
  const entry = catalogue?.find(({ code }) => metric.isPredefined && code === metric.code)

  return (
    <Page
      title={name}
      aside={
        <span className="flex items-center gap-[6px]">
          {version > 0 && <span className="whitespace-nowrap">version {version}</span>}
          {!isEnabled && <Badge>Off</Badge>}
        </span>
      }
      actions={
        <>
          {canWrite && content.kind !== 'recorded' && (
            <Button icon={<RotateCw size={14} />} onClick={() => setRerunOpen(true)}>
              <span className="max-md:sr-only">Judge calls again…</span>
            </Button>
          )}
          <MetricMenu
            metric={metric}
            canWrite={canWrite}
            onDeleted={() => {
              guard.letGo()
              void navigate('/metrics')
            }}
          />
        </>
      }
    >
      <PageTabs
        label="Parts of the metric"
        current={tab}
        tabs={[
          { id: 'definition', label: 'Definition', to: `/metrics/${id}` },
          { id: 'results', label: 'Results', to: `/metrics/${id}?tab=results` },
          { id: 'agreement', label: 'Agreement', to: `/metrics/${id}?tab=agreement` },
          { id: 'versions', label: 'Versions', to: `/metrics/${id}?tab=versions` },
        ]}
      />
      {editing.isOutdated && (
        <p
          role="status"
          className="flex flex-wrap items-center gap-[8px] bg-warn-soft px-[20px] py-[8px]"
        >
          Somebody else saved version {version} meanwhile. Saving yours replaces it.
          <Button size="small" onClick={editing.takeOver}>
            Show theirs
          </Button>
        </p>
      )}
      {tab === 'definition' && (
        <MetricEditor
          metric={metric}
          base={editing.base}
          draft={editing.draft}
          onChange={editing.setDraft}
          onSave={editing.save}
          isSaving={editing.isSaving}
          isDirty={editing.isDirty}
          error={editing.error}
          metricNames={all.filter((other) => other.id !== id).map((other) => other.name)}
          defaults={entry?.content.configuration ?? {}}
          canWrite={canWrite}
        />
      )}
      <Suspense fallback={<SkeletonRows rows={4} rowHeight={56} />}>
        {tab === 'results' && <ResultsTab metric={metric} />}
        {tab === 'agreement' && <AgreementTab metric={metric} />}
        {tab === 'versions' && <VersionsTab metric={metric} canWrite={canWrite} />}
        {isRerunOpen && (
          <RerunDialog
            target={{ matching: {} }}
            metricIds={[id]}
            onClose={() => setRerunOpen(false)}
          />
        )}
      </Suspense>
      {guard.question}
    </Page>
  )
}

const TAB_IDS = ['definition', 'results', 'agreement', 'versions'] as const

/** The draft, what it started from, and the newer metric where somebody else saved one. */
function useEditing(metric: Metric) {
  const change = useChangeMetric()
  const [source, setSource] = useState(metric)
  const [draft, setDraft] = useState(() => toDraft(metric))
  const base = toDraft(source)
  const isDirty = !isSameJson(toInput(base), toInput(draft))
  const isNewer = !isSameJson(toDraft(metric), base)

  const show = (shown: Metric) => {
    setSource(shown)
    setDraft(toDraft(shown))
  }
  // Nothing is being written: what the server has is what is shown.
  if (isNewer && !isDirty && !change.isPending) show(metric)

  const save = () => {
    const before = toDraft(metric)
    change.mutate(
      { id: metric.id, change: toChange(base, draft) },
      {
        onSuccess: (saved) => {
          show(saved)
          const undo = () =>
            void change
              .mutateAsync({ id: saved.id, change: toChange(toDraft(saved), before) })
              .catch(showFailure)
          showToast({
            title:
              saved.version === metric.version
                ? `“${saved.name}” is saved.`
                : `“${saved.name}” is saved as version ${saved.version}.`,
            ...(saved.version !== metric.version && {
              description: 'Calls keep their results until they are judged again.',
            }),
            action: { label: 'Undo', onSelect: undo },
          })
        },
      },
    )
  }
  return {
    base,
    draft,
    setDraft,
    isDirty,
    isOutdated: isNewer && isDirty && !change.isPending,
    takeOver: () => show(metric),
    save,
    isSaving: change.isPending,
    error: change.error,
  }
}
