import { memo } from 'react'
import { classNames } from '../../ui/class-names.ts'
import type { CallColumn, ListColumn } from './columns.tsx'
import { GridCell } from './grid-elements.tsx'
import { SearchLine } from './lazy-search-line.tsx'
import { RowFrame, type RowFrameProps } from './row-frame.tsx'

type CallRowProps = Omit<RowFrameProps, 'children'> & {
  /** The same array for as long as the columns are the same. */
  columns: readonly ListColumn[]
}

/** One line of the table, drawn again only if its call, its place or the columns differ. */
export const CallRow = memo(function CallRow({ columns, ...frame }: CallRowProps) {
  const { call, searched } = frame
  return (
    <RowFrame
      {...frame}
      className={classNames(
        'grid grid-cols-(--call-columns) pr-[8px] pl-[34px]',
        searched && 'grid-rows-[minmax(0,1fr)_24px]',
      )}
    >
      {columns.map((column) => (
        <GridCell key={column.id} data-column={column.id} className={cellClass(column)}>
          {column.drawCell(call)}
        </GridCell>
      ))}
      {searched && (
        <GridCell className="col-span-full flex h-full min-w-0 items-start gap-[8px] px-[8px] text-[12px] leading-[16px] text-ink-soft">
          <SearchLine call={call} search={searched} />
        </GridCell>
      )}
    </RowFrame>
  )
})

function cellClass({ isText, isNumeric }: CallColumn): string {
  return classNames(
    'min-w-0 px-[8px]',
    isText ? 'truncate text-ink-soft' : 'flex h-full items-center overflow-hidden',
    isNumeric && 'text-right tabular-nums',
  )
}
