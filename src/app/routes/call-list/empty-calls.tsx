import { Plus } from 'lucide-react'
import { Link, useSearchParams } from 'react-router'
import { useAgents } from '../../api/agents.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { buttonClass } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { curlCommand } from '../settings/curl-command.ts'

/** No call has arrived yet: how to get the first one here. */
export function EmptyCalls() {
  const [params] = useSearchParams()
  const canWrite = useCanWrite()
  const agentId = useAgents().data?.[0]?.id ?? null
  const withAddCall = new URLSearchParams(params)
  withAddCall.set('add', '1')
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <EmptyState
        title="No calls yet"
        action={
          <>
            {canWrite && (
              <Link to={`?${withAddCall}`} className={buttonClass({ variant: 'primary' })}>
                <Plus size={15} aria-hidden="true" />
                Add a call
              </Link>
            )}
            <Link to="/settings" className={buttonClass()}>
              Get an API key
            </Link>
          </>
        }
      >
        Calls appear here as they arrive. Add one by hand, or send it from your voice agent:
      </EmptyState>
      <div className="mx-auto -mt-[28px] max-w-[560px] px-[16px] pb-[40px]">
        <CodeBlock
          text={curlCommand({ origin: window.location.origin, agentId })}
          copyLabel="Copy the command"
        />
      </div>
    </div>
  )
}
