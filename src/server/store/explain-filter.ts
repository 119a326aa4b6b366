import { type ExpressionBuilder, sql } from 'kysely'
import type { CallSummary } from '#contract/call.ts'
import { type FilterGroup, type FilterNode, isGroup, type NodePath } from '#contract/filter.ts'
import type { FilterExplanation, NodeExplanation } from '#contract/filter-explanation.ts'
import { asks, nodeAt, type PlacedNode, walkNodes } from '#contract/filter-tree.ts'
import { readActualValues } from './actual-values.ts'
import { listCallsByIds } from './calls.ts'
import type { Database } from './database.ts'
import { type FilterContext, filterExpression } from './filter-sql.ts'
import type { Tables } from './tables.ts'

/** A statement can bind 32,766 values; one node of a deep tree asks again for all below it. */
const MOST_VALUES = 10_000

export type FilterQuestion = {
  projectId: number
  /** The number of a call, or else the sender's own id, of which the newest call counts. */
  call: string
  filter: FilterGroup
  search?: string | undefined
  /** What relative times count from, epoch ms. */
  now: number
  signal?: AbortSignal | undefined
}

/**
 * What each node of a filter says of one call, as the engine answers it: every node is asked as a filter of its own.
 * Rejects as `SlowReader.run` does.
 */
export async function explainFilter(
  database: Database,
  question: FilterQuestion,
): Promise<FilterExplanation> {
  const call = await findCall(database, question)
  if (call === null) return { kind: 'unknown-call' }
  const { filter, search, projectId } = question
  const asking = Array.from(walkNodes(filter)).filter((placed) => isAsked(filter, placed))
  const holding = await findHolding(database, { ...question, callId: call.id, nodes: asking })
  const actual = await readActualValues(database, {
    callId: call.id,
    projectId,
    rules: asking.flatMap(({ node }) => (isGroup(node) ? [] : [node])),
    signal: question.signal,
  })
  const asked = new Set(asking.map(({ path }) => keyOf(path)))
  return {
    kind: 'explained',
    call,
    // A root that asks nothing lets every call through.
    holds: holding.has(ROOT) || !asked.has(ROOT),
    nodes: Array.from(walkNodes(filter), ({ node, path }): NodeExplanation => {
      return {
        path: [...path],
        holds: holding.has(keyOf(path)),
        isSkipped: !asked.has(keyOf(path)),
        actual: isGroup(node) ? [] : (actual.get(node) ?? []),
      }
    }),
    isFound: search?.trim()
      ? await isFound(database, { search: search.trim(), callId: call.id, signal: question.signal })
      : null,
  }
}

async function findCall(
  database: Database,
  { call, projectId }: FilterQuestion,
): Promise<CallSummary | null> {
  const number = /^\d{1,15}$/.test(call) ? Number(call) : null
  const [byNumber] =
    number === null ? [] : await listCallsByIds(database.reader, { projectId, ids: [number] })
  if (byNumber) return byNumber
  const row = await database.reader
    .selectFrom('call')
    .select('id')
    .where('project_id', '=', projectId)
    .where('call_id', '=', call)
    .orderBy('duplicate_ordinal', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (row === undefined) return null
  const [bySender] = await listCallsByIds(database.reader, { projectId, ids: [row.id] })
  return bySender ?? null
}

const ROOT = keyOf([])

function keyOf(path: NodePath): string {
  return path.join('.')
}

/** A node below one that asks nothing is not looked at either. */
function isAsked(filter: FilterGroup, { path }: PlacedNode): boolean {
  return path
    .map((_, depth) => path.slice(0, depth + 1))
    .concat([[]])
    .every((place) => {
      const node = nodeAt(filter, place)
      return node !== null && asks(node)
    })
}

type Asked = FilterQuestion & { callId: number; nodes: readonly PlacedNode[] }

async function findHolding(database: Database, asked: Asked): Promise<Set<string>> {
  const holding = new Set<string>()
  for (const nodes of inBatches(asked.nodes)) {
    const query = database.reader
      .selectFrom('call')
      .select((eb) =>
        nodes.map((placed, index) =>
          sql<number>`${nodeExpression(eb, placed, { ...asked, dialect: database.dialect })}`.as(
            `node_${index}`,
          ),
        ),
      )
      .where('call.id', '=', asked.callId)
    const [row] = await database.slow.run(query, { signal: asked.signal, urgency: 'page' })
    const answers: Record<string, unknown> = row ?? {}
    for (const [index, { path }] of nodes.entries()) {
      if (Number(answers[`node_${index}`]) === 1) holding.add(keyOf(path))
    }
  }
  return holding
}

/** A node in a `same_row` group is about one result, there as here. */
function nodeExpression(
  eb: ExpressionBuilder<Tables, 'call'>,
  { node, path }: PlacedNode,
  { filter: root, ...context }: FilterContext & { filter: FilterGroup },
) {
  const { projectId, now, dialect } = context
  const isInRow = path.some((_, depth) => {
    const above = nodeAt(root, path.slice(0, depth))
    return above !== null && isGroup(above) && above.operator === 'same_row'
  })
  const operator = isInRow ? 'same_row' : 'and'
  const filter: FilterGroup = { operator, conditions: [node] }
  return filterExpression(eb, { filter, projectId, now, dialect })
}

function inBatches(nodes: readonly PlacedNode[]): PlacedNode[][] {
  const batches: PlacedNode[][] = []
  let room = 0
  for (const placed of nodes) {
    const values = valueCount(placed.node)
    const batch = batches.at(-1)
    if (batch === undefined || values > room) {
      batches.push([placed])
      room = MOST_VALUES - values
    } else {
      batch.push(placed)
      room -= values
    }
  }
  return batches
}

/** About how many values the node binds. */
function valueCount(node: FilterNode): number {
  if (isGroup(node)) return node.conditions.reduce((sum, child) => sum + valueCount(child), 0)
  return 5 + 2 * (Array.isArray(node.value) ? node.value.length : 1)
}

async function isFound(
  database: Database,
  { search, callId, signal }: { search: string; callId: number; signal: AbortSignal | undefined },
): Promise<boolean> {
  const query = database.reader
    .selectFrom('call')
    .select('call.id')
    .where('call.id', '=', callId)
    .where(database.dialect.matchesText(database.reader, search))
  const rows = await database.slow.run(query, { signal, urgency: 'page' })
  return rows.length > 0
}
