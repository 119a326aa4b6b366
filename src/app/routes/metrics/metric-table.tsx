import type { Metric } from '#contract/metric.ts'
import { classNames } from '../../ui/class-names.ts'
import type { MetricGroup } from './metric-groups.ts'
import type { MetricContext } from './metric-list.tsx'
import { MetricMenu } from './metric-menu.tsx'
import { agentsText, EnabledSwitch, MetricBadges, MetricName } from './metric-row-parts.tsx'
import { directionLabel, KIND_LABEL, typeText } from './metric-words.ts'
import { PassSparkline } from './pass-sparkline.tsx'

const HEAD = 'h-[30px] px-[10px] text-left text-[12px] font-medium text-ink-faint first:pl-[20px]'
const CELL = 'px-[10px] py-[6px] first:pl-[20px] last:pr-[14px]'

type MetricTableProps = { groups: readonly MetricGroup<Metric>[]; context: MetricContext }

export function MetricTable({ groups, context }: MetricTableProps) {
  return (
    <div className="overflow-x-auto">
      <table className="w-full min-w-[860px] border-collapse">
        <thead>
          <tr className="border-b border-line">
            <th scope="col" className={HEAD}>
              Name
            </th>
            <th scope="col" className={HEAD}>
              Made by
            </th>
            <th scope="col" className={HEAD}>
              Answers with
            </th>
            <th scope="col" className={classNames(HEAD, 'max-xl:hidden')}>
              Agents
            </th>
            <th scope="col" className={classNames(HEAD, 'text-right')}>
              Version
            </th>
            <th scope="col" className={HEAD}>
              Passed, 30 days
            </th>
            <th scope="col" className={HEAD}>
              On
            </th>
            <th scope="col" className={HEAD}>
              <span className="sr-only">More</span>
            </th>
          </tr>
        </thead>
        {groups.map(({ label, items }) => (
          <tbody key={label}>
            <tr className="border-b border-line bg-sunken/60">
              <th
                scope="rowgroup"
                colSpan={8}
                className="h-[28px] pl-[20px] text-left text-[12px] font-semibold text-ink-soft"
              >
                {label}
              </th>
            </tr>
            {items.map((metric) => (
              <MetricRow key={metric.id} metric={metric} context={context} />
            ))}
          </tbody>
        ))}
      </table>
    </div>
  )
}

function MetricRow({ metric, context }: { metric: Metric; context: MetricContext }) {
  const { content, direction, isEnabled, version } = metric
  return (
    <tr className="relative h-[44px] border-b border-line hover:bg-hover">
      <td className={classNames(CELL, 'max-w-[320px]')}>
        <div className="flex min-w-0 flex-wrap items-center gap-[6px]">
          <MetricName metric={metric} />
          <MetricBadges metric={metric} context={context} />
        </div>
      </td>
      <td className={CELL}>{KIND_LABEL[content.kind]}</td>
      <td className={CELL}>
        <span className="block">{typeText(content)}</span>
        <span className="block text-[12px] text-ink-faint">
          {directionLabel(direction, content.evalType)}
        </span>
      </td>
      <td className={classNames(CELL, 'max-w-[180px] truncate max-xl:hidden')}>
        {agentsText(metric, context)}
      </td>
      <td className={classNames(CELL, 'text-right tabular-nums')}>
        {version === 0 ? <span className="text-ink-faint">–</span> : version}
      </td>
      <td className={CELL}>
        <PassSparkline metricId={metric.id} name={metric.name} isOn={isEnabled} />
      </td>
      <td className={CELL}>
        <EnabledSwitch metric={metric} canWrite={context.canWrite} />
      </td>
      <td className={CELL}>
        <span className="relative z-1 flex justify-end">
          <MetricMenu metric={metric} canWrite={context.canWrite} />
        </span>
      </td>
    </tr>
  )
}
