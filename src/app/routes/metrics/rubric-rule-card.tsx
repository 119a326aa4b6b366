import { Plus, Trash2, TriangleAlert, X } from 'lucide-react'
import { Link } from 'react-router'
import type { Metric } from '#contract/metric.ts'
import { type RubricOp, wantedAnswer } from '#contract/rubric.ts'
import { OP_WORDS } from '../../results/condition-words.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { MultiSuggest } from '../../ui/multi-suggest.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Select } from '../../ui/select.tsx'
import {
  type DraftCondition,
  type DraftRule,
  directionWarning,
  NUMBER_OPS,
  newCondition,
} from './rubric-draft.ts'

/** To choose from, the word alone would not tell "is" from "is at least". */
const OP_LABEL: Record<RubricOp, string> = { ...OP_WORDS, eq: 'is exactly' }

const COMBINATIONS = [
  { value: 'and', label: 'all of these' },
  { value: 'or', label: 'any of these' },
] as const

type RubricRuleCardProps = {
  rule: DraftRule
  /** Undefined: deleted since. */
  metric: Metric | undefined
  canWrite: boolean
  onChange: (rule: DraftRule) => void
  onRemove: () => void
}

/** One metric's rule: what its result has to be. */
export function RubricRuleCard(props: RubricRuleCardProps) {
  const { rule, metric, canWrite, onChange, onRemove } = props
  const { conditions } = rule
  const name = metric?.name ?? `Metric ${rule.metricId}`
  const warning = metric ? directionWarning(rule, metric) : null
  const canAdd = canWrite && metric !== undefined && metric.content.evalType !== 'binary'
  const setConditions = (changed: DraftCondition[]) => onChange({ ...rule, conditions: changed })

  return (
    <li
      aria-label={`Rule for ${name}`}
      className="flex flex-col gap-[8px] rounded-[8px] border border-line bg-surface px-[12px] py-[9px]"
    >
      <div className="flex items-start gap-[8px]">
        <div className="flex min-w-0 flex-1 flex-wrap items-start gap-x-[12px] gap-y-[8px]">
          <div className="flex min-h-[30px] min-w-0 basis-[240px] items-center gap-[8px]">
            <MetricTitle rule={rule} metric={metric} />
          </div>
          <div className="flex min-w-0 flex-1 basis-[280px] flex-col gap-[8px]">
            {metric &&
              conditions.map((condition, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no other name, and their fields no state
                <div key={index} className="flex items-start gap-[8px]">
                  <Condition
                    condition={condition}
                    metric={metric}
                    onChange={(changed) =>
                      setConditions(conditions.map((other, at) => (at === index ? changed : other)))
                    }
                  />
                  {canWrite && conditions.length > 1 && (
                    <IconButton
                      label={`Remove condition ${index + 1} of ${name}`}
                      onClick={() => setConditions(conditions.filter((_, at) => at !== index))}
                    >
                      <X size={14} />
                    </IconButton>
                  )}
                </div>
              ))}
            {conditions.length > 1 && (
              <Select
                label={`How conditions of ${name} combine`}
                isLabelHidden
                options={COMBINATIONS}
                value={rule.operator}
                onChange={(operator) => onChange({ ...rule, operator })}
                className="w-[150px]!"
              />
            )}
            {canAdd && (
              <Button
                size="small"
                variant="quiet"
                icon={<Plus size={13} />}
                className="self-start"
                onClick={() => setConditions([...conditions, newCondition(metric)])}
              >
                Condition
              </Button>
            )}
          </div>
        </div>
        {canWrite && (
          <IconButton label={`Remove the rule for ${name}`} onClick={onRemove}>
            <Trash2 size={14} />
          </IconButton>
        )}
      </div>
      {warning && (
        <p role="status" className="flex items-start gap-[6px] leading-[19px] text-warn">
          <TriangleAlert size={14} aria-hidden="true" className="mt-[2px] shrink-0" />
          {warning}
        </p>
      )}
    </li>
  )
}

