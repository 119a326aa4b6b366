import { classNames } from './class-names.ts'

/** A grey bar in the size of what is coming, given by `className`. Silent for screen readers. */
export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden="true"
      className={classNames('block animate-pulse rounded-[4px] bg-line/70', className)}
    />
  )
}

export type SkeletonRowsProps = { rows: number; rowHeight: number; label?: string }

/** Rows of a list that is loading. */
export function SkeletonRows({ rows, rowHeight, label = 'Loading' }: SkeletonRowsProps) {
  return (
    <div role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and never move
          key={index}
          style={{ height: rowHeight }}
          className="flex items-center gap-[24px] border-b border-line px-[16px]"
        >
          <Skeleton className={classNames('h-[10px]', index % 3 === 0 ? 'w-[22%]' : 'w-[17%]')} />
          <Skeleton className="h-[10px] w-[12%]" />
          <Skeleton className={classNames('h-[10px]', index % 2 === 0 ? 'w-[26%]' : 'w-[20%]')} />
          <Skeleton className="ml-auto h-[10px] w-[8%]" />
        </div>
      ))}
    </div>
  )
}
