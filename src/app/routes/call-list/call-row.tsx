import { FlexRender } from '@tanstack/react-table'
import { memo } from 'react'
import { classNames } from '../../ui/class-names.ts'
import type { CallColumnMeta } from './columns.tsx'
import { GridCell } from './grid-elements.tsx'
import { RowFrame, type RowFrameProps } from './row-frame.tsx'
import type { CallTableRow } from './use-call-table.ts'

type CallRowProps = Omit<RowFrameProps, 'call' | 'children'> & {
  row: CallTableRow
  /** Changes with the set and order of columns, which a row cannot see in itself. */
  columnsKey: string
}

/**
 * One line of the table. The table makes new row objects whenever the window moves; a line is drawn
 * again only if its call, its place or the columns differ.
 */
export const CallRow = memo(
  function CallRow({ row, columnsKey: _, ...frame }: CallRowProps) {
    return (
      <RowFrame {...frame} call={row.original} className="grid grid-cols-(--call-columns) px-[8px]">
        {row.getVisibleCells().map((cell) => (
          <GridCell key={cell.column.id} className={cellClass(cell.column.columnDef.meta)}>
            <FlexRender cell={cell} />
          </GridCell>
        ))}
      </RowFrame>
    )
  },
  (before, after) => {
    const { row: rowBefore, ...propsBefore } = before
    const { row: rowAfter, ...propsAfter } = after
    return rowBefore.original === rowAfter.original && areEqual(propsBefore, propsAfter)
  },
)

function areEqual<Props extends object>(before: Props, after: Props): boolean {
  const names = Object.keys(after) as (keyof Props)[]
  return names.every((name) => Object.is(before[name], after[name]))
}

function cellClass({ isText, isNumeric }: CallColumnMeta = {}): string {
  return classNames(
    'min-w-0 px-[8px]',
    isText ? 'truncate text-ink-soft' : 'flex h-full items-center overflow-hidden',
    isNumeric && 'text-right tabular-nums',
  )
}
