import type { Deviation } from '../../results/metric-row.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import type { Votes } from './use-votes.ts'

export type DeviationMarkProps = { deviation: Deviation; votes: Votes }

/** Whether a person says that the judge found a category of deviations wrongly, and the switch for it. */
export function DeviationMark({ deviation, votes }: DeviationMarkProps) {
  const { category_id: categoryId } = deviation
  const wrongBy = votes.wrongBy(categoryId)
  const isWrong = wrongBy !== null
  if (!votes.canVote) return isWrong && <Badge>Wrong, says {wrongBy}</Badge>
  return (
    <>
      <Button
        size="small"
        variant="quiet"
        aria-pressed={isWrong}
        onMouseDown={(event) => event.preventDefault()}
        onClick={() => votes.markCategory(categoryId, isWrong ? 'right' : 'wrong')}
        className={isWrong ? 'bg-accent-soft! text-accent!' : ''}
      >
        Wrong<span className="sr-only">: {deviation.deviation}</span>
      </Button>
      {isWrong && <span>says {wrongBy}</span>}
    </>
  )
}
