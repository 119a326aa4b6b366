import type { ReactNode } from 'react'

export type EmptyStateProps = {
  title: string
  /** What this place is for, and what to do next. */
  children?: ReactNode
  /** Usually one button. */
  action?: ReactNode
}

/** There is nothing here, and that is not an error. */
export function EmptyState({ title, children, action }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-[420px] flex-col items-center px-[16px] py-[56px] text-center text-[13px]">
      <h2 className="text-[14px] font-semibold">{title}</h2>
      {children && (
        <div className="mt-[4px] leading-[20px] text-balance text-ink-soft">{children}</div>
      )}
      {action && <div className="mt-[16px] flex flex-wrap justify-center gap-[8px]">{action}</div>}
    </div>
  )
}
