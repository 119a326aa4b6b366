import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Transaction } from 'kysely'
import { api } from '#contract/api.ts'
import { readFilter } from '#contract/filter-url.ts'
import type { ViewState } from '#contract/view.ts'
import type { Visitor } from '../../access/authenticate.ts'
import { recordAudit } from '../../store/audit-log.ts'
import { isPattern } from '../../store/re2-pattern.ts'
import type { Tables } from '../../store/tables.ts'
import {
  findView,
  insertView,
  listViews,
  markViewDeleted,
  measureViews,
  purgeDeletedViews,
  toSavedView,
  unmarkViewDeleted,
  updateView,
  VIEW_LIMITS,
  type ViewRecord,
  type ViewUsage,
} from '../../store/views.ts'
import { badField, badFilter, HttpProblem, notFound } from '../http-problem.ts'
import { projectOf, visitorOf } from '../request-access.ts'
import { serveEndpoint } from '../serve-endpoint.ts'
import type { ServerTools } from '../server-tools.ts'

/** Kept questions. A personal view exists for its owner alone; a shared one is everybody's to use, not to change. */
export function serveViews(app: FastifyInstance, { database, clock }: ServerTools): void {
  serveEndpoint(app, api.listViews, async ({ request }) => {
    const projectId = await projectOf(database, request, undefined)
    const visitor = visitorOf(request)
    const views = await listViews(database.reader, { projectId, owner: visitor.owner })
    return { items: views.map((view) => toSavedView(view, visitor)) }
  })

  serveEndpoint(app, api.createView, async ({ body, request }) => {
    refuseBadState(body.state)
    const projectId = await projectOf(database, request, undefined)
    const visitor = visitorOf(request)
    const now = clock()
    const view = await database.transaction(async (trx) => {
      const owned = { projectId, owner: visitor.owner, ownerName: visitor.name }
      const created = await insertView(trx, { ...body, ...owned, now })
      await refuseTooMuch(trx, created)
      await audit(trx, { now, actor: visitor.name, action: 'create view', view: created })
      return created
    })
    return toSavedView(view, visitor)
  })

  serveEndpoint(app, api.changeView, async ({ params: { id }, body: change, request }) => {
    if (change.state !== undefined) refuseBadState(change.state)
    return changeOne({ request, id, action: 'change view' }, async (trx, view) => {
      if (view.isDeleted) throw notFound('View')
      const changed = await updateView(trx, { id, change, now: clock() })
      const grows = change.state !== undefined || change.visibility !== undefined
      if (grows) await refuseTooMuch(trx, changed)
      return changed
    })
  })

  serveEndpoint(app, api.deleteView, async ({ params: { id }, request }) => {
    await changeOne({ request, id, action: 'delete view' }, async (trx, view) => {
      if (view.isDeleted) throw notFound('View')
      await purgeDeletedViews(trx, clock())
      await markViewDeleted(trx, { view, now: clock() })
      return view
    })
    return { deleted: true }
  })

  serveEndpoint(app, api.restoreView, async ({ params: { id }, request }) =>
    changeOne({ request, id, action: 'restore view' }, async (trx, view) => {
      if (!view.isDeleted) return view
      const restored = await unmarkViewDeleted(trx, { id, now: clock() })
      await refuseTooMuch(trx, restored)
      return restored
    }),
  )

  /** Finds a view, asks whether the visitor may, changes it and writes that down: all or nothing. */
  async function changeOne(
    { request, id, action }: { request: FastifyRequest; id: number; action: string },
    work: (trx: Transaction<Tables>, view: ViewRecord) => Promise<ViewRecord>,
  ) {
    const projectId = await projectOf(database, request, undefined)
    const visitor = visitorOf(request)
    const now = clock()
    const changed = await database.transaction(async (trx) => {
      const view = await findView(trx, { id, projectId, now })
      if (view === null || !canSee(visitor, view)) throw notFound('View')
      refuseStranger(visitor, view)
      const after = await work(trx, view)
      await audit(trx, { now, actor: visitor.name, action, view: after })
      return after
    })
    return toSavedView(changed, visitor)
  }
}

function canSee(visitor: Visitor, { visibility, owner }: ViewRecord): boolean {
  return visibility === 'shared' || owner === visitor.owner
}

function refuseStranger(visitor: Visitor, { owner, ownerName }: ViewRecord): void {
  if (owner === visitor.owner || visitor.scope === 'admin') return
  throw new HttpProblem(403, {
    detail: `This view belongs to ${ownerName}: only they or an administrator can change it. Save a copy of your own.`,
  })
}

/** Looks at what would be kept with this view as it was written; the caller's transaction takes it back then. */
async function refuseTooMuch(
  trx: Transaction<Tables>,
  { projectId, owner, visibility }: ViewRecord,
): Promise<void> {
  const own = await measureViews(trx, { projectId, owner })
  refuseOver(own, { limit: VIEW_LIMITS.own, who: 'One person can keep' })
  if (visibility !== 'shared') return
  const shared = await measureViews(trx, { projectId, visibility })
  refuseOver(shared, { limit: VIEW_LIMITS.shared, who: 'A project can share' })
}

function refuseOver(
  { count, stateSize }: ViewUsage,
  { limit, who }: { limit: ViewUsage; who: string },
): void {
  if (count > limit.count) {
    throw new HttpProblem(409, { detail: `${who} ${limit.count} views. Delete one first.` })
  }
  if (stateSize > limit.stateSize) {
    const size = `${limit.stateSize / 1000} KB of views`
    throw new HttpProblem(409, {
      detail: `${who} ${size}. Delete one with a long filter first.`,
    })
  }
}

/** The shape is the schema's to check; here is what it cannot: the language of the filter, and columns named twice. */
function refuseBadState({ filter, columns }: ViewState): void {
  const parsed = readFilter(filter, { isPattern })
  if (!parsed.ok) throw badFilter('state.filter', parsed.issues)
  const ids = columns.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw badField('state.columns', `The column "${twice}" is there twice.`)
}

type Audit = { now: number; actor: string; action: string; view: ViewRecord }

function audit(trx: Transaction<Tables>, { now, actor, action, view }: Audit): Promise<void> {
  const named = `${action} ${JSON.stringify(view.name)} (${view.visibility})`
  return recordAudit(trx, { now, actor, action: named, subject: `view:${view.id}` })
}
