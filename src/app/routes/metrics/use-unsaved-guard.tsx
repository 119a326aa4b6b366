import { useEffect, useRef } from 'react'
import { type Location, useBlocker } from 'react-router'
import { ConfirmDialog } from '../../ui/dialog.tsx'

type UnsavedGuard = {
  isDirty: boolean
  /** Whether the unsaved work is still there at a place; by default on the same page. */
  isKeptAt?: (place: { from: Location; to: Location }) => boolean
}

/** Asks before unsaved work is left. Render `question`; call `letGo` before leaving on purpose, as after saving. */
export function useUnsavedGuard({ isDirty, isKeptAt = isSamePage }: UnsavedGuard) {
  const isFree = useRef(false)
  const blocker = useBlocker(
    ({ currentLocation, nextLocation }) =>
      isDirty && !isFree.current && !isKeptAt({ from: currentLocation, to: nextLocation }),
  )

  useEffect(() => {
    if (!isDirty) return
    const warn = (event: BeforeUnloadEvent) => event.preventDefault()
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [isDirty])

  const question = (
    <ConfirmDialog
      isOpen={blocker.state === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      confirmLabel="Discard changes"
      onConfirm={() => blocker.proceed?.()}
    >
      What you changed here is not saved.
    </ConfirmDialog>
  )
  return {
    question,
    letGo: () => {
      isFree.current = true
    },
  }
}

function isSamePage({ from, to }: { from: Location; to: Location }): boolean {
  return from.pathname === to.pathname
}