function MetricTitle({ rule, metric }: Pick<RubricRuleCardProps, 'rule' | 'metric'>) {
  if (!metric) {
    return (
      <>
        <span className="min-w-0 truncate font-medium">Metric {rule.metricId}</span>
        <Badge tone="warn">Deleted: passed over</Badge>
      </>
    )
  }
  return (
    <>
      <Link to={`/metrics/${metric.id}`} className="min-w-0 font-medium hover:underline">
        {metric.name}
      </Link>
      {!metric.isEnabled && <Badge>Off</Badge>}
    </>
  )
}

type ConditionProps = {
  condition: DraftCondition
  metric: Metric
  onChange: (condition: DraftCondition) => void
}

/** An operator and a value, as the metric's type has them. */
function Condition({ condition, metric, onChange }: ConditionProps) {
  const { evalType } = metric.content
  if (evalType === 'binary') return <YesNoCondition {...{ condition, metric, onChange }} />
  if (evalType === 'enum') return <LabelCondition {...{ condition, metric, onChange }} />
  return <NumberCondition {...{ condition, metric, onChange }} />
}

function YesNoCondition({ condition, metric, onChange }: ConditionProps) {
  const wanted = wantedAnswer(condition)
  return (
    <Select
      label={`What ${metric.name} has to be`}
      isLabelHidden
      options={[
        { value: 'yes', label: 'is yes' },
        { value: 'no', label: 'is no' },
      ]}
      value={wanted === null ? null : wanted ? 'yes' : 'no'}
      onChange={(value) => onChange({ field: 'score', op: 'eq', value: value === 'yes' })}
      className="w-[140px]!"
    />
  )
}

function NumberCondition({ condition, metric, onChange }: ConditionProps) {
  const { unit, range } = metric.content
  return (
    <>
      <OpSelect condition={condition} metric={metric} ops={NUMBER_OPS} onChange={onChange} />
      <NumberField
        label={`Value for ${metric.name}`}
        isLabelHidden
        unit={unit}
        {...(range && { min: range.min, max: range.max })}
        value={typeof condition.value === 'number' ? condition.value : null}
        onChange={(value) => onChange({ ...condition, field: 'score', value })}
        className="w-[150px]"
      />
    </>
  )
}

const LABEL_OPS: readonly RubricOp[] = ['in', 'eq', 'neq']

function LabelCondition({ condition, metric, onChange }: ConditionProps) {
  const { enumValues } = metric.content
  const { op, value } = condition
  const values = Array.isArray(value) ? value : value === null ? [] : [String(value)]
  const setOp = (next: DraftCondition) =>
    onChange({ ...next, field: 'enum', value: next.op === 'in' ? values : (values[0] ?? null) })
  return (
    <>
      <OpSelect condition={condition} metric={metric} ops={LABEL_OPS} onChange={setOp} />
      <div className="min-w-0 flex-1">
        <MultiSuggest
          label={`Labels for ${metric.name}`}
          isLabelHidden
          values={values}
          onChange={(next) =>
            onChange({
              field: 'enum',
              op,
              // One label at a time where the operator takes one: the last that was chosen.
              value: op === 'in' ? next : (next.at(-1) ?? null),
            })
          }
          suggestions={enumValues.map((label) => ({ value: label }))}
          isLoading={false}
          onQuery={() => undefined}
          placeholder="Choose labels"
        />
      </div>
    </>
  )
}

type OpSelectProps = ConditionProps & { ops: readonly RubricOp[] }

function OpSelect({ condition, metric, ops, onChange }: OpSelectProps) {
  const known = ops.includes(condition.op) ? ops : [...ops, condition.op]
  return (
    <Select
      label={`How the value of ${metric.name} is compared`}
      isLabelHidden
      options={known.map((value) => ({ value, label: OP_LABEL[value] }))}
      value={condition.op}
      onChange={(op) => onChange({ ...condition, op })}
      className="w-[130px]!"
    />
  )
}
