import { listCallVerdicts } from '../evaluation/list-call-verdicts.ts'
import type { CallFile, FileComment } from '../packet/call-file.ts'
import { findCallRecord } from '../store/calls.ts'
import { type CommentRecord, listComments, toCallComment } from '../store/comments.ts'
import { findCallReview } from '../store/review-history.ts'
import { judgeSetting } from './judge-setting.ts'
import type { ServerTools } from './server-tools.ts'

/** Everything that is known of a call; null if there is none in the project. */
export async function findCallFile(
  tools: ServerTools,
  { id, projectId }: { id: number; projectId: number },
): Promise<CallFile | null> {
  const { database } = tools
  const call = await findCallRecord(database.reader, { id, projectId })
  const judged = { callId: id, projectId, judge: judgeSetting(tools) }
  const results = await listCallVerdicts(database, judged)
  const review = await findCallReview(database.reader, id)
  if (call === null || results === null || review === null) return null
  const comments = await listComments(database.reader, id)
  const { success, transcriptText, mainAgentChannelIndex, agentIsInbound, ...record } = call
  const { projectId: _project, recordingUrl: _address, ...detail } = record
  return {
    ...detail,
    verdicts: results.items,
    rubric: results.rubric,
    review,
    comments: comments.map(toFileComment),
  }
}

function toFileComment(record: CommentRecord): FileComment {
  const { isOwn, ...comment } = toCallComment(record, { owner: '' })
  return comment
}
