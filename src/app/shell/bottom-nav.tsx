import { Plus, Search } from 'lucide-react'
import { NavLink } from 'react-router'
import { useCanWrite } from '../api/use-can-write.ts'
import { classNames } from '../ui/class-names.ts'
import { ActivityButton } from './activity-button.tsx'
import { NAV_ITEMS } from './nav-items.ts'
import { openOverlay } from './overlays.ts'
import { useAddCall } from './use-add-call.ts'
import { useNavHref } from './use-nav-href.ts'

const CELL =
  'flex min-w-0 flex-1 flex-col items-center justify-center gap-[2px] text-[11px] leading-[14px] text-ink-faint'

/** The navigation below 768 px: a bar within reach of the thumb. */
export function BottomNav() {
  const addCall = useAddCall()
  const canWrite = useCanWrite()
  const hrefOf = useNavHref()
  return (
    <nav
      aria-label="Pages"
      className="flex h-[52px] shrink-0 border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {NAV_ITEMS.map(({ to, label, Icon }) => (
        <NavLink
          key={to}
          to={hrefOf(to)}
          className={({ isActive }) => classNames(CELL, isActive && 'text-accent')}
        >
          <Icon size={18} />
          {label}
        </NavLink>
      ))}
      <button type="button" onClick={() => openOverlay('palette')} className={CELL}>
        <Search size={18} />
        Search
      </button>
      {canWrite && (
        <button type="button" onClick={addCall.open} className={CELL}>
          <Plus size={18} />
          Add call
        </button>
      )}
      <ActivityButton side="top" className={CELL}>
        {(text) => text}
      </ActivityButton>
    </nav>
  )
}
