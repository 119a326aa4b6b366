import { Plus } from 'lucide-react'
import { useNavigate, useSearchParams } from 'react-router'
import { useAgents } from '../../api/agents.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { Page } from '../../ui/page.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { AgentPanel } from './agent-panel.tsx'
import { AgentTable } from './agent-table.tsx'

/** Every voice agent, and one of them open beside the list: `?edit=<id>` or `?new=1`. */
export function AgentsPage() {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const { data: agents, error, refetch } = useAgents()

  const isNew = params.get('new') === '1'
  const edited = agents?.find((agent) => String(agent.id) === params.get('edit'))
  const close = () => navigate('/agents', { replace: true })

  const addButton = (
    <Button
      variant="primary"
      icon={<Plus size={15} />}
      onClick={() => navigate('/agents?new=1', { replace: isNew })}
    >
      Add agent
    </Button>
  )

  return (
    <Page title="Agents" aside={agents && agents.length > 0 && agents.length} actions={addButton}>
      {!agents && !error && <SkeletonRows rows={4} rowHeight={44} label="Loading the agents" />}
      {!agents && error && (
        <LoadError title="The agents could not be loaded" error={error} onRetry={refetch} />
      )}
      {agents?.length === 0 && (
        <EmptyState title="No agents yet" action={addButton}>
          An agent is one of your voice AIs. Its assistant id tells Talktrack whose a call is, and
          its prompt what the call should have been like.
        </EmptyState>
      )}
      {agents && agents.length > 0 && <AgentTable agents={agents} />}
      {(isNew || edited) && (
        <AgentPanel key={edited?.id ?? 'new'} agent={edited ?? null} onClose={close} />
      )}
    </Page>
  )
}
