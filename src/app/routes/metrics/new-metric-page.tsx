import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useNavigate, useSearchParams } from 'react-router'
import { isSameJson } from '#contract/canonical-json.ts'
import type { Metric } from '#contract/metric.ts'
import { useCreateMetric } from '../../api/metric-changes.ts'
import { metricQueries, useMetrics } from '../../api/metrics.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Switch } from '../../ui/switch.tsx'
import { showToast } from '../../ui/toast.tsx'
import { NEW_METRIC, toCopy, toInput } from './metric-draft.ts'
import { MetricEditor } from './metric-editor.tsx'
import { useUnsavedGuard } from './use-unsaved-guard.tsx'

/** A metric of one's own; `?from=<id>` starts from another. */
export function NewMetricPage() {
  const [params] = useSearchParams()
  const from = Number(params.get('from') ?? 0)
  const source = useQuery({ ...metricQueries.detail(from), enabled: from > 0 })
  const isReady = from <= 0 || source.data !== undefined || source.isError
  return (
    <Page title="New metric">
      {isReady ? (
        <NewMetric key={from} source={source.data ?? null} />
      ) : (
        <SkeletonRows rows={5} rowHeight={56} label="Loading the metric" />
      )}
    </Page>
  )
}

function NewMetric({ source }: { source: Metric | null }) {
  const navigate = useNavigate()
  const canWrite = useCanWrite()
  const metrics = useMetrics().data?.items ?? []
  const create = useCreateMetric()
  const [base] = useState(() => (source ? toCopy(source) : NEW_METRIC))
  const [draft, setDraft] = useState(base)
  const [wantsRule, setWantsRule] = useState(false)
  const isDirty = !isSameJson(base, draft)
  const guard = useUnsavedGuard({ isDirty })
  const isBinary = draft.content.evalType === 'binary'

  const save = () =>
    create.mutate(
      { ...toInput(draft), addToRubric: isBinary && wantsRule },
      {
        onSuccess: (metric) => {
          showToast({
            title: `“${metric.name}” is saved as version ${metric.version}.`,
            description: 'New calls are judged by it; judge older ones again to see it there.',
          })
          guard.letGo()
          void navigate(`/metrics/${metric.id}`, { replace: true })
        },
      },
    )

  return (
    <>
      <MetricEditor
        metric={null}
        base={base}
        draft={draft}
        onChange={setDraft}
        onSave={save}
        isSaving={create.isPending}
        isDirty={isDirty}
        error={create.error}
        metricNames={metrics.map(({ name }) => name)}
        defaults={source?.content.configuration ?? {}}
        canWrite={canWrite}
        choices={
          isBinary && (
            <Switch
              label="Add to the rubric: a call succeeds only with yes"
              isChecked={wantsRule}
              onChange={setWantsRule}
            />
          )
        }
      />
      {guard.question}
    </>
  )
}
