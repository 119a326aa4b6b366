import { TriangleAlert, Wrench } from 'lucide-react'
import { Link } from 'react-router'
import { Button, buttonClass } from '../../ui/button.tsx'

type BrokenFilterProps = {
  /** What is wrong, one line each. */
  messages: readonly string[]
  builderHref: string
  onDrop: () => void
}

/** Stands in the place of the calls while the filter of the address cannot be read: every call would be the wrong answer. */
export function BrokenFilter({ messages, builderHref, onDrop }: BrokenFilterProps) {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div
        role="alert"
        className="flex flex-wrap items-start gap-x-[12px] gap-y-[8px] border-b border-line bg-warn-soft px-[16px] py-[10px] text-[13px]"
      >
        <TriangleAlert size={16} aria-hidden="true" className="mt-[2px] shrink-0 text-warn" />
        <div className="min-w-[200px] flex-1 leading-[20px]">
          <p className="font-medium">The filter in this link cannot be read</p>
          <ul className="break-words text-ink-soft">
            {messages.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </div>
        <div className="flex gap-[6px]">
          <Link to={builderHref} className={buttonClass({ size: 'small' })}>
            <Wrench size={13} aria-hidden="true" />
            Repair in the builder
          </Link>
          <Button size="small" onClick={onDrop}>
            Drop the filter
          </Button>
        </div>
      </div>
      <p className="px-[16px] py-[40px] text-center text-[13px] text-ink-soft">
        No calls are shown until it is repaired or dropped.
      </p>
    </div>
  )
}
