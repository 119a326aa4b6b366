/** The read took longer than it was given, waiting for its turn included. */
export class QueryTimeout extends Error {
  override readonly name = 'QueryTimeout'
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(`The database did not answer within ${timeoutMs} ms.`)
    this.timeoutMs = timeoutMs
  }
}

/** Nobody waits for the read any more; `cause` has the reason. */
export class QueryCancelled extends Error {
  override readonly name = 'QueryCancelled'

  constructor(cause: unknown) {
    super('The query was cancelled.', { cause })
  }
}

/** So many reads run or wait already that one more would come too late. */
export class TooManyQueries extends Error {
  override readonly name = 'TooManyQueries'
  readonly limit: number

  constructor(limit: number) {
    super(`The database has ${limit} slow queries to answer already.`)
    this.limit = limit
  }
}
