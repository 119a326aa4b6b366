import { Library, Plus } from 'lucide-react'
import { lazy, Suspense } from 'react'
import { Link, useSearchParams } from 'react-router'
import { useMetrics } from '../../api/metrics.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { Button, buttonClass } from '../../ui/button.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { JudgeBanner } from './judge-banner.tsx'
import { MetricList } from './metric-list.tsx'
import { PageTabs } from './page-tabs.tsx'

const CatalogueDialog = lazy(async () => ({
  default: (await import('./catalogue-dialog.tsx')).CatalogueDialog,
}))

const RubricEditor = lazy(async () => ({
  default: (await import('./rubric-editor.tsx')).RubricEditor,
}))

const TABS = [
  { id: 'list', label: 'Metrics', to: '/metrics' },
  { id: 'rubric', label: 'Rubric', to: '/metrics?tab=rubric' },
]

/** What calls are judged by, and which results make a call succeed: `?tab=rubric`. `?catalogue=1` opens the catalogue. */
export function MetricsPage() {
  const [params, setParams] = useSearchParams()
  const canWrite = useCanWrite()
  const { data, error, refetch } = useMetrics()
  const isRubric = params.get('tab') === 'rubric'

  const change = (edit: (next: URLSearchParams) => void) =>
    setParams((current) => {
      const next = new URLSearchParams(current)
      edit(next)
      return next
    })
  const openCatalogue = () => change((next) => next.set('catalogue', '1'))
  const closeCatalogue = () => change((next) => next.delete('catalogue'))

  const actions = !isRubric && (
    <>
      <Button icon={<Library size={15} />} onClick={openCatalogue}>
        Catalogue
      </Button>
      {canWrite && (
        <Link to="/metrics/new" className={buttonClass({ variant: 'primary' })}>
          <Plus size={15} aria-hidden="true" />
          New metric
        </Link>
      )}
    </>
  )

  return (
    <Page
      title="Metrics"
      aside={data && data.items.length > 0 && data.items.length}
      actions={actions || undefined}
    >
      <PageTabs label="Metrics and rubric" tabs={TABS} current={isRubric ? 'rubric' : 'list'} />
      {!data && !error && <SkeletonRows rows={6} rowHeight={44} label="Loading the metrics" />}
      {!data && error && (
        <LoadError title="The metrics could not be loaded" error={error} onRetry={refetch} />
      )}
      {data && !isRubric && (
        <>
          <JudgeBanner judge={data.judge} metrics={data.items} />
          <MetricList metrics={data.items} canWrite={canWrite} onCatalogue={openCatalogue} />
        </>
      )}
      {data && isRubric && (
        <Suspense fallback={<SkeletonRows rows={3} rowHeight={60} label="Loading the rubric" />}>
          <RubricEditor metrics={data.items} canWrite={canWrite} />
        </Suspense>
      )}
      {params.get('catalogue') === '1' && (
        <Suspense>
          <CatalogueDialog canWrite={canWrite} onClose={closeCatalogue} />
        </Suspense>
      )}
    </Page>
  )
}
