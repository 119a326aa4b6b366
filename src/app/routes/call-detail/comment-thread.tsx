import { Check, RotateCcw } from 'lucide-react'
import { type ReactNode, type Ref, useRef, useState } from 'react'
import type { CallComment } from '#contract/comment.ts'
import { useAddComment } from '../../api/comments.ts'
import { formatFullDateTime, formatRelative } from '../../format/date.ts'
import { Button } from '../../ui/button.tsx'
import { classNames } from '../../ui/class-names.ts'
import type { Draft } from './comment-drafts.ts'
import { CommentForm } from './comment-form.tsx'
import { placeText, type Thread } from './comment-threads.ts'
import type { CommentSeat } from './use-comments.ts'

export type CommentThreadProps = {
  thread: Thread
  comments: CommentSeat
  canWrite: boolean
  /** Who may delete what others wrote. */
  isAdmin: boolean
  isChosen: boolean
  ref: Ref<HTMLLIElement>
}

const NO_REPLY: Draft = { text: '', isOpen: false }

/** What was written at one place, the replies, and what can be done about them. */
export function CommentThread(props: CommentThreadProps) {
  const { thread, comments, canWrite, isAdmin, isChosen, ref } = props
  const [isJustOpened, setJustOpened] = useState(false)
  const { text: reply, isOpen: isReplying } = comments.draftOf(`reply-${thread.id}`) ?? NO_REPLY
  const replyButton = useRef<HTMLButtonElement>(null)
  const add = useAddComment(thread.callId)
  const isWhole = thread.atSeconds === null && thread.segmentIndex === null
  const place = placeText(thread)

  const keepReply = (draft: Draft | null) => comments.keepDraft(`reply-${thread.id}`, draft)
  const toggleReply = () => {
    setJustOpened(true)
    keepReply({ text: reply, isOpen: !isReplying })
  }
  const closeReply = () => {
    keepReply({ text: reply, isOpen: false })
    replyButton.current?.focus()
  }
  const sendReply = async (text: string) => {
    await add.mutateAsync({ text, parentId: thread.id })
    keepReply(null)
    replyButton.current?.focus()
  }
  return (
    <li
      ref={ref}
      tabIndex={-1}
      aria-label={`${place}: ${thread.author}`}
      aria-current={isChosen || undefined}
      className={classNames(
        'scroll-mt-[48px] rounded-[6px] border bg-surface px-[10px] py-[8px]',
        isChosen ? 'border-accent' : 'border-line',
      )}
    >
      <div className="mb-[2px] flex min-h-[26px] items-center gap-[8px]">
        {isWhole ? (
          <span className="text-[12px] text-ink-soft">{place}</span>
        ) : (
          <Button
            size="small"
            variant="quiet"
            className="-ml-[9px] text-accent! tabular-nums"
            aria-label={`Go to ${place}`}
            onClick={() => comments.goTo(thread)}
          >
            {place}
          </Button>
        )}
        {thread.isResolved && (
          <span className="rounded-[4px] bg-pass-soft px-[6px] text-[12px] leading-[18px] text-pass">
            Resolved{thread.resolvedBy && ` by ${thread.resolvedBy}`}
          </span>
        )}
      </div>
      <OneComment comment={thread} comments={comments} canDelete={canWrite && isAdmin} />
      {thread.replies.length > 0 && (
        <ol aria-label="Replies" className="mt-[8px] flex flex-col gap-[8px] border-l-2 pl-[10px]">
          {thread.replies.map((each) => (
            <li key={each.id}>
              <OneComment comment={each} comments={comments} canDelete={canWrite && isAdmin} />
            </li>
          ))}
        </ol>
      )}
      {canWrite && isReplying && (
        <div className="mt-[8px]">
          <CommentForm
            label={`Reply to ${thread.author}`}
            text={reply}
            onWrite={(text) => keepReply({ text, isOpen: true })}
            sendLabel="Send reply"
            onSend={sendReply}
            onCancel={closeReply}
            hasFocus={isJustOpened}
          />
        </div>
      )}
      {canWrite && (
        <div className="mt-[4px] -ml-[9px] flex flex-wrap">
          <Button
            ref={replyButton}
            size="small"
            variant="quiet"
            aria-expanded={isReplying}
            onClick={toggleReply}
          >
            Reply
          </Button>
          <ResolveButton thread={thread} comments={comments} />
        </div>
      )}
    </li>
  )
}

type ResolveButtonProps = { thread: Thread; comments: CommentSeat }

function ResolveButton({ thread, comments }: ResolveButtonProps) {
  const { isResolved } = thread
  return (
    <Button
      size="small"
      variant="quiet"
      icon={isResolved ? <RotateCcw size={13} /> : <Check size={13} />}
      onClick={() => (isResolved ? comments.reopen(thread) : void comments.resolve(thread))}
    >
      {isResolved ? 'Open again' : 'Resolve'}
    </Button>
  )
}

type OneCommentProps = {
  comment: CallComment
  comments: CommentSeat
  /** Also where another person wrote it. */
  canDelete: boolean
}

function OneComment({ comment, comments, canDelete }: OneCommentProps) {
  const [isJustOpened, setJustOpened] = useState(false)
  const article = useRef<HTMLElement>(null)
  const { id, author, text, isOwn } = comment
  const draft = comments.draftOf(`edit-${id}`)?.text ?? null
  const write = (next: string) => comments.keepDraft(`edit-${id}`, { text: next, isOpen: true })
  const openEditor = () => {
    setJustOpened(true)
    write(text)
  }
  const closeEditor = () => {
    comments.keepDraft(`edit-${id}`, null)
    article.current?.focus()
  }
  return (
    <article ref={article} tabIndex={-1} aria-label={`Comment of ${author}`}>
      <header className="flex flex-wrap items-baseline gap-x-[6px] text-[12px] text-ink-faint">
        <Byline comment={comment} />
        {draft === null && (isOwn || canDelete) && (
          <span className="ml-auto flex">
            {isOwn && (
              <SmallAction label="Edit your comment" onClick={openEditor}>
                Edit
              </SmallAction>
            )}
            <SmallAction
              label={`Delete the comment of ${author}`}
              onClick={() => void comments.remove(comment)}
            >
              Delete
            </SmallAction>
          </span>
        )}
      </header>
      {draft === null ? (
        <p dir="auto" className="leading-[20px] wrap-anywhere whitespace-pre-wrap">
          {text}
        </p>
      ) : (
        <CommentForm
          label="Edit the comment"
          text={draft}
          onWrite={write}
          sendLabel="Save"
          onSend={async (next) => {
            await comments.edit(id, next)
            closeEditor()
          }}
          onCancel={closeEditor}
          hasFocus={isJustOpened}
        />
      )}
    </article>
  )
}

function Byline({ comment: { author, createdAt, updatedAt } }: { comment: CallComment }) {
  return (
    <>
      <span className="font-medium text-ink">{author}</span>
      <time dateTime={createdAt} title={formatFullDateTime(createdAt)}>
        {formatRelative(createdAt)}
      </time>
      {updatedAt !== createdAt && <span>edited</span>}
    </>
  )
}

type SmallActionProps = { label: string; onClick: () => void; children: ReactNode }

function SmallAction({ label, onClick, children }: SmallActionProps) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className="h-[24px] min-w-[24px] rounded-[4px] px-[5px] hover:bg-hover hover:text-ink"
    >
      {children}
    </button>
  )
}
