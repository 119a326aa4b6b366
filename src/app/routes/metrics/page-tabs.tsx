import { Link } from 'react-router'
import { classNames } from '../../ui/class-names.ts'

type PageTab = { id: string; label: string; to: string }

type PageTabsProps = { label: string; tabs: readonly PageTab[]; current: string }

/** Parts of a page, each with an address of its own: links, since that is what they do. */
export function PageTabs({ label, tabs, current }: PageTabsProps) {
  return (
    <nav
      aria-label={label}
      className="flex gap-[4px] overflow-x-auto border-b border-line px-[16px] max-md:px-[10px]"
    >
      {tabs.map(({ id, label: text, to }) => (
        <Link
          key={id}
          to={to}
          aria-current={id === current ? 'page' : undefined}
          className={classNames(
            '-mb-px flex h-[36px] items-center border-b-2 px-[8px] whitespace-nowrap focus-visible:-outline-offset-2',
            id === current
              ? 'border-accent font-medium text-ink'
              : 'border-transparent text-ink-soft hover:text-ink',
          )}
        >
          {text}
        </Link>
      ))}
    </nav>
  )
}
