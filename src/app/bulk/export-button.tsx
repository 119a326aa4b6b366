import { Download } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import type { CallListQuery } from '#contract/call.ts'
import { IconButton } from '../ui/button.tsx'

const ExportDialog = lazy(async () => ({
  default: (await import('./export-dialog.tsx')).ExportDialog,
}))

type ExportButtonProps = {
  query: CallListQuery
  /** Undefined until counted. */
  callCount: number | undefined
}

/** Exports every call of the list. */
export function ExportButton({ query, callCount }: ExportButtonProps) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <IconButton label="Export these calls" onClick={() => setOpen(true)}>
        <Download size={15} />
      </IconButton>
      {isOpen && (
        <Suspense fallback={null}>
          <ExportDialog calls={query} callCount={callCount} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
