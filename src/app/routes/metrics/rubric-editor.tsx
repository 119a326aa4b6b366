import { RotateCw, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { isSameJson } from '#contract/canonical-json.ts'
import type { Metric } from '#contract/metric.ts'
import type { Rubric } from '#contract/rubric.ts'
import { useChangeRubric, useRubric } from '../../api/rubric.ts'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { FormError } from '../../ui/form-error.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { showFailure } from '../../ui/show-failure.ts'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { showToast } from '../../ui/toast.tsx'
import { groupByCategory } from './metric-groups.ts'
import { TYPE_LABEL } from './metric-words.ts'
import {
  type DraftRule,
  newRule,
  type RubricDraft,
  toRubric,
  toRubricDraft,
  unusedMetrics,
} from './rubric-draft.ts'
import { RubricRuleCard } from './rubric-rule-card.tsx'
import { rubricSentence } from './rubric-words.ts'
import { useUnsavedGuard } from './use-unsaved-guard.tsx'

const RerunDialog = lazy(async () => ({
  default: (await import('../../bulk/rerun-dialog.tsx')).RerunDialog,
}))

const LOGICS = [
  { value: 'and', label: 'All rules' },
  { value: 'or', label: 'Any rule' },
] as const

type RubricEditorProps = { metrics: readonly Metric[]; canWrite: boolean }

/** Which results make a call succeed. */
export function RubricEditor(props: RubricEditorProps) {
  const { data, error, refetch } = useRubric()
  if (error && !data) {
    return <LoadError title="The rubric could not be loaded" error={error} onRetry={refetch} />
  }
  if (!data) return <SkeletonRows rows={3} rowHeight={60} label="Loading the rubric" />
  return <OpenRubric {...props} saved={data} />
}

function OpenRubric({ saved, metrics, canWrite }: RubricEditorProps & { saved: Rubric }) {
  const { draft, setDraft, isDirty, save, discard, wasSaved, error, isSaving } = useEditing(saved)
  const [isRerunOpen, setRerunOpen] = useState(false)
  const guard = useUnsavedGuard({
    isDirty,
    isKeptAt: ({ to }) => to.pathname === '/metrics' && /[?&]tab=rubric(&|$)/.test(to.search),
  })
  const whole = toRubric(draft)
  const byId = new Map(metrics.map((metric) => [metric.id, metric]))
  const setRules = (rules: DraftRule[]) => setDraft({ ...draft, rules })

  return (
    <div className="flex max-w-[860px] flex-col gap-[16px] p-[20px] max-md:p-[14px]">
      <div className="flex flex-col gap-[4px]">
        <h2 className="text-[13px] font-semibold">What makes a call succeed</h2>
        <p className="leading-[20px] text-ink-soft">
          A metric decides only through a rule here. A rule whose metric has no result on a call is
          passed over; where that leaves none, the call is not evaluated.
        </p>
      </div>
      <p
        aria-label="The rubric as a sentence"
        aria-live="polite"
        role="status"
        className="rounded-[8px] border border-line bg-sunken px-[12px] py-[9px] leading-[21px] wrap-anywhere"
      >
        {rubricSentence(draft, metrics)}
      </p>
      <fieldset disabled={!canWrite} className="flex min-w-0 flex-col gap-[10px]">
        <legend className="sr-only">Rules</legend>
        {draft.rules.length > 1 && (
          <div>
            <Segmented
              label="How rules combine"
              options={LOGICS}
              value={draft.logic}
              onChange={(logic) => setDraft({ ...draft, logic })}
            />
          </div>
        )}
        <ol className="flex flex-col gap-[8px]">
          {draft.rules.map((rule) => (
            <RubricRuleCard
              key={rule.key}
              rule={rule}
              metric={byId.get(rule.metricId)}
              canWrite={canWrite}
              onChange={(changed) =>
                setRules(draft.rules.map((other) => (other.key === rule.key ? changed : other)))
              }
              onRemove={() => setRules(draft.rules.filter(({ key }) => key !== rule.key))}
            />
          ))}
        </ol>
        {canWrite && (
          <Combobox
            label="Add a rule for a metric"
            groups={groupByCategory(unusedMetrics(metrics, draft)).map(({ label, items }) => ({
              label,
              options: items.map(({ id, name, content }) => ({
                value: String(id),
                label: name,
                hint: TYPE_LABEL[content.evalType],
              })),
            }))}
            value={null}
            placeholder="Choose a metric…"
            searchPlaceholder="Search metrics"
            onChange={(value) => {
              const metric = byId.get(Number(value))
              if (metric) setRules([...draft.rules, newRule(metric)])
            }}
            className="max-w-[360px]"
          />
        )}
      </fieldset>
      <FormError message={error?.message ?? null} />
      {canWrite && (
        <div className="flex flex-wrap items-center gap-[8px] border-t border-line pt-[12px]">
          <p className="mr-auto flex min-w-0 flex-1 basis-[320px] items-start gap-[7px] leading-[19px] text-ink-soft">
            <TriangleAlert size={14} aria-hidden="true" className="mt-[2px] shrink-0 text-warn" />
            Calls keep their outcome until they are judged again. A person’s verdict always stays.
          </p>
          <Button
            icon={<RotateCw size={14} />}
            variant={wasSaved ? 'primary' : 'secondary'}
            disabled={isDirty}
            onClick={() => setRerunOpen(true)}
          >
            Judge calls again…
          </Button>
          {isDirty && <Button onClick={discard}>Discard changes</Button>}
          <Button
            variant={wasSaved && !isDirty ? 'secondary' : 'primary'}
            isBusy={isSaving}
            disabled={!isDirty || whole === null}
            onClick={() => whole && save(whole)}
          >
            Save rubric
          </Button>
        </div>
      )}
      {whole === null && (
        <p role="status" className="text-warn">
          A value is missing in a rule.
        </p>
      )}
      {isRerunOpen && (
        <Suspense>
          <RerunDialog target={{ matching: {} }} onClose={() => setRerunOpen(false)} />
        </Suspense>
      )}
      {guard.question}
    </div>
  )
}

function useEditing(saved: Rubric) {
  const change = useChangeRubric()
  const [base, setBase] = useState(saved)
  const [draft, setDraft] = useState<RubricDraft>(() => toRubricDraft(saved))
  const [wasSaved, setWasSaved] = useState(false)
  const isDirty = !isSameJson(toRubric(draft), base)

  const show = (shown: Rubric) => {
    setBase(shown)
    setDraft(toRubricDraft(shown))
  }
  // Nothing is being written: what the server has is what is shown.
  if (!isDirty && !change.isPending && !isSameJson(saved, base)) show(saved)

  const save = (rubric: Rubric) => {
    const before = base
    change.mutate(rubric, {
      onSuccess: (kept) => {
        show(kept)
        setWasSaved(true)
        showToast({
          title: 'The rubric is saved.',
          description: 'New calls are decided by it.',
          action: {
            label: 'Undo',
            onSelect: () => void change.mutateAsync(before).then(show).catch(showFailure),
          },
        })
      },
    })
  }
  return {
    draft,
    setDraft,
    isDirty,
    save,
    discard: () => show(base),
    wasSaved,
    error: change.error,
    isSaving: change.isPending,
  }
}
