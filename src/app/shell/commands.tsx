import { AudioLines, Keyboard, ListChecks, LogOut, Plus, Upload } from 'lucide-react'
import type { ReactNode } from 'react'
import { useNavigate } from 'react-router'
import type { CallSummary } from '#contract/call.ts'
import { useSignOut } from '../api/session.ts'
import { useCanWrite } from '../api/use-can-write.ts'
import { formatDateTime } from '../format/date.ts'
import { formatDuration } from '../format/duration.ts'
import { StatusBadge } from '../results/status-badge.tsx'
import { Kbd } from '../ui/kbd.tsx'
import { setTheme, THEME_LABEL, THEMES } from '../ui/theme.ts'
import { THEME_ICON } from '../ui/theme-icon.tsx'
import { NAV_ITEMS } from './nav-items.ts'
import { openOverlay } from './overlays.ts'
import { useAddCall } from './use-add-call.ts'
import { useNavHref } from './use-nav-href.ts'

export type Command = {
  id: string
  label: string
  /** Other words a person may type for it. */
  keywords?: string
  icon: ReactNode
  hint?: ReactNode
  run: () => void
}

export type CommandGroup = { label: string; items: Command[] }

/** What the palette offers besides calls. */
export function useCommands() {
  const navigate = useNavigate()
  const addCall = useAddCall()
  const canWrite = useCanWrite()
  const hrefOf = useNavHref()
  const signOut = useSignOut()

  const pages: Command[] = NAV_ITEMS.map(({ to, label, Icon }) => ({
    id: to,
    label,
    icon: <Icon size={15} />,
    run: () => navigate(hrefOf(to)),
  }))

  const additions: Command[] = [
    {
      id: 'add-call',
      label: 'Add a call',
      keywords: 'upload import recording transcript new',
      icon: <Upload size={15} />,
      run: addCall.open,
    },
    {
      id: 'new-agent',
      label: 'Add an agent',
      keywords: 'new create assistant',
      icon: <Plus size={15} />,
      run: () => navigate('/agents?new=1'),
    },
    {
      id: 'new-metric',
      label: 'New metric',
      keywords: 'add create judge script measure',
      icon: <Plus size={15} />,
      run: () => navigate('/metrics/new'),
    },
    {
      id: 'metric-catalogue',
      label: 'Add metrics from the catalogue',
      keywords: 'new predefined measure latency csat',
      icon: <Plus size={15} />,
      run: () => navigate('/metrics?catalogue=1'),
    },
    {
      id: 'rubric',
      label: 'Change the rubric',
      keywords: 'success failure rules pass metrics',
      icon: <ListChecks size={15} />,
      run: () => navigate('/metrics?tab=rubric'),
    },
  ]

  const actions: Command[] = [
    ...(canWrite ? additions : []),
    ...THEMES.map((theme) => ({
      id: `theme-${theme}`,
      label: `Theme: ${THEME_LABEL[theme].toLowerCase()}`,
      keywords: 'appearance colour color mode',
      icon: THEME_ICON[theme],
      run: () => setTheme(theme),
    })),
    {
      id: 'keyboard',
      label: 'Keyboard shortcuts',
      keywords: 'keys help',
      icon: <Keyboard size={15} />,
      hint: <Kbd keys="?" />,
      run: () => openOverlay('keyboard-sheet'),
    },
    {
      id: 'sign-out',
      label: 'Sign out',
      keywords: 'log out leave',
      icon: <LogOut size={15} />,
      run: () => signOut.mutate(undefined, { onSuccess: () => navigate('/sign-in') }),
    },
  ]

  return { pages, actions, goToCall: (id: number) => navigate(`/calls/${id}`) }
}

export function callCommands(calls: CallSummary[], goToCall: (id: number) => void): Command[] {
  return calls.map((call) => ({
    id: `call-${call.id}`,
    label: call.callId,
    icon: <AudioLines size={15} />,
    hint: (
      <>
        <span className="w-[120px] truncate max-sm:hidden">{call.agentName}</span>
        <span className="w-[98px] whitespace-nowrap max-sm:hidden">
          {formatDateTime(call.startedAt)}
        </span>
        <span className="w-[40px] text-right max-sm:hidden">
          {formatDuration(call.durationSeconds)}
        </span>
        <span className="sm:w-[142px]">
          <StatusBadge call={call} />
        </span>
      </>
    ),
    run: () => goToCall(call.id),
  }))
}
