import { Pool } from 'undici'

export type Load = {
  /** Where to post, without its path. */
  origin: string
  path: string
  headers: Readonly<Record<string, string>>
  nextBody: () => string
  concurrency: number
  seconds: number
  /** What the server answers where all is well. */
  expectedStatus: number
}

export type LoadResult = { latenciesMs: number[]; seconds: number }

/** Posts from several clients, each as soon as its last answer is there. Throws at the first other status. */
export async function postLoad(load: Load): Promise<LoadResult> {
  const pool = new Pool(load.origin, { connections: load.concurrency, pipelining: 1 })
  const latenciesMs: number[] = []
  const start = performance.now()
  const end = start + load.seconds * 1000
  const client = async () => {
    while (performance.now() < end) latenciesMs.push(await postOnce(pool, load))
  }
  await Promise.all(Array.from({ length: load.concurrency }, client))
  const seconds = (performance.now() - start) / 1000
  await pool.close()
  return { latenciesMs, seconds }
}

async function postOnce(pool: Pool, load: Load): Promise<number> {
  const body = load.nextBody()
  const start = performance.now()
  const response = await pool.request({
    method: 'POST',
    path: load.path,
    headers: { 'content-type': 'application/json', ...load.headers },
    body,
  })
  const answer = await response.body.text()
  const elapsedMs = performance.now() - start
  if (response.statusCode === load.expectedStatus) return elapsedMs
  throw new Error(
    `Expected ${load.expectedStatus} of ${load.path}, got ${response.statusCode}: ${answer}`,
  )
}
