import { Bookmark, Keyboard, PanelLeft, Plus, Search } from 'lucide-react'
import { Fragment, type ReactElement } from 'react'
import { Link, NavLink } from 'react-router'
import { useCanWrite } from '../api/use-can-write.ts'
import { IconButton } from '../ui/button.tsx'
import { classNames } from '../ui/class-names.ts'
import { Kbd } from '../ui/kbd.tsx'
import { Logo } from '../ui/logo.tsx'
import { useTheme } from '../ui/theme.ts'
import { THEME_ICON } from '../ui/theme-icon.tsx'
import { Tooltip } from '../ui/tooltip.tsx'
import { useMediaQuery } from '../ui/use-media-query.ts'
import { ActivityButton } from './activity-button.tsx'
import { NAV_ITEMS } from './nav-items.ts'
import { openOverlay } from './overlays.ts'
import { ThemeMenu } from './theme-menu.tsx'
import { useAddCall } from './use-add-call.ts'
import { useNavHref } from './use-nav-href.ts'
import { useNavWidth } from './use-nav-width.ts'
import { ViewLinks } from './view-links.tsx'

const ROW =
  'flex h-[30px] w-full items-center gap-[9px] rounded-[6px] px-[8px] text-[13px] text-ink-soft hover:bg-ink/5 hover:text-ink'

/** From here on the names of pages have room. Tailwind's `lg`. */
const WIDE = '(width >= 64rem)'

/** The navigation from 768 px up: full, or a rail of icons by choice and below 1024 px. */
export function SideNav() {
  const { isCollapsed, toggle } = useNavWidth()
  const addCall = useAddCall()
  const canWrite = useCanWrite()
  const hrefOf = useNavHref()
  const isWide = useMediaQuery(WIDE)
  const [theme] = useTheme()
  return (
    <header
      data-collapsed={isCollapsed || undefined}
      className="group/nav flex w-[196px] shrink-0 flex-col border-r border-line bg-canvas p-[8px] max-lg:w-[47px] max-md:hidden data-collapsed:w-[47px]"
    >
      <Link
        to="/calls"
        aria-label="Talktrack, to the calls"
        className="flex h-[34px] items-center gap-[9px] rounded-[6px] px-[5px] text-[14px] font-semibold tracking-[-0.01em]"
      >
        <Logo />
        <RowText>Talktrack</RowText>
      </Link>

      <div className="mt-[8px] flex flex-col gap-[2px]">
        <Row label="Search" shortcut="mod+K" onClick={() => openOverlay('palette')}>
          <Search size={15} />
        </Row>
        {canWrite && (
          <Row label="Add call" onClick={addCall.open}>
            <Plus size={15} />
          </Row>
        )}
      </div>

      <nav aria-label="Pages" className="mt-[14px] flex min-h-0 flex-col gap-[2px] overflow-y-auto">
        {NAV_ITEMS.map(({ to, label, Icon }) => (
          <Fragment key={to}>
            <RailTooltip label={label}>
              <NavLink
                to={hrefOf(to)}
                className={({ isActive }) => classNames(ROW, isActive && 'bg-ink/6 text-ink')}
              >
                <Icon size={15} className="shrink-0" />
                <RowText>{label}</RowText>
              </NavLink>
            </RailTooltip>
            {to === '/calls' && (
              <>
                {isWide && !isCollapsed && <ViewLinks />}
                <Row label="All views" shortcut="v" onClick={() => openOverlay('views')}>
                  <Bookmark size={15} />
                </Row>
              </>
            )}
          </Fragment>
        ))}
      </nav>

      <div className="mt-auto pt-[8px]">
        <ActivityButton side="right" className={ROW}>
          {(text) => <RowText>{text}</RowText>}
        </ActivityButton>
      </div>
      <div className="flex flex-wrap gap-[2px] max-lg:flex-col group-data-collapsed/nav:flex-col">
        <ThemeMenu
          trigger={
            <IconButton label="Theme" tooltipSide="right">
              {THEME_ICON[theme]}
            </IconButton>
          }
        />
        <IconButton
          label="Keyboard shortcuts"
          shortcut="?"
          tooltipSide="right"
          onClick={() => openOverlay('keyboard-sheet')}
        >
          <Keyboard size={15} />
        </IconButton>
        <IconButton
          label={isCollapsed ? 'Widen the navigation' : 'Narrow the navigation'}
          tooltipSide="right"
          className="ml-auto max-lg:hidden group-data-collapsed/nav:ml-0"
          onClick={toggle}
        >
          <PanelLeft size={15} />
        </IconButton>
      </div>
    </header>
  )
}

function Row({
  label,
  shortcut,
  onClick,
  children,
}: {
  label: string
  shortcut?: string
  onClick: () => void
  children: ReactElement
}) {
  return (
    <RailTooltip label={label} shortcut={shortcut}>
      <button type="button" onClick={onClick} className={ROW}>
        <span className="shrink-0">{children}</span>
        <RowText>{label}</RowText>
        {shortcut && (
          <span className="ml-auto max-lg:hidden group-data-collapsed/nav:hidden">
            <Kbd keys={shortcut} />
          </span>
        )}
      </button>
    </RailTooltip>
  )
}

/** Hidden from sight in the rail, where a tooltip takes over; the accessible name stays. */
function RowText({ children }: { children: string }) {
  return (
    <span className="truncate max-lg:sr-only group-data-collapsed/nav:sr-only">{children}</span>
  )
}

function RailTooltip({
  label,
  shortcut,
  children,
}: {
  label: string
  shortcut?: string
  children: ReactElement
}) {
  return (
    <Tooltip label={label} shortcut={shortcut} side="right">
      {children}
    </Tooltip>
  )
}
