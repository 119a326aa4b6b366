import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useCreateAgent } from '../../api/agents.ts'
import { callQueries } from '../../api/calls.ts'
import { type FormErrors, toFormErrors } from '../../api/field-errors.ts'
import { observeCall } from '../../api/observe-call.ts'
import {
  type AddCallDraft,
  type AddCallField,
  FIELD_OF,
  toObserveFields,
} from './add-call-draft.ts'

export type UploadProgress = { sentBytes: number; totalBytes: number }

type SubmitOptions = {
  /** A new agent was made on the way: it must not be made again if the call itself is refused. */
  onAgentCreated: (agentId: number) => void
  onStored: (callId: number) => void
}

/** Sends the form: first its new agent, if any, then the call, with progress and a way to stop. */
export function useSubmitCall({ onAgentCreated, onStored }: SubmitOptions) {
  const client = useQueryClient()
  const createAgent = useCreateAgent()
  const [progress, setProgress] = useState<UploadProgress | null>(null)
  const [localErrors, setLocalErrors] = useState<FormErrors<AddCallField>['fields']>({})
  const abort = useRef<AbortController>(null)

  const { mutate, error, isPending } = useMutation({
    mutationFn: async (input: { draft: AddCallDraft; fields: Record<string, string> }) => {
      const { draft, fields } = input
      abort.current = new AbortController()
      const agent = await agentOf(draft)
      return observeCall({
        fields: { ...fields, agent: String(agent) },
        file: draft.recording,
        onProgress: setProgress,
        signal: abort.current.signal,
      })
    },
    onSuccess: ({ id }) => {
      void client.invalidateQueries({ queryKey: callQueries.all() })
      onStored(id)
    },
    onSettled: () => setProgress(null),
  })

  const agentOf = async (draft: AddCallDraft) => {
    if (draft.agent !== 'new') return draft.agent
    const agent = await createAgent.mutateAsync({ name: draft.newAgentName })
    onAgentCreated(agent.id)
    return agent.id
  }

  const submit = (draft: AddCallDraft) => {
    const result = toObserveFields(draft)
    setLocalErrors(result.ok ? {} : result.errors)
    if (result.ok) mutate({ draft, fields: result.fields })
  }

  const isCancelled = error instanceof DOMException && error.name === 'AbortError'
  const refused = toFormErrors(isCancelled ? null : error, FIELD_OF)
  return {
    submit,
    cancel: () => abort.current?.abort(),
    isSending: isPending,
    progress,
    errors: {
      fields: { ...refused.fields, ...localErrors },
      general: Object.keys(localErrors).length > 0 ? null : refused.general,
    },
  }
}
