import type { Mark } from './marks.ts'

/** A thread as a mark needs it: its second, and the words that name it. */
export type MarkedThread = { atSeconds: number | null; author: string; text: string }

/** One mark for each thing written at a second; `marks` and these, by start. Threads without a second have none. */
export function withComments(
  marks: readonly Mark[],
  threads: readonly MarkedThread[],
): readonly Mark[] {
  if (threads.length === 0) return marks
  const comments = new Map(threads.flatMap(commentMark).map((mark) => [keyOf(mark), mark]))
  return [...marks, ...comments.values()].sort((a, b) => a.startSeconds - b.startSeconds)
}

/** The first of `threads` that a comment's mark speaks of; null for every other mark. */
export function threadOf<Thread extends MarkedThread>(
  mark: Mark,
  threads: readonly Thread[],
): Thread | null {
  if (mark.kind !== 'comment') return null
  const key = keyOf(mark)
  return threads.find((thread) => commentMark(thread).some((own) => keyOf(own) === key)) ?? null
}

function commentMark({ atSeconds, author, text }: MarkedThread): Mark[] {
  if (atSeconds === null) return []
  return [
    {
      kind: 'comment',
      startSeconds: atSeconds,
      endSeconds: atSeconds,
      text: `${author}: ${beginning(text)}`,
    },
  ]
}

function keyOf({ startSeconds, text }: Mark): string {
  return `${startSeconds} ${text}`
}

const MOST_CHARACTERS = 80

/** The first line, and of a long one its beginning. */
function beginning(text: string): string {
  const [line = ''] = text.split('\n')
  const cut = line.slice(0, MOST_CHARACTERS).trimEnd()
  return cut.length < text.length ? `${cut}…` : cut
}
