import type { ReactNode } from 'react'

export type EmptyStateProps = {
  title: string
  /** 1 where this is all that the page says. */
  headingLevel?: 1 | 2
  /** What this place is for, and what to do next. */
  children?: ReactNode
  /** Usually one button. */
  action?: ReactNode
}

/** There is nothing here, and that is not an error. */
export function EmptyState({ title, headingLevel = 2, children, action }: EmptyStateProps) {
  const Heading = headingLevel === 1 ? 'h1' : 'h2'
  return (
    <div className="mx-auto flex max-w-[420px] flex-col items-center px-[16px] py-[56px] text-center text-[13px]">
      <Heading className="text-[14px] font-semibold">{title}</Heading>
      {children && (
        <div className="mt-[4px] leading-[20px] text-balance text-ink-soft">{children}</div>
      )}
      {action && <div className="mt-[16px] flex flex-wrap justify-center gap-[8px]">{action}</div>}
    </div>
  )
}
