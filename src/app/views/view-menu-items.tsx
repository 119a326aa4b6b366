import {
  Copy,
  CopyPlus,
  Link,
  Lock,
  Pencil,
  Pin,
  PinOff,
  RefreshCw,
  Trash2,
  Users,
} from 'lucide-react'
import type { SavedView, ViewState } from '#contract/view.ts'
import { useChangeView, useCreateView, useDeleteView, useRestoreView } from '../api/view-changes.ts'
import { MenuItem } from '../ui/menu.tsx'
import { showFailure } from '../ui/show-failure.ts'
import { showToast } from '../ui/toast.tsx'
import { savedViewSearch } from '../view-state/view-url.ts'
import { copyName } from './copy-name.ts'
import type { ViewDialog } from './save-view-dialog.tsx'

type ViewMenuItemsProps = {
  view: SavedView
  /** What is on the screen, which may differ from the view. */
  state: ViewState
  canWrite: boolean
  onSaveAs: () => void
  onCreated: (id: number) => void
  onDialog: (dialog: ViewDialog) => void
  /** Judges the calls on the screen again, after asking. */
  onRerun: (() => void) | undefined
}

/** What can be done with the open view. Somebody else's can be copied and linked to. */
export function ViewMenuItems(props: ViewMenuItemsProps) {
  const { view, state, canWrite, onSaveAs, onDialog } = props
  const { id, name, visibility, isPinned } = view
  const actions = useViewActions(props)
  const isMine = canWrite && view.isOwn
  const isShared = visibility === 'shared'
  return (
    <>
      {isMine && (
        <>
          <MenuItem
            icon={<Pencil size={14} />}
            onSelect={() => onDialog({ kind: 'change', id, draft: { name, visibility, isPinned } })}
          >
            Rename…
          </MenuItem>
          <MenuItem
            icon={isPinned ? <PinOff size={14} /> : <Pin size={14} />}
            onSelect={() => actions.change({ isPinned: !isPinned })}
          >
            {isPinned ? 'Unpin from the navigation' : 'Pin to the navigation'}
          </MenuItem>
          <MenuItem
            icon={isShared ? <Lock size={14} /> : <Users size={14} />}
            onSelect={() => actions.change({ visibility: isShared ? 'personal' : 'shared' })}
          >
            {isShared ? 'Make personal' : 'Share with everyone'}
          </MenuItem>
        </>
      )}
      {canWrite && (
        <>
          <MenuItem icon={<CopyPlus size={14} />} onSelect={onSaveAs}>
            Save as…
          </MenuItem>
          <MenuItem icon={<Copy size={14} />} onSelect={actions.duplicate}>
            Duplicate
          </MenuItem>
          {props.onRerun && (
            <MenuItem icon={<RefreshCw size={14} />} onSelect={props.onRerun}>
              Evaluate these calls again…
            </MenuItem>
          )}
        </>
      )}
      <MenuItem icon={<Link size={14} />} onSelect={() => void copyLink({ id, state })}>
        Copy link
      </MenuItem>
      {isMine && (
        <MenuItem icon={<Trash2 size={14} />} tone="danger" onSelect={actions.remove}>
          Delete
        </MenuItem>
      )}
    </>
  )
}

function useViewActions({ view, onCreated }: ViewMenuItemsProps) {
  const change = useChangeView()
  const create = useCreateView()
  const remove = useDeleteView()
  const restore = useRestoreView()

  // As promises: the menu is gone by the time the answer is here, and callbacks of `mutate` would go with it.
  return {
    change: (changes: Parameters<typeof change.mutate>[0]['change']) =>
      void change.mutateAsync({ id: view.id, change: changes }).catch(showFailure),
    duplicate: () => {
      const { name, state } = view
      const copy = { name: copyName(name), visibility: 'personal', isPinned: false } as const
      const done = create.mutateAsync({ ...copy, state })
      void done.then(({ id }) => onCreated(id)).catch(showFailure)
    },
    remove: () => {
      const undo = () => void restore.mutateAsync(view.id).catch(showFailure)
      const done = remove.mutateAsync(view.id).then(() =>
        showToast({
          title: `“${view.name}” is deleted.`,
          action: { label: 'Undo', onSelect: undo },
        }),
      )
      void done.catch(showFailure)
    },
  }
}

/** The link carries everything, so that it shows the same after the view has been changed. */
async function copyLink({ id, state }: { id: number; state: ViewState }) {
  const url = `${window.location.origin}/calls${savedViewSearch({ id, state })}`
  try {
    await navigator.clipboard.writeText(url)
    showToast({ title: 'The link is copied.' })
  } catch {
    // Without https browsers refuse; the address bar has the same link.
    showToast({ title: 'The browser refused. The address bar has the same link.', tone: 'fail' })
  }
}
