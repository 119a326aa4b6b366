import { type ReactNode, useId } from 'react'

export type SectionProps = {
  title: string
  description?: ReactNode
  /** A button beside the title. */
  action?: ReactNode
  children?: ReactNode
}

/** One block of settings, a region of its own for screen readers. */
export function Section({ title, description, action, children }: SectionProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="border-b border-line py-[22px] last:border-b-0">
      <div className="flex items-start gap-[16px]">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="text-[14px] leading-[22px] font-semibold">
            {title}
          </h2>
          {description && <div className="leading-[20px] text-ink-soft">{description}</div>}
        </div>
        {action}
      </div>
      {children && <div className="mt-[14px]">{children}</div>}
    </section>
  )
}
