import { Plus } from 'lucide-react'
import { Link } from 'react-router'
import { useAgents } from '../../api/agents.ts'
import { buttonClass } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { curlCommand } from './curl-command.ts'
import { Section } from './section.tsx'

/** How a call gets in: by hand, by one request, or by a provider's webhook. */
export function FirstCallSection() {
  const { data: agents } = useAgents()
  const agent = agents?.find(({ isDemo }) => !isDemo) ?? agents?.[0]
  return (
    <Section
      title="Send a call"
      description="One request per finished call, with a recording, a transcript, or both. Leave out the lines you have nothing for."
      action={
        <Link to="?add=1" className={buttonClass()}>
          <Plus size={15} aria-hidden="true" />
          Add by hand
        </Link>
      }
    >
      <CodeBlock
        text={curlCommand({ origin: location.origin, agentId: agent?.id ?? null })}
        copyLabel="Copy the command"
      />
      <p className="mt-[8px] leading-[20px] text-ink-soft">
        {agent && (
          <>
            Agent {agent.id} is {agent.name}.{' '}
          </>
        )}
        Webhook addresses for Vapi, Retell and ElevenLabs are with each{' '}
        <Link to="/agents" className="text-accent underline underline-offset-2">
          agent
        </Link>
        . The whole API is described at{' '}
        <a href="/docs" className="text-accent underline underline-offset-2">
          /docs
        </a>
        .
      </p>
    </Section>
  )
}
