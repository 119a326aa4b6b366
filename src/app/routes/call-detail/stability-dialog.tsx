import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { MAX_STABILITY_TIMES, type StabilityCheck } from '#contract/evaluation-run.ts'
import {
  useCancelStabilityCheck,
  useStartStabilityCheck,
  verdictQueries,
} from '../../api/verdicts.ts'
import { countOf, formatCount } from '../../format/count.ts'
import { answerCounts, stabilityWords } from '../../results/stability-words.ts'
import { costText } from '../../results/verdict-facts.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'

const USUAL_TIMES = 5
const LEAST_TIMES = 2

export type StabilityDialogProps = {
  callId: number
  metric: { id: number; name: string }
  onClose: () => void
}

/** Judges one call many times by one metric, to see how often the judge changes its mind. */
export function StabilityDialog({ callId, metric, onClose }: StabilityDialogProps) {
  const [times, setTimes] = useState<number | null>(USUAL_TIMES)
  const [checkId, setCheckId] = useState<number | null>(null)
  const start = useStartStabilityCheck()
  const cancel = useCancelStabilityCheck()
  const check = useQuery({
    ...verdictQueries.stabilityCheck(checkId ?? 0),
    enabled: checkId !== null,
  })
  const isRunning = check.data?.state === 'running'
  const isValid = times !== null && times >= LEAST_TIMES && times <= MAX_STABILITY_TIMES
  const error = start.error ?? cancel.error ?? check.error

  const handleStart = () => {
    if (!isValid) return
    start.mutate({ callId, metricId: metric.id, times }, { onSuccess: ({ id }) => setCheckId(id) })
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`Judge stability: ${metric.name}`}
      description="The judge is asked the same question several times. The result that counts stays as it is."
      footer={
        isRunning ? (
          <Button
            isBusy={cancel.isPending}
            onClick={() => checkId !== null && cancel.mutate(checkId)}
          >
            Cancel check
          </Button>
        ) : (
          <Button
            variant="primary"
            aria-disabled={!isValid}
            isBusy={start.isPending}
            onClick={handleStart}
          >
            {check.data ? 'Check again' : `Ask ${times ?? USUAL_TIMES} times`}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-[12px]">
        <NumberField
          label="How many times"
          value={times}
          onChange={setTimes}
          min={LEAST_TIMES}
          max={MAX_STABILITY_TIMES}
          isWhole
          isDisabled={isRunning}
          hint={`From ${LEAST_TIMES} to ${MAX_STABILITY_TIMES}.`}
          className="w-[120px]"
        />
        {isValid && <Estimate callId={callId} metricId={metric.id} times={times} />}
        {check.data && <Answers check={check.data} />}
        {error && (
          <p role="alert" className="text-fail">
            {error.message}
          </p>
        )}
      </div>
    </Dialog>
  )
}

type EstimateProps = { callId: number; metricId: number; times: number }

/** The estimate of one rerun, so many times over: answers of a check are never taken from earlier ones. */
function Estimate({ callId, metricId, times }: EstimateProps) {
  const { data } = useQuery(
    verdictQueries.estimate({ target: { ids: [callId] }, metricIds: [metricId] }),
  )
  const questions = times * (data?.questionCount || 1)
  const tokens = data ? times * (data.inputTokens + data.outputTokens) : 0
  return (
    <p className="text-ink-soft">
      Takes {countOf(questions, 'question')} to the judge
      {tokens > 0 && `, about ${formatCount(tokens)} tokens`}
      {data && data.costUsd !== null && `, about ${costText(times * data.costUsd)}`}.
    </p>
  )
}

function Answers({ check }: { check: StabilityCheck }) {
  const { state, answers, times, errorMessage } = check
  const words = stabilityWords(check)
  return (
    <section aria-label="Answers" className="flex flex-col gap-[6px]">
      {state === 'running' && (
        <ProgressBar
          label="Asking the judge"
          progress={answers.length / times}
          valueText={`${answers.length} of ${times}`}
        />
      )}
      <div role="status">
        {state === 'failed' && (
          <p className="text-fail">The check failed: {errorMessage ?? 'unknown fault'}</p>
        )}
        {state === 'cancelled' && (
          <p className="text-ink-soft">Stopped after {countOf(answers.length, 'answer')}.</p>
        )}
        {state !== 'running' && words && <p className="font-medium">{words}</p>}
      </div>
      {answers.length > 0 && (
        <ul className="flex flex-col gap-[2px]">
          {answerCounts(answers).map((answer) => (
            <li key={answer.words} className="tabular-nums">
              {answer.count} × {answer.words}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
