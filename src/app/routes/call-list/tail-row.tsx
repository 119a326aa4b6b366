import { RotateCw } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { GridCell, GridRow } from './grid-elements.tsx'

export type MoreRows = {
  hasMore: boolean
  isLoading: boolean
  error: Error | null
  load: () => void
}

type TailRowProps = {
  top: number
  height: number
  /** For the first of them, which tells of an error. */
  more: MoreRows | null
}

/** A row that is not loaded yet. */
export function TailRow({ top, height, more }: TailRowProps) {
  const style = { height, transform: `translateY(${top}px)` }
  if (more?.error) {
    return (
      <GridRow style={style} className="absolute inset-x-0 top-0">
        <GridCell className="flex h-full items-center gap-[12px] px-[16px]">
          <span className="min-w-0 truncate text-fail">{more.error.message}</span>
          <Button size="small" icon={<RotateCw size={13} />} onClick={more.load}>
            Load more
          </Button>
        </GridCell>
      </GridRow>
    )
  }
  return (
    <div
      aria-hidden="true"
      style={style}
      className="absolute inset-x-0 top-0 flex items-center gap-[24px] border-b border-line/70 px-[16px]"
    >
      <Skeleton className="h-[10px] w-[90px]" />
      <Skeleton className="h-[10px] w-[18%]" />
      <Skeleton className="h-[10px] w-[14%]" />
      <Skeleton className="ml-auto h-[10px] w-[70px]" />
    </div>
  )
}
