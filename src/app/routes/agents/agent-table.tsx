import { type Column, type SortingState, useTable } from '@tanstack/react-table'
import { type ReactNode, useState } from 'react'
import type { Agent } from '#contract/agent.ts'
import { countOf } from '../../format/count.ts'
import { classNames } from '../../ui/class-names.ts'
import { ARIA_SORT, SortArrow } from '../../ui/sort-arrow.tsx'
import { NARROW, useMediaQuery } from '../../ui/use-media-query.ts'
import { AGENT_COLUMNS, agentTableFeatures } from './agent-columns.tsx'
import { AgentLink, CallsLink } from './agent-links.tsx'
import { DIRECTION_SHORT, toDirection } from './direction.ts'
import { providerLabel } from './providers.ts'

const HEAD = 'h-[30px] px-[12px] text-[12px] font-medium first:pl-[20px]'
const CELL = 'px-[12px] py-[7px] first:pl-[20px] last:pr-[20px]'

const BY_NAME: SortingState = [{ id: 'name', desc: false }]

/** Columns whose figures stand below each other. */
const NUMERIC: ReadonlySet<string> = new Set(['callCount'])

type AgentTableProps = { agents: readonly Agent[] }

/** A table, or on a narrow screen a list of cards. */
export function AgentTable({ agents }: AgentTableProps) {
  const isNarrow = useMediaQuery(NARROW)
  if (!isNarrow) return <WideTable agents={agents} />
  return (
    <ul>
      {agents.map((agent) => (
        <AgentCard key={agent.id} agent={agent} />
      ))}
    </ul>
  )
}

/** All agents are here, so the table itself sorts them. */
function WideTable({ agents }: AgentTableProps) {
  const [sorting, setSorting] = useState(BY_NAME)
  const table = useTable({
    features: agentTableFeatures,
    columns: AGENT_COLUMNS,
    data: agents,
    getRowId: (agent) => String(agent.id),
    state: { sorting },
    onSortingChange: setSorting,
    enableMultiSort: false,
    // There is always an order, and the header says which.
    enableSortingRemoval: false,
  })
  return (
    <table className="w-full border-collapse">
      <thead>
        {table.getHeaderGroups().map((group) => (
          <tr key={group.id} className="border-b border-line">
            {group.headers.map((header) => (
              <HeaderCell key={header.id} column={header.column}>
                <table.FlexRender header={header} />
              </HeaderCell>
            ))}
          </tr>
        ))}
      </thead>
      <tbody>
        {table.getRowModel().rows.map((row) => (
          <tr key={row.id} className="relative h-[42px] border-b border-line hover:bg-hover">
            {row.getAllCells().map((cell) => (
              <td
                key={cell.id}
                className={classNames(
                  CELL,
                  NUMERIC.has(cell.column.id) && 'text-right tabular-nums',
                )}
              >
                <table.FlexRender cell={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

type HeaderCellProps = { column: Column<typeof agentTableFeatures, Agent>; children: ReactNode }

/** A column's name; a button where the table can be sorted by it. */
function HeaderCell({ column, children }: HeaderCellProps) {
  const direction = column.getIsSorted()
  const isNumeric = NUMERIC.has(column.id)
  const canSort = column.getCanSort()
  return (
    <th
      scope="col"
      aria-sort={canSort ? (direction ? ARIA_SORT[direction] : 'none') : undefined}
      className={classNames(
        HEAD,
        isNumeric ? 'text-right' : 'text-left',
        direction ? 'text-ink' : 'text-ink-faint',
      )}
    >
      {canSort ? (
        <button
          type="button"
          onClick={() => column.toggleSorting()}
          className={classNames(
            'group/sort -mx-[4px] inline-flex h-[24px] items-center gap-[3px] rounded-[4px] px-[4px] hover:text-ink focus-visible:-outline-offset-1',
            // The arrow on the inner side, so that the name stays flush with its figures.
            isNumeric && 'flex-row-reverse',
          )}
        >
          {children}
          <SortArrow direction={direction} />
        </button>
      ) : (
        children
      )}
    </th>
  )
}

function AgentCard({ agent }: { agent: Agent }) {
  const facts = [providerLabel(agent.provider), DIRECTION_SHORT[toDirection(agent.isInbound)]]
  return (
    <li className="relative flex min-h-[56px] items-center gap-[12px] border-b border-line px-[14px] py-[8px]">
      <div className="min-w-0 flex-1">
        <AgentLink agent={agent} />
        <p className="text-[12px] text-ink-faint">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <CallsLink agent={agent} text={countOf(agent.callCount, 'call')} />
    </li>
  )
}
