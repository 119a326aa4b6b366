import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  tableFeatures,
} from '@tanstack/react-table'
import type { Agent } from '#contract/agent.ts'
import { formatCount } from '../../format/count.ts'
import { formatFullDateTime, formatRelative } from '../../format/date.ts'
import { UNKNOWN } from '../../format/duration.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { AgentLink, CallsLink } from './agent-links.tsx'
import { DIRECTION_SHORT, toDirection } from './direction.ts'
import { providerLabel } from './providers.ts'

export const agentTableFeatures = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
})

const column = createColumnHelper<typeof agentTableFeatures, Agent>()

type Sortable = { getValue: <Value>(columnId: string) => Value }

/** As people read: "agent 2" before "agent 10", capitals beside small letters. */
const READING_ORDER = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })

const asText = {
  sortFn: (a: Sortable, b: Sortable, id: string) =>
    READING_ORDER.compare(a.getValue<string>(id), b.getValue<string>(id)),
  sortDescFirst: false,
  // What is not known is of no interest in either direction.
  sortUndefined: 'last',
} as const

const asNumber = {
  sortFn: (a: Sortable, b: Sortable, id: string) => a.getValue<number>(id) - b.getValue<number>(id),
  sortDescFirst: true,
} as const

/** The first press on a text sorts from A to Z, on a figure or a time from the most or the latest. */
export const AGENT_COLUMNS = column.columns([
  column.accessor('name', {
    header: 'Name',
    ...asText,
    cell: ({ row }) => <AgentLink agent={row.original} />,
  }),
  column.accessor((agent) => known(providerLabel(agent.provider)), {
    id: 'provider',
    header: 'Provider',
    ...asText,
    cell: ({ getValue }) => getValue() ?? <Unknown />,
  }),
  column.accessor((agent) => known(DIRECTION_SHORT[toDirection(agent.isInbound)]), {
    id: 'direction',
    header: 'Direction',
    ...asText,
    cell: ({ getValue }) => getValue() ?? <Unknown />,
  }),
  column.accessor((agent) => known(agent.language), {
    id: 'language',
    header: 'Language',
    ...asText,
    cell: ({ getValue }) => getValue() ?? <Unknown />,
  }),
  column.accessor('assistantId', {
    header: 'Assistant id',
    enableSorting: false,
    cell: ({ getValue }) => (getValue() ? <AssistantId id={getValue()} /> : <Unknown />),
  }),
  column.accessor('callCount', {
    header: 'Calls',
    ...asNumber,
    cell: ({ row, getValue }) => <CallsLink agent={row.original} text={formatCount(getValue())} />,
  }),
  column.accessor((agent) => Date.parse(agent.updatedAt), {
    id: 'updatedAt',
    header: 'Changed',
    ...asNumber,
    cell: ({ row }) => <ChangedAt time={row.original.updatedAt} />,
  }),
])

function known(text: string): string | undefined {
  return text === '' ? undefined : text
}

function AssistantId({ id }: { id: string }) {
  return (
    <span className="inline-flex items-center gap-[2px]">
      <span className="inline-block max-w-[180px] truncate font-mono text-[12px]">{id}</span>
      <span className="relative z-1">
        <CopyButton text={id} label="Copy assistant id" />
      </span>
    </span>
  )
}

function ChangedAt({ time }: { time: string }) {
  return (
    <time
      dateTime={time}
      title={formatFullDateTime(time)}
      className="whitespace-nowrap text-ink-soft"
    >
      {formatRelative(time)}
    </time>
  )
}

function Unknown() {
  return <span className="text-ink-faint">{UNKNOWN}</span>
}
