import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { RunRequest, StabilityCheck } from '#contract/evaluation-run.ts'
import { judgingApi } from '#contract/judging-api.ts'
import { callQueries } from './calls.ts'
import { request } from './request.ts'

/** Between two looks at a check that goes on. */
const CHECK_POLL_MS = 700

export type CallVerdicts = z.output<(typeof judgingApi.listVerdicts)['output']>

export type HistoryRequest = { callId: number; metricId: number }

export const verdictQueries = {
  /** Below the calls, so that whatever reads calls again reads their results again too. */
  all: () => [...callQueries.all(), 'verdicts'] as const,

  /** Every metric of a call with its result or the reason for none, what the rubric said, and what the judge is. */
  ofCall: (callId: number) =>
    queryOptions({
      queryKey: [...verdictQueries.all(), callId] as const,
      queryFn: ({ signal }) => request(judgingApi.listVerdicts, { params: { id: callId }, signal }),
    }),

  /** Newest first, at most 100. */
  history: ({ callId, metricId }: HistoryRequest) =>
    queryOptions({
      queryKey: [...verdictQueries.all(), callId, 'history', metricId] as const,
      queryFn: async ({ signal }) =>
        (await request(judgingApi.listVerdictHistory, { params: { id: callId, metricId }, signal }))
          .items,
    }),

  /** What a rerun turned; ask once it has ended. */
  flips: (runId: number) =>
    queryOptions({
      queryKey: ['run-flips', runId] as const,
      queryFn: ({ signal }) => request(judgingApi.listFlips, { params: { id: runId }, signal }),
    }),

  estimate: (body: RunRequest) =>
    queryOptions({
      queryKey: ['run-estimate', body] as const,
      queryFn: ({ signal }) => request(judgingApi.estimateRun, { body, signal }),
    }),

  /** Asked again and again while it goes on. */
  stabilityCheck: (id: number) =>
    queryOptions({
      queryKey: ['stability-checks', id] as const,
      queryFn: ({ signal }) => request(judgingApi.getStabilityCheck, { params: { id }, signal }),
      refetchInterval: ({ state }) => (state.data?.state === 'running' ? CHECK_POLL_MS : false),
    }),
}

export type StabilityRequest = { callId: number; metricId: number; times: number }

export function useStartStabilityCheck() {
  const putCheck = usePutCheck()
  return useMutation({
    mutationFn: ({ callId, metricId, times }: StabilityRequest) =>
      request(judgingApi.startStabilityCheck, {
        params: { id: callId },
        body: { metricId, times },
      }),
    onSuccess: putCheck,
  })
}

export function useCancelStabilityCheck() {
  const putCheck = usePutCheck()
  return useMutation({
    mutationFn: (id: number) => request(judgingApi.cancelStabilityCheck, { params: { id } }),
    onSuccess: putCheck,
  })
}

function usePutCheck() {
  const client = useQueryClient()
  return (check: StabilityCheck) =>
    client.setQueryData(verdictQueries.stabilityCheck(check.id).queryKey, check)
}
