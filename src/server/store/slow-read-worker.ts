import { parentPort, workerData } from 'node:worker_threads'
import { connectForReading, type SqliteConnection } from './sqlite-connection.ts'

/**
 * What a reading thread is asked: one thing at a time, each answered before the next is sent. Snapshots and
 * streams are numbered by the one who asks; `snapshot: null` is the connection outside of all snapshots.
 */
export type SlowRead =
  | { kind: 'begin'; snapshot: number }
  | { kind: 'rows'; snapshot: number | null; query: PlainQuery }
  | { kind: 'stream'; snapshot: number; stream: number; query: PlainQuery }
  | { kind: 'next'; snapshot: number; stream: number; rowCount: number }
  | { kind: 'release'; snapshot: number }
  | { kind: 'end' }

export type PlainQuery = { sql: string; parameters: readonly unknown[] }

/** `end` has no answer but the end of the thread. */
export type SlowReadAnswer = { ok: true; rows: unknown[] } | { ok: false; error: unknown }

/** `isUnwanted` is shared memory: its one number turns from 0 to 1 when nobody waits for the answer any more. */
export type SlowReadWorkerData = { file: string; isUnwanted: Int32Array }

type Streams = Map<number, IterableIterator<unknown>>
type Snapshot = { connection: SqliteConnection; streams: Streams }

const { file, isUnwanted } = workerData as SlowReadWorkerData
const snapshots = new Map<number, Snapshot>()
let plainConnection: SqliteConnection | undefined

parentPort?.on('message', (read: SlowRead) => {
  if (read.kind === 'end') return end()
  parentPort?.postMessage(answer(read))
})

function end(): void {
  for (const { connection } of snapshots.values()) connection.close()
  plainConnection?.close()
  parentPort?.close()
}

function answer(read: Exclude<SlowRead, { kind: 'end' }>): SlowReadAnswer {
  try {
    return { ok: true, rows: perform(read) }
  } catch (error) {
    return { ok: false, error }
  }
}

function perform(read: Exclude<SlowRead, { kind: 'end' }>): unknown[] {
  switch (read.kind) {
    case 'begin':
      return begin(read.snapshot)
    case 'rows':
      return readRows(read)
    case 'stream':
      return startStream(read)
    case 'next':
      return readNext(read)
    case 'release':
      return release(read.snapshot)
    default:
      return read satisfies never
  }
}

/** A connection of its own, so that other reads of this thread go on beside the open transaction. */
function begin(snapshot: number): [] {
  const connection = connect()
  snapshots.set(snapshot, { connection, streams: new Map() })
  connection.prepare('begin deferred').run([])
  // Only the first read fixes what a deferred transaction sees.
  connection.prepare('select 1 from sqlite_schema limit 1').all([])
  return []
}

function readRows({ snapshot, query }: { snapshot: number | null; query: PlainQuery }): unknown[] {
  const connection = snapshot === null ? connectOnce() : getSnapshot(snapshot).connection
  return connection.prepare(query.sql).all(query.parameters)
}

function startStream({ snapshot, stream, query }: Extract<SlowRead, { kind: 'stream' }>): [] {
  const { connection, streams } = getSnapshot(snapshot)
  streams.set(stream, connection.prepare(query.sql).iterate(query.parameters))
  return []
}

function readNext({ snapshot, stream, rowCount }: Extract<SlowRead, { kind: 'next' }>): unknown[] {
  const rows = getSnapshot(snapshot).streams.get(stream)
  if (rows === undefined) throw new Error(`There is no stream ${stream}.`)
  const batch: unknown[] = []
  while (batch.length < rowCount) {
    const row = rows.next()
    if (row.done) break
    batch.push(row.value)
  }
  return batch
}

/** Ends the transaction and every stream in it. One that never began is released too. */
function release(snapshot: number): [] {
  snapshots.get(snapshot)?.connection.close()
  snapshots.delete(snapshot)
  return []
}

function getSnapshot(snapshot: number): Snapshot {
  const found = snapshots.get(snapshot)
  if (found === undefined) throw new Error(`There is no snapshot ${snapshot}.`)
  return found
}

function connectOnce(): SqliteConnection {
  plainConnection ??= connect()
  return plainConnection
}

function connect(): SqliteConnection {
  return connectForReading(file, stopIfUnwanted)
}

function stopIfUnwanted(): void {
  if (Atomics.load(isUnwanted, 0) === 1) throw new Error('Nobody waits for this query any more.')
}
