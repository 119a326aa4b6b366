import { Filter, FilterX } from 'lucide-react'
import type { FilterGroup } from '#contract/filter.ts'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { ColumnId } from '../../view-state/column-preferences.ts'
import { cellFilters, rowFilters } from './cell-filters.ts'
import type { CellMenuTarget } from './cell-target.ts'

type CellMenuProps = {
  target: CellMenuTarget
  /** Those that show, in their order. */
  columns: readonly ColumnId[]
  onFilter: (apply: (filter: FilterGroup) => FilterGroup) => void
  onClose: () => void
}

const ICON = { include: <Filter size={14} />, exclude: <FilterX size={14} /> }

/** What the filter can take from a cell, or from a whole row. */
export function CellMenu({ target, columns, onFilter, onClose }: CellMenuProps) {
  const { call, column, kind, x, y } = target
  const filters = (column ? cellFilters(call, column) : rowFilters(call, columns)).filter(
    (filter) => kind === null || filter.kind === kind,
  )
  return (
    <Menu
      isOpen
      onOpenChange={(isOpen) => !isOpen && onClose()}
      trigger={
        <button
          type="button"
          tabIndex={-1}
          aria-label="Filter by this call"
          style={{ left: x, top: y }}
          className="pointer-events-none fixed size-px opacity-0"
        />
      }
    >
      {filters.map((filter) => (
        <MenuItem
          key={filter.label}
          icon={ICON[filter.kind]}
          onSelect={() => onFilter(filter.apply)}
        >
          {filter.label}
        </MenuItem>
      ))}
    </Menu>
  )
}
