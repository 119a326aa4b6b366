import { Bookmark, ChevronDown, Save } from 'lucide-react'
import { lazy, Suspense, useRef, useState } from 'react'
import { useCanWrite } from '../api/use-can-write.ts'
import { useViews } from '../api/views.ts'
import { Button } from '../ui/button.tsx'
import type { ViewStateHandle } from '../view-state/use-view-state.ts'
import { listSearch } from '../view-state/view-url.ts'
import type { ViewDialog } from './save-view-dialog.tsx'
import { useKeptFocus } from './use-kept-focus.ts'

const SaveViewDialog = lazy(async () => ({
  default: (await import('./save-view-dialog.tsx')).SaveViewDialog,
}))
// Comparing filters needs their whole language, which a list without a view does without.
const OpenView = lazy(async () => ({ default: (await import('./open-view.tsx')).OpenView }))

type ViewBarProps = {
  view: Pick<ViewStateHandle, 'state' | 'viewId' | 'change'>
  /** Opens the list of all views. */
  onBrowse: () => void
  /** Judges the calls on the screen again, after asking; absent where no calls are listed. */
  onRerun?: (() => void) | undefined
}

/** Which saved view is open, whether it was changed since, and what can be done about it. */
export function ViewBar({ view, onBrowse, onRerun }: ViewBarProps) {
  const { state, viewId, change } = view
  const { data: views } = useViews()
  const canWrite = useCanWrite()
  const [dialog, setDialog] = useState<ViewDialog | null>(null)
  const name = useRef<HTMLButtonElement>(null)
  const keptFocus = useKeptFocus(name)
  const open = views?.find(({ id }) => id === viewId) ?? null
  const isGone = viewId !== null && views !== undefined && open === null

  const saveAs = (draft: { name: string; title: string }) =>
    setDialog({
      kind: 'create',
      title: draft.title,
      draft: { name: draft.name, visibility: 'personal', isPinned: false },
      state,
    })
  const showCreated = (id: number) => change({ viewId: id }, { replace: true })

  return (
    <div className="flex min-w-0 flex-wrap items-center gap-[4px]" {...keptFocus}>
      <Button
        ref={name}
        variant="quiet"
        size="small"
        onClick={onBrowse}
        aria-label={open ? `View: ${open.name}. Open another` : undefined}
        aria-keyshortcuts="v"
        icon={<Bookmark size={14} className="shrink-0" />}
        className="min-w-0 max-w-[240px] shrink"
      >
        <span className="truncate">{open?.name ?? 'Views'}</span>
        <ChevronDown size={13} className="shrink-0" />
      </Button>
      {isGone && (
        <span className="text-[12px] text-ink-faint">This saved view is gone or not shared</span>
      )}
      {open && (
        <Suspense fallback={null}>
          <OpenView
            view={open}
            state={state}
            canWrite={canWrite}
            onRevert={() => change({ ...open.state })}
            onSaveAs={saveAs}
            onCreated={showCreated}
            onDialog={setDialog}
            onRerun={onRerun}
          />
        </Suspense>
      )}
      {canWrite && !open && !isPlain(state) && (
        <Button
          variant="quiet"
          size="small"
          icon={<Save size={13} />}
          onClick={() => saveAs({ title: 'Save view as', name: '' })}
        >
          Save view
        </Button>
      )}
      {dialog && (
        <Suspense fallback={null}>
          <SaveViewDialog dialog={dialog} onClose={() => setDialog(null)} onCreated={showCreated} />
        </Suspense>
      )}
    </div>
  )
}

/** Nothing to keep: every call, newest first. */
function isPlain(state: ViewStateHandle['state']): boolean {
  return listSearch(state) === ''
}
