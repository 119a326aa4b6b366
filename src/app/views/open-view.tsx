import { MoreHorizontal, RotateCcw, Save } from 'lucide-react'
import type { SavedView, ViewState } from '#contract/view.ts'
import { useChangeView } from '../api/view-changes.ts'
import { Badge } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { Menu } from '../ui/menu.tsx'
import { showFailure } from '../ui/show-failure.ts'
import { showToast } from '../ui/toast.tsx'
import { copyName } from './copy-name.ts'
import { isSameView } from './same-view.ts'
import type { ViewDialog } from './save-view-dialog.tsx'
import { ViewMenuItems } from './view-menu-items.tsx'

type OpenViewProps = {
  view: SavedView
  /** What is on the screen. */
  state: ViewState
  canWrite: boolean
  onRevert: () => void
  onSaveAs: (draft: { title: string; name: string }) => void
  onCreated: (id: number) => void
  onDialog: (dialog: ViewDialog) => void
  /** Judges the calls on the screen again, after asking. */
  onRerun: (() => void) | undefined
}

/** How the list differs from the open view, and what can be done with it. Somebody else's is saved as a copy. */
export function OpenView(props: OpenViewProps) {
  const { view, state, canWrite, onRevert, onSaveAs, onCreated, onDialog } = props
  const isModified = !isSameView(view.state, state)
  return (
    <>
      {!view.isOwn && (
        <span className="truncate text-[12px] text-ink-faint">by {view.ownerName}</span>
      )}
      <span role="status">{isModified && <Badge tone="accent">modified</Badge>}</span>
      {canWrite && isModified && view.isOwn && <SaveButton view={view} state={state} />}
      {canWrite && isModified && !view.isOwn && (
        <Button
          size="small"
          icon={<Save size={13} />}
          onClick={() => onSaveAs({ title: 'Save a copy', name: copyName(view.name) })}
        >
          Save as copy
        </Button>
      )}
      {isModified && (
        <Button variant="quiet" size="small" icon={<RotateCcw size={13} />} onClick={onRevert}>
          <span className="max-sm:sr-only">Revert</span>
        </Button>
      )}
      <Menu
        trigger={
          <IconButton label="View actions" size="small">
            <MoreHorizontal size={15} />
          </IconButton>
        }
      >
        <ViewMenuItems
          view={view}
          state={state}
          canWrite={canWrite}
          onSaveAs={() => onSaveAs({ title: 'Save view as', name: view.name })}
          onCreated={onCreated}
          onDialog={onDialog}
          onRerun={props.onRerun}
        />
      </Menu>
    </>
  )
}

type SaveButtonProps = { view: SavedView; state: ViewState }

function SaveButton({ view, state }: SaveButtonProps) {
  const save = useChangeView()
  // As a promise: the button is gone by the time the answer is here, and callbacks of `mutate` would go with it.
  const handleClick = async () => {
    try {
      await save.mutateAsync({ id: view.id, change: { state } })
      showToast({ title: `“${view.name}” is saved.` })
    } catch (cause) {
      showFailure(cause)
    }
  }
  return (
    <Button
      variant="primary"
      size="small"
      icon={<Save size={13} />}
      isBusy={save.isPending}
      onClick={() => void handleClick()}
    >
      Save
    </Button>
  )
}
