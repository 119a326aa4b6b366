import { RotateCw } from 'lucide-react'
import { Button } from './button.tsx'

export type LoadErrorProps = {
  error: Error
  onRetry?: () => void
  /** What could not be loaded: "The calls could not be loaded". */
  title?: string
}

/** Stands where the content would be, says what went wrong, and offers to try again. */
export function LoadError({ error, onRetry, title = 'This could not be loaded' }: LoadErrorProps) {
  return (
    <div
      role="alert"
      className="mx-auto flex max-w-[460px] flex-col items-center px-[16px] py-[56px] text-center text-[13px]"
    >
      <h2 className="text-[14px] font-semibold">{title}</h2>
      <p className="mt-[4px] leading-[20px] text-balance break-words whitespace-pre-line text-ink-soft">
        {error.message}
      </p>
      {onRetry && (
        <Button className="mt-[16px]" icon={<RotateCw size={14} />} onClick={() => onRetry()}>
          Try again
        </Button>
      )}
    </div>
  )
}
