import { Link } from 'react-router'
import type { Agent } from '#contract/agent.ts'
import { countOf } from '../../format/count.ts'
import { Badge } from '../../ui/badge.tsx'

/** Its hit area is the whole row; other links of the row lie above it. */
export function AgentLink({ agent }: { agent: Agent }) {
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

/** To the calls of an agent. */
export function CallsLink({ agent, text }: { agent: Agent; text: string }) {
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
