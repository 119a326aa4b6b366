import type { Metric } from '#contract/metric.ts'
import type { MetricGroup } from './metric-groups.ts'
import type { MetricContext } from './metric-list.tsx'
import { MetricMenu } from './metric-menu.tsx'
import { EnabledSwitch, MetricBadges, MetricName } from './metric-row-parts.tsx'
import { directionLabel, KIND_LABEL, typeText } from './metric-words.ts'

type MetricCardsProps = { groups: readonly MetricGroup<Metric>[]; context: MetricContext }

/** The list on a telephone. */
export function MetricCards({ groups, context }: MetricCardsProps) {
  return groups.map(({ label, items }) => (
    <section key={label} aria-label={label}>
      <h2 className="flex h-[28px] items-center border-b border-line bg-sunken/60 px-[14px] text-[12px] font-semibold text-ink-soft">
        {label}
      </h2>
      <ul>
        {items.map((metric) => (
          <li
            key={metric.id}
            className="relative flex items-center gap-[10px] border-b border-line px-[14px] py-[8px]"
          >
            <div className="min-w-0 flex-1">
              <div className="flex min-w-0 flex-wrap items-center gap-[6px]">
                <MetricName metric={metric} />
                <MetricBadges metric={metric} context={context} />
              </div>
              <p className="text-[12px] text-ink-faint">{factsOf(metric)}</p>
            </div>
            <EnabledSwitch metric={metric} canWrite={context.canWrite} />
            <span className="relative z-1">
              <MetricMenu metric={metric} canWrite={context.canWrite} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  ))
}

function factsOf({ content, direction, version }: Metric): string {
  const facts = [
    KIND_LABEL[content.kind],
    typeText(content),
    directionLabel(direction, content.evalType),
    version > 0 && `version ${version}`,
  ]
  return facts.filter(Boolean).join(' · ')
}
