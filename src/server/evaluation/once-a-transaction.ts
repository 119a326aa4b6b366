import type { Transaction } from 'kysely'
import { listMetricRecords } from '../store/metrics.ts'
import { findRubric } from '../store/rubrics.ts'
import type { Tables } from '../store/tables.ts'

type Load<T> = (trx: Transaction<Tables>, projectId: number) => Promise<T>

/**
 * What belongs to a project, read once by each transaction, which must not change it itself: a batch of calls judged in
 * one transaction reads the definitions once.
 */
function onceATransaction<T>(load: Load<T>): Load<T> {
  const loaded = new WeakMap<Transaction<Tables>, Map<number, Promise<T>>>()
  return (trx, projectId) => {
    const known = loaded.get(trx) ?? new Map<number, Promise<T>>()
    loaded.set(trx, known)
    const value = known.get(projectId) ?? load(trx, projectId)
    known.set(projectId, value)
    return value
  }
}

/** The live metrics of a project. */
export const listMetricsOnce = onceATransaction(listMetricRecords)

export const findRubricOnce = onceATransaction(findRubric)
