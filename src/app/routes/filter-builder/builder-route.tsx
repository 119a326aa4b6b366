import { openOverlay } from '../../shell/overlays.ts'
import { useViewState } from '../../view-state/use-view-state.ts'
import { ViewBar } from '../../views/view-bar.tsx'
import { FilterBuilderPage } from './filter-builder-page.tsx'

/** The builder with the saved views: they keep the filter together with the list's look. */
export function BuilderRoute() {
  const { state, viewId, change } = useViewState()
  return (
    <FilterBuilderPage
      renderActions={(built) => (
        <ViewBar
          view={{
            state: { ...state, ...built },
            viewId,
            // What is built reaches the address a moment later than the screen.
            change: (changes, options) => change({ ...built, ...changes }, options),
          }}
          onBrowse={() => openOverlay('views')}
        />
      )}
    />
  )
}
