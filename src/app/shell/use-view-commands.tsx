import { AudioLines, Bookmark, Pin } from 'lucide-react'
import { useNavigate } from 'react-router'
import type { SavedView } from '#contract/view.ts'
import { useViews } from '../api/views.ts'
import { savedViewSearch } from '../view-state/view-url.ts'
import type { Command, CommandGroup } from './commands.tsx'

type ViewCommands = {
  groups: CommandGroup[]
  /** Back to the list without a view. */
  everyCall: Command
  isLoading: boolean
}

/** Every view as a command that opens it, pinned ones first. */
export function useViewCommands(): ViewCommands {
  const navigate = useNavigate()
  const { data: views = [], isPending } = useViews()
  const toCommand = (view: SavedView): Command => ({
    id: `view-${view.id}`,
    label: view.name,
    keywords: `view saved ${view.ownerName}`,
    icon: view.isPinned ? <Pin size={14} /> : <Bookmark size={14} />,
    hint: tellAudience(view),
    run: () => navigate(`/calls${savedViewSearch(view)}`),
  })
  const pinned = views.filter(({ isPinned }) => isPinned)
  const others = views.filter(({ isPinned }) => !isPinned)
  return {
    groups: [
      { label: 'Pinned views', items: pinned.map(toCommand) },
      { label: 'Views', items: others.map(toCommand) },
    ],
    everyCall: {
      id: 'every-call',
      label: 'Every call',
      keywords: 'all none leave',
      icon: <AudioLines size={14} />,
      run: () => navigate('/calls'),
    },
    isLoading: isPending,
  }
}

function tellAudience({ isOwn, ownerName, visibility }: SavedView): string {
  if (visibility === 'personal') return 'only me'
  return isOwn ? 'shared by me' : `shared by ${ownerName}`
}
