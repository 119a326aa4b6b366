import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { callSearchQuery } from '../api/calls.ts'
import { Kbd } from '../ui/kbd.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { type Command, type CommandGroup, callCommands, useCommands } from './commands.tsx'
import { useDebounced } from './use-debounced.ts'
import { useViewCommands } from './use-view-commands.tsx'

const TYPING_PAUSE_MS = 140

type CommandPaletteProps = {
  /** `views`: the saved views alone. */
  scope: 'everything' | 'views'
  onClose: () => void
}

const WORDS = {
  everything: {
    title: 'Search and commands',
    label: 'Search calls and commands',
    placeholder: 'Call id, number or words that were said; or a command',
  },
  views: {
    title: 'Views',
    label: 'Search views',
    placeholder: 'Name of a view, or of who made it',
  },
}

/** Go anywhere and find any call by typing. */
export function CommandPalette({ scope, onClose }: CommandPaletteProps) {
  const [text, setText] = useState('')
  const { groups, isSearching } = usePaletteGroups(text.trim(), scope)
  const words = WORDS[scope]

  const run = (command: Command) => {
    onClose()
    command.run()
  }

  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-black/35 dark:bg-black/60" />
        <Dialog.Popup
          aria-label={words.title}
          className="fixed top-[10vh] left-1/2 z-50 flex max-h-[72vh] w-[calc(100vw-24px)] max-w-[700px] -translate-x-1/2 flex-col overflow-hidden rounded-[10px] border border-line bg-raised text-[13px] text-ink shadow-float outline-none"
        >
          <Autocomplete.Root
            open
            inline
            items={groups}
            filter={null}
            value={text}
            onValueChange={setText}
            itemToStringValue={(command: Command) => command.label}
            autoHighlight="always"
            keepHighlight
          >
            <div className="flex items-center gap-[10px] border-b border-line px-[16px]">
              <span className="flex size-[15px] items-center text-ink-faint">
                {isSearching ? <Spinner /> : <Search size={15} aria-hidden="true" />}
              </span>
              <Autocomplete.Input
                aria-label={words.label}
                placeholder={words.placeholder}
                className="h-[46px] min-w-0 flex-1 bg-transparent text-[14px] outline-none placeholder:text-ink-faint"
              />
              <Dialog.Close className="sr-only">Close</Dialog.Close>
              <Kbd keys="escape" />
            </div>
            <Autocomplete.Empty>
              <div className="px-[16px] py-[22px] text-ink-soft empty:hidden">
                {emptyText({ scope, isSearching, text: text.trim() })}
              </div>
            </Autocomplete.Empty>
            <Autocomplete.List className="min-h-0 overflow-y-auto overscroll-contain p-[6px] data-empty:p-0">
              {(group: CommandGroup) => (
                <Autocomplete.Group key={group.label} items={group.items} className="mb-[4px]">
                  <Autocomplete.GroupLabel className="px-[10px] pt-[6px] pb-[3px] text-[12px] text-ink-faint">
                    {group.label}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(command: Command) => (
                      <Autocomplete.Item
                        key={command.id}
                        value={command}
                        onClick={() => run(command)}
                        className="flex min-h-[34px] cursor-default items-center gap-[10px] rounded-[6px] px-[10px] py-[4px] outline-none select-none data-highlighted:bg-ink/8"
                      >
                        <span className="flex size-[15px] shrink-0 items-center justify-center text-ink-faint">
                          {command.icon}
                        </span>
                        <span className="min-w-0 flex-1 truncate">{command.label}</span>
                        <Hint>{command.hint}</Hint>
                      </Autocomplete.Item>
                    )}
                  </Autocomplete.Collection>
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}

type Emptiness = { scope: CommandPaletteProps['scope']; isSearching: boolean; text: string }

function emptyText({ scope, isSearching, text }: Emptiness): string {
  if (isSearching) return scope === 'views' ? 'Loading the views…' : 'Looking through the calls…'
  if (text !== '') return `Nothing matches “${text}”.`
  return 'No views yet. Filter the calls, then press “Save view”.'
}

function Hint({ children }: { children: ReactNode }) {
  if (!children) return null
  return (
    <span className="flex shrink-0 items-center gap-[12px] text-[12px] text-ink-faint tabular-nums">
      {children}
    </span>
  )
}

function usePaletteGroups(
  text: string,
  scope: CommandPaletteProps['scope'],
): { groups: CommandGroup[]; isSearching: boolean } {
  const commands = useCommands()
  const views = useViewCommands()
  const search = useDebounced(text, TYPING_PAUSE_MS)
  const { data: calls, isFetching } = useQuery({
    ...callSearchQuery(search),
    enabled: search !== '' && scope === 'everything',
    placeholderData: keepPreviousData,
  })
  const found = text === '' ? [] : callCommands(calls ?? [], commands.goToCall)
  const viewGroups = views.groups.map(({ label, items }) => ({
    label,
    items: matching(items, text),
  }))
  const groups: CommandGroup[] = [
    { label: 'Calls', items: found },
    { label: 'Go to', items: matching(commands.pages, text) },
    ...viewGroups,
    { label: 'Do', items: matching(commands.actions, text) },
  ]
  const everyCall = { label: 'No view', items: matching([views.everyCall], text) }
  const shown = scope === 'views' ? [...viewGroups, everyCall] : groups
  return {
    groups: shown.filter((group) => group.items.length > 0),
    isSearching:
      scope === 'views' ? views.isLoading : text !== '' && (isFetching || search !== text),
  }
}

function matching(commands: Command[], text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/)
  return commands.filter(({ label, keywords }) => {
    const haystack = `${label} ${keywords ?? ''}`.toLowerCase()
    return words.every((word) => haystack.includes(word))
  })
}
