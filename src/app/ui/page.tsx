import type { ReactNode } from 'react'
import { classNames } from './class-names.ts'

export type PageProps = {
  title: string
  /** Beside the title: a count, a badge. */
  aside?: ReactNode
  /** Buttons at the right of the title. */
  actions?: ReactNode
  /** `reading` keeps lines short. */
  width?: 'reading' | 'full'
  children: ReactNode
}

/** A page that scrolls as a whole, under a title bar that stays. */
export function Page({ title, aside, actions, width = 'full', children }: PageProps) {
  return (
    <main className="flex min-h-full flex-col">
      <header className="sticky top-0 z-10 flex min-h-[50px] items-center gap-[10px] border-b border-line bg-canvas px-[20px] py-[9px] max-md:px-[14px]">
        <h1 className="text-[15px] font-semibold">{title}</h1>
        {aside && <span className="text-[13px] text-ink-faint tabular-nums">{aside}</span>}
        {actions && <div className="ml-auto flex items-center gap-[8px]">{actions}</div>}
      </header>
      <div
        className={classNames(
          'flex-1 text-[13px]',
          width === 'reading' && 'w-full max-w-[760px] px-[20px] max-md:px-[14px]',
        )}
      >
        {children}
      </div>
    </main>
  )
}
