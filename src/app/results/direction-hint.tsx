import { MoveDown, MoveUp } from 'lucide-react'
import type { MetricDirection } from '#contract/metric.ts'
import type { EvalType } from '#contract/metric-result.ts'

export type DirectionHintProps = { direction: MetricDirection; evalType: EvalType }

/** Which way is better, in a word; nothing where the number alone does not say, and for labels. */
export function DirectionHint({ direction, evalType }: DirectionHintProps) {
  if (direction === 'neutral' || evalType === 'enum') return null
  const Icon = direction === 'higher' ? MoveUp : MoveDown
  return (
    <span className="inline-flex items-center gap-[2px] text-[12px] whitespace-nowrap text-ink-faint">
      <Icon size={11} aria-hidden="true" />
      {betterWord(direction, evalType)} is better
    </span>
  )
}

function betterWord(direction: 'higher' | 'lower', evalType: EvalType): string {
  if (evalType !== 'binary') return direction
  return direction === 'higher' ? 'yes' : 'no'
}
