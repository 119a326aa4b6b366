import { useId } from 'react'
import { classNames } from './class-names.ts'

export type ProgressBarProps = {
  label: string
  isLabelHidden?: boolean
  /** 0 to 1; null while nobody knows. */
  progress: number | null
  /** In words: "312 of 1,000". Shown at the right and read out. */
  valueText?: string
  tone?: 'accent' | 'pass' | 'fail'
}

const TONE = { accent: 'bg-accent', pass: 'bg-pass', fail: 'bg-fail' }

/** How far something has come. */
export function ProgressBar(props: ProgressBarProps) {
  const { label, isLabelHidden = false, progress, valueText, tone = 'accent' } = props
  const id = useId()
  const percent = progress === null ? null : Math.round(Math.min(1, Math.max(0, progress)) * 100)
  return (
    <div className="flex min-w-0 flex-col gap-[4px] text-[13px]">
      <div className={classNames('flex gap-[12px]', isLabelHidden && !valueText && 'sr-only')}>
        <span id={id} className={classNames('min-w-0 flex-1', isLabelHidden && 'sr-only')}>
          {label}
        </span>
        {valueText && <span className="ml-auto text-ink-soft tabular-nums">{valueText}</span>}
      </div>
      <div
        role="progressbar"
        aria-labelledby={id}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent ?? undefined}
        aria-valuetext={valueText}
        className="h-[6px] overflow-hidden rounded-full bg-line"
      >
        <div
          style={{ width: `${percent ?? 30}%` }}
          className={classNames(
            'h-full rounded-full transition-[width] duration-200',
            TONE[tone],
            percent === null && 'animate-pulse',
          )}
        />
      </div>
    </div>
  )
}
