import { Link } from 'react-router'
import type { Agent } from '#contract/agent.ts'
import { countOf, formatCount } from '../../format/count.ts'
import { formatFullDateTime, formatRelative } from '../../format/date.ts'
import { UNKNOWN } from '../../format/duration.ts'
import { Badge } from '../../ui/badge.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { NARROW, useMediaQuery } from '../../ui/use-media-query.ts'
import { DIRECTION_SHORT, toDirection } from './direction.ts'
import { providerLabel } from './providers.ts'

const HEAD = 'h-[30px] px-[12px] text-left text-[12px] font-medium text-ink-faint first:pl-[20px]'
const CELL = 'px-[12px] py-[7px] first:pl-[20px] last:pr-[20px]'

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

function WideTable({ agents }: AgentTableProps) {
  return (
    <table className="w-full border-collapse">
      <thead>
        <tr className="border-b border-line">
          <th scope="col" className={HEAD}>
            Name
          </th>
          <th scope="col" className={HEAD}>
            Provider
          </th>
          <th scope="col" className={HEAD}>
            Direction
          </th>
          <th scope="col" className={HEAD}>
            Assistant id
          </th>
          <th scope="col" className={`${HEAD} text-right`}>
            Calls
          </th>
          <th scope="col" className={HEAD}>
            Changed
          </th>
        </tr>
      </thead>
      <tbody>
        {agents.map((agent) => (
          <AgentRow key={agent.id} agent={agent} />
        ))}
      </tbody>
    </table>
  )
}

function AgentRow({ agent }: { agent: Agent }) {
  return (
    <tr className="relative h-[42px] border-b border-line hover:bg-hover">
      <td className={CELL}>
        <AgentLink agent={agent} />
      </td>
      <td className={CELL}>{providerLabel(agent.provider) || <Unknown />}</td>
      <td className={CELL}>{DIRECTION_SHORT[toDirection(agent.isInbound)] || <Unknown />}</td>
      <td className={CELL}>{agent.assistantId ? <AssistantId agent={agent} /> : <Unknown />}</td>
      <td className={`${CELL} text-right tabular-nums`}>
        <CallsLink agent={agent} text={formatCount(agent.callCount)} />
      </td>
      <td className={`${CELL} whitespace-nowrap text-ink-soft`}>
        <time dateTime={agent.updatedAt} title={formatFullDateTime(agent.updatedAt)}>
          {formatRelative(agent.updatedAt)}
        </time>
      </td>
    </tr>
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

/** Its hit area is the whole row; other links of the row lie above it. */
function AgentLink({ agent }: { agent: Agent }) {
  return (
    <span className="inline-flex max-w-full items-center gap-[8px]">
      <Link
        to={`/agents?edit=${agent.id}`}
        className="truncate font-medium after:absolute after:inset-0 after:content-['']"
      >
        {agent.name}
      </Link>
      {agent.isDemo && <Badge>Demo</Badge>}
    </span>
  )
}

function AssistantId({ agent }: { agent: Agent }) {
  return (
    <span className="inline-flex items-center gap-[2px]">
      <span className="inline-block max-w-[180px] truncate font-mono text-[12px]">
        {agent.assistantId}
      </span>
      <span className="relative z-1">
        <CopyButton text={agent.assistantId} label="Copy assistant id" />
      </span>
    </span>
  )
}

function CallsLink({ agent, text }: { agent: Agent; text: string }) {
  return (
    <Link
      to={`/calls?agentId=${agent.id}`}
      aria-label={`${countOf(agent.callCount, 'call')} of ${agent.name}`}
      className="relative z-1 inline-flex min-h-[24px] items-center text-accent tabular-nums hover:underline"
    >
      {text}
    </Link>
  )
}

function Unknown() {
  return <span className="text-ink-faint">{UNKNOWN}</span>
}
