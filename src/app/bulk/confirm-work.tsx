import type { BulkWork } from '#contract/bulk-action.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { explainWork, proposeWork } from './bulk-words.ts'

type ConfirmWorkProps = {
  work: BulkWork
  /** Undefined until counted: nobody confirms a number they cannot see. */
  count: number | undefined
  isBusy: boolean
  onConfirm: (work: BulkWork) => void
  onClose: () => void
}

/** Says exactly what will happen to how many calls, before it does. */
export function ConfirmWork({ work, count, isBusy, onConfirm, onClose }: ConfirmWorkProps) {
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="small"
      title={count === undefined ? 'Counting the calls…' : `${proposeWork(work, count)}?`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isBusy={isBusy}
            disabled={count === undefined}
            onClick={() => onConfirm(work)}
          >
            {count === undefined ? 'Counting…' : proposeWork(work, count)}
          </Button>
        </>
      }
    >
      <p className="leading-[20px] text-ink-soft">{explainWork(work)}</p>
    </Dialog>
  )
}
