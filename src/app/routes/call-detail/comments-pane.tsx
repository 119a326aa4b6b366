import { MessageSquarePlus } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { useSession } from '../../api/session.ts'
import { useCanWrite } from '../../api/use-can-write.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { LoadError } from '../../ui/load-error.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { CommentThread } from './comment-thread.tsx'
import { NewComment } from './new-comment.tsx'
import type { CommentSeat } from './use-comments.ts'

export type CommentsPaneProps = { callId: number; comments: CommentSeat }

/** What people wrote on a call, by second, and the form to write more. */
export function CommentsPane({ callId, comments }: CommentsPaneProps) {
  const canWrite = useCanWrite()
  const { items, error, refetch, form, choose } = comments
  if (!items) {
    if (!error) return <SkeletonRows rows={4} rowHeight={72} label="Loading the comments" />
    return <LoadError title="The comments could not be loaded" error={error} onRetry={refetch} />
  }
  return (
    <>
      {canWrite && <PaneActions comments={comments} />}
      {canWrite && form.place !== null && (
        <NewComment callId={callId} place={form.place} form={form} onAdded={choose} />
      )}
      {items.length === 0 && form.place === null && <NoComments canWrite={canWrite} />}
      <Threads comments={comments} canWrite={canWrite} />
    </>
  )
}

function PaneActions({ comments }: { comments: CommentSeat }) {
  return (
    <div className="mb-[12px] flex flex-wrap gap-[6px]">
      <Button
        size="small"
        icon={<MessageSquarePlus size={14} />}
        aria-keyshortcuts="c"
        // Words that are selected stay so: they say where the comment belongs.
        onMouseDown={(event) => event.preventDefault()}
        onClick={comments.startHere}
      >
        Comment here
      </Button>
      <Button size="small" variant="quiet" onClick={comments.startOnCall}>
        On the whole call
      </Button>
    </div>
  )
}

function Threads({ comments, canWrite }: { comments: CommentSeat; canWrite: boolean }) {
  const { threads, shown, openCount, showsResolved, setShowsResolved, chosen } = comments
  const isAdmin = useSession().data?.scope === 'admin'
  const chosenItem = useRef<HTMLLIElement>(null)
  const focusKeeper = useFocusKeeper()
  // Also for one that comes on the screen by being chosen; choosing it again shows it again.
  useEffect(() => {
    if (chosen) chosenItem.current?.scrollIntoView({ block: 'nearest' })
  }, [chosen])
  const resolvedCount = threads.length - openCount
  return (
    <section {...focusKeeper} tabIndex={-1} aria-label="Threads">
      {shown.length > 0 && (
        <ul aria-label="Comments" className="flex flex-col gap-[10px]">
          {shown.map((thread) => (
            <CommentThread
              key={thread.id}
              thread={thread}
              comments={comments}
              canWrite={canWrite}
              isAdmin={isAdmin}
              isChosen={thread.id === chosen?.id}
              ref={thread.id === chosen?.id ? chosenItem : null}
            />
          ))}
        </ul>
      )}
      <p role="status" className="sr-only">
        {openCount === 1 ? '1 open thread' : `${openCount} open threads`}
      </p>
      {resolvedCount > 0 && (
        <Button
          size="small"
          variant="quiet"
          className="mt-[10px] -ml-[9px]"
          onClick={() => setShowsResolved(!showsResolved)}
        >
          {showsResolved ? 'Hide resolved' : `Show ${resolvedCount} resolved`}
        </Button>
      )}
    </section>
  )
}

/** Takes the focus where what had it inside went away: resolved, deleted, or changed by somebody else. */
function useFocusKeeper() {
  const ref = useRef<HTMLElement>(null)
  const hasFocus = useRef(false)
  // After every render, since anything may have gone. React tells of no blur for what it takes away itself.
  useLayoutEffect(() => {
    if (!hasFocus.current || document.activeElement !== document.body) return
    ref.current?.focus({ preventScroll: true })
  })
  return {
    ref,
    onFocus: () => {
      hasFocus.current = true
    },
    onBlur: () => {
      hasFocus.current = false
    },
  }
}

function NoComments({ canWrite }: { canWrite: boolean }) {
  return (
    <EmptyState title="No comments yet">
      {canWrite ? (
        <>
          Press <Kbd keys="c" /> to comment at the second that plays. Select words of the
          conversation first to comment on them.
        </>
      ) : (
        'What people write on this call appears here.'
      )}
    </EmptyState>
  )
}
