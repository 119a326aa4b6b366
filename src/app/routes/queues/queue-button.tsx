import { ListChecks } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { CallSelection } from '#contract/call.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { IconButton } from '../../ui/button.tsx'

const QueueDialog = lazy(async () => ({
  default: (await import('./queue-dialog.tsx')).QueueDialog,
}))

/** Makes a review queue of the calls that are looked at. */
export function QueueButton({ search, filter }: CallSelection) {
  const [isOpen, setOpen] = useState(false)
  if (!useCanWrite()) return null
  return (
    <>
      <IconButton label="Review these as a queue" onClick={() => setOpen(true)}>
        <ListChecks size={15} />
      </IconButton>
      {isOpen && (
        <Suspense fallback={null}>
          <QueueDialog selection={{ search, filter }} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
