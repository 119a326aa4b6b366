import type { CallDetail } from '#contract/call.ts'
import { showToast } from '../../ui/toast.tsx'
import { endWords } from './decision-words.ts'
import type { Neighbours } from './neighbours.ts'
import { addressedId } from './use-call-steps.ts'
import type { Decision } from './use-decision.ts'
import type { QueueSeat } from './use-queue-seat.ts'

type UseDoneAndNextOptions = {
  call: CallDetail
  decision: Decision
  neighbours: Neighbours
  queueSeat: QueueSeat | null
  onGoTo: (id: number | null) => void
  /** Brings the choice between success and failure on the screen. */
  onShowChoice: () => void
}

/** Marks the call as reviewed as it stands and goes on, without waiting for the server. */
export function useDoneAndNext(options: UseDoneAndNextOptions): () => void {
  const { call, decision, neighbours, queueSeat, onGoTo, onShowChoice } = options
  return () => {
    // The next call is on its way to the screen: the key means that one, which nobody has seen.
    if (addressedId() !== call.id || queueSeat?.isLeaving) return
    if (!decision.confirm()) {
      onShowChoice()
      decision.focusChoice()
      showToast({ title: 'Choose success or failure first' })
      return
    }
    if (queueSeat) queueSeat.finish()
    else if (neighbours.nextId === null) showToast({ title: endWords(neighbours) })
    else onGoTo(neighbours.nextId)
  }
}
