import Fastify from 'fastify'
import { describe, expect, it } from 'vitest'
import { QueryCancelled, QueryTimeout, TooManyQueries } from '../store/slow-read-errors.ts'
import { presentError } from './present-error.ts'

/** What a request gets that fails so, and what the server's log says of it. */
async function answerTo(error: Error) {
  const log: string[] = []
  const app = Fastify({ logger: { level: 'error', stream: { write: (line) => log.push(line) } } })
  app.setErrorHandler(presentError)
  app.get('/', () => Promise.reject(error))
  const response = await app.inject({ url: '/' })
  await app.close()
  return { ...response, body: response.json(), logged: log.length }
}

describe('presentError', () => {
  it.each([
    [new QueryTimeout(30_000), 'The database did not answer within 30000 ms.'],
    [new TooManyQueries(64), 'The database has 64 slow queries to answer already.'],
  ])('asks to come back where the database is busy: $name', async (error, detail) => {
    expect(await answerTo(error)).toMatchObject({
      statusCode: 503,
      body: { detail },
      headers: { 'retry-after': '10' },
      logged: 1,
    })
  })

  it('ends quietly where nobody waits for the answer any more', async () => {
    const answer = await answerTo(new QueryCancelled(new Error('The client has left.')))
    expect(answer).toMatchObject({ statusCode: 499, logged: 0 })
  })

  it('tells nothing of a defect but that the log has it', async () => {
    const answer = await answerTo(new Error('secret'))
    expect(answer).toMatchObject({ statusCode: 500, logged: 1 })
    expect(answer.body).toEqual({ detail: 'The server failed. Its log says why.' })
    expect(answer.headers['retry-after']).toBeUndefined()
  })
})
