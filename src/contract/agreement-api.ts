import { z } from 'zod'
import { AGREEMENT_DAYS, AgreementReport, MetricAgreement } from './agreement.ts'
import { ById, endpoint } from './endpoint.ts'

/** How far metrics agree with people. Apart from `api`, as `judgingApi` is. */
export const agreementApi = {
  listAgreement: endpoint({
    method: 'GET',
    path: '/api/agreement',
    summary:
      'How far each metric agrees with people, over the last 30 days; metrics without votes are left out',
    access: 'read',
    output: z.object({ days: z.int(), items: z.array(MetricAgreement) }),
  }),
  getAgreement: endpoint({
    method: 'GET',
    path: '/api/agreement/:id',
    summary: 'How far a metric agrees with people, and where it does not',
    access: 'read',
    params: ById,
    query: z.object({ days: z.coerce.number().int().min(1).max(366).default(AGREEMENT_DAYS) }),
    output: AgreementReport,
  }),
}
