import type { Flip } from '#contract/evaluation-run.ts'
import { FlipChange } from './flip-change.tsx'

/** Results that a rerun turned, before and after. */
export function FlipList({ flips }: { flips: readonly Flip[] }) {
  return (
    <ul aria-label="Results that changed" className="flex flex-col gap-[4px]">
      {flips.map(({ metricId, metricName, before, after }) => (
        <li key={metricId} className="leading-[20px]">
          <p className="font-medium">{metricName}</p>
          <FlipChange before={before} after={after} />
        </li>
      ))}
    </ul>
  )
}
