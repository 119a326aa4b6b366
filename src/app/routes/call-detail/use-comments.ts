import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import type { CallDetail } from '#contract/call.ts'
import type { CallComment } from '#contract/comment.ts'
import {
  commentQueries,
  useChangeComment,
  useDeleteComment,
  useRestoreComment,
} from '../../api/comments.ts'
import { useLiveCalls } from '../../api/live-calls.ts'
import type { Playback } from '../../player/playback.ts'
import { findRow, type PointedRow, type Timeline } from '../../player/timeline.ts'
import { showToast } from '../../ui/toast.tsx'
import {
  type Draft,
  type DraftKey,
  type Drafts,
  unresolvedThreads,
  withDraft,
} from './comment-drafts.ts'
import { type CommentPlace, type Thread, toThreads, WHOLE_CALL } from './comment-threads.ts'
import { selectedRowIndex } from './selected-row.ts'
import { useCommentForm } from './use-comment-form.ts'

type UseCommentsOptions = { call: CallDetail; playback: Playback; timeline: Timeline }

const NO_COMMENTS: readonly CallComment[] = []

/** The comments of a call, the form for another one, and what can be done with them. */
export function useComments({ call, playback, timeline }: UseCommentsOptions) {
  const client = useQueryClient()
  const { data, error, refetch } = useQuery(commentQueries.ofCall(call.id))
  const threads = useMemo(() => toThreads(data ?? NO_COMMENTS), [data])
  const [showsResolved, setShowsResolved] = useState(false)
  const [chosen, setChosen] = useState<{ id: number } | null>(null)
  const [pointed, setPointed] = useState<PointedRow | null>(null)
  // Here, and not in the forms: these go away while another pane is looked at.
  const [drafts, setDrafts] = useState<Drafts>(new Map())
  const form = useCommentForm(call.id)
  const change = useChangeComment(call.id)
  const remove = useDeleteComment(call.id)
  const restore = useRestoreComment(call.id)
  useEffect(() => playback.onJump(() => setPointed(null)), [playback])
  useLiveCalls((ids) => {
    if (!ids.includes(call.id)) return
    void client.invalidateQueries({ queryKey: commentQueries.ofCall(call.id).queryKey })
  })
  const shown = useMemo(
    () => (showsResolved ? threads : unresolvedThreads(threads, drafts)),
    [threads, showsResolved, drafts],
  )

  /** The row whose words are selected, else the second where the playback is, else the whole call. */
  const placeHere = (): CommentPlace => {
    const row = timeline.rows[selectedRowIndex() ?? -1]
    if (row) return { segmentIndex: row.position, atSeconds: row.startSeconds }
    const hasClock = call.recording !== null || timeline.hasTimes
    return hasClock ? { ...WHOLE_CALL, atSeconds: toMilliseconds(playback.seconds) } : WHOLE_CALL
  }
  /** Seeks what a comment is about, and marks its segment. */
  const goTo = ({ atSeconds, segmentIndex }: CommentPlace) => {
    if (atSeconds !== null) playback.seek(atSeconds)
    const index = segmentIndex === null ? null : findRow(timeline, call.segments, segmentIndex)
    // After the jump, which forgets the one before.
    setPointed(index === null ? null : { index, quote: '' })
  }
  /** Whether the server took it; says so where it did not. */
  const changeState = async (id: number, state: { isResolved: boolean }): Promise<boolean> => {
    try {
      await change.mutateAsync({ id, change: state })
      return true
    } catch (refusal) {
      sayFailed('The thread could not be changed')(refusal)
      return false
    }
  }
  const restoreDeleted = (id: number) => {
    restore.mutateAsync(id).catch(sayFailed('The comment could not be restored'))
  }
  return {
    /** Undefined until they are there. */
    items: data,
    error,
    refetch,
    threads,
    /** Without those that were resolved, unless they are asked for or being written in. */
    shown,
    openCount: threads.filter(({ isResolved }) => !isResolved).length,
    showsResolved,
    setShowsResolved,
    /** The thread that was gone to last, or just written; another object shows it again. */
    chosen,
    choose: (id: number) => setChosen({ id }),
    pointed,
    forgetPointed: () => setPointed(null),
    goTo,
    form,
    draftOf: (key: DraftKey): Draft | undefined => drafts.get(key),
    keepDraft: (key: DraftKey, draft: Draft | null) =>
      setDrafts((before) => withDraft(before, key, draft)),
    startHere: () => form.open(placeHere()),
    startOnCall: () => form.open(WHOLE_CALL),
    resolve: async ({ id }: Thread) => {
      if (!(await changeState(id, { isResolved: true }))) return
      const action = { label: 'Undo', onSelect: () => void changeState(id, { isResolved: false }) }
      showToast({ title: 'Thread resolved', action })
    },
    reopen: ({ id }: Thread) => void changeState(id, { isResolved: false }),
    /** Rejects where the server refuses; what was written is then still in the form. */
    edit: async (id: number, text: string) => {
      await change.mutateAsync({ id, change: { text } })
    },
    remove: async ({ id }: CallComment) => {
      try {
        await remove.mutateAsync(id)
        showToast({
          title: 'Comment deleted',
          action: { label: 'Undo', onSelect: () => restoreDeleted(id) },
        })
      } catch (refusal) {
        sayFailed('The comment could not be deleted')(refusal)
      }
    },
  }
}

export type CommentSeat = ReturnType<typeof useComments>

function sayFailed(title: string) {
  return (error: unknown) => void showToast({ title, description: messageOf(error), tone: 'fail' })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function toMilliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
