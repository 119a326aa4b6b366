import { useEffect, useEffectEvent, useState } from 'react'
import type { ColumnPreferences } from '../../view-state/column-preferences.ts'
import type { ViewStateHandle } from '../../view-state/use-view-state.ts'

/** A column's edge is dragged in many small steps; browsers refuse to write an address that often. */
const PAUSE_MS = 200

/** Columns and density as they are shown. A change shows at once; it reaches the address after a pause. */
export function useListLook(view: ViewStateHandle) {
  const { preferences, isLookInUrl } = view
  const [draft, setDraft] = useState<{ from: ColumnPreferences; to: ColumnPreferences } | null>(
    null,
  )
  const write = useEffectEvent((to: ColumnPreferences) => view.changePreferences(to))
  useEffect(() => {
    if (!draft) return
    const timer = setTimeout(() => write(draft.to), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [draft])

  // Once the address has changed, by us or by others, it is right.
  const shown = draft?.from === preferences ? draft.to : preferences
  return {
    preferences: shown,
    change(changes: Partial<ColumnPreferences>) {
      if (isLookInUrl) setDraft({ from: preferences, to: { ...shown, ...changes } })
      else view.changePreferences(changes)
    },
    reset() {
      setDraft(null)
      view.resetPreferences()
    },
  }
}
