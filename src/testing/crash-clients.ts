import { createHash } from 'node:crypto'
import { CHILD_HEADERS } from './child-server.ts'
import { multipart } from './multipart.ts'
import { wavWithTones } from './wav.ts'

/** What the server has said is stored. */
export type Acknowledged = {
  callId: string
  id: number
  /** The transcript's only text, unlike that of any other call. */
  text: string
  /** The JSON body as it was sent; null where a form was sent. */
  body: string | null
  /** SHA-256 of the recording that was sent with it; null without one. */
  sha256: string | null
  isReviewed: boolean
}

export type CrashClients = {
  acknowledged: Acknowledged[]
  /** How often a client got no answer and sent the same again. */
  repeats: () => number
  /** Answers that are neither an acknowledgement nor a broken connection. */
  surprises: string[]
  /** Every client finishes what it sends at this moment; one that gets no answer gives it up. */
  stop: () => Promise<void>
}

/** `address` waits for a server that listens; after `stop` it may reject. */
export type ClientOptions = { clients: number; address: () => Promise<string> }

/**
 * Clients that send calls, with and without recordings, and review some of them, each as fast as the answers come.
 * Like a provider that got no answer, they send the same call again until it is acknowledged.
 */
export function startCrashClients({ clients, address }: ClientOptions): CrashClients {
  const acknowledged: Acknowledged[] = []
  const surprises: string[] = []
  let isStopping = false
  let repeats = 0

  const sendUntilAcknowledged = async (callId: string, number: number): Promise<void> => {
    const call = callOf(callId, number)
    for (;;) {
      const answer = await post(await address(), call)
      if (answer === 'no answer' && isStopping) return
      if (answer === 'no answer') {
        repeats++
        continue
      }
      if (typeof answer === 'string') surprises.push(`${callId}: ${answer}`)
      else {
        const { body, sha256, text } = call
        const stored = { callId, id: answer.id, text, body, sha256, isReviewed: false }
        acknowledged.push(stored)
        if (number % 4 === 0) stored.isReviewed = await review(await address(), stored.id)
      }
      return
    }
  }

  const run = async (client: number) => {
    for (let number = 0; !isStopping; number++) {
      try {
        await sendUntilAcknowledged(`crash-${client}-${number}`, number)
      } catch (error) {
        // No server comes any more once the clients are stopped.
        if (!isStopping) throw error
      }
    }
  }

  const running = Promise.all(Array.from({ length: clients }, (_, client) => run(client)))
  return {
    acknowledged,
    surprises,
    repeats: () => repeats,
    stop: async () => {
      isStopping = true
      await running
    },
  }
}

type Call = {
  text: string
  body: string | null
  sha256: string | null
  payload: string | Buffer<ArrayBuffer>
  headers: Record<string, string>
}

/** Every fifth call is a form with a recording. */
function callOf(callId: string, number: number): Call {
  const text = `This is what was said in ${callId}.`
  const transcript = [{ role: 'Main Agent', content: text, start_time: 0, end_time: 0.1 }]
  if (number % 5 !== 0) {
    const fields = { call_id: callId, agent: 1, transcript_json: transcript }
    const body = JSON.stringify({ ...fields, metadata: { number } })
    const headers = { 'content-type': 'application/json' }
    return { text, body, sha256: null, payload: body, headers }
  }
  const level = (number % 100) / 200 + 0.1
  const tones = [{ channel: 0, startSeconds: 0, endSeconds: 0.1, level }]
  const wav = wavWithTones({ durationSeconds: 0.1, channels: 1, tones })
  const { payload, headers } = multipart([
    { name: 'call_id', content: callId },
    { name: 'agent', content: '1' },
    { name: 'transcript_json', content: JSON.stringify(transcript) },
    { name: 'voice_recording', fileName: 'x.wav', content: wav },
  ])
  const sha256 = createHash('sha256').update(wav).digest('hex')
  return { text, body: null, sha256, payload: Buffer.from(payload), headers }
}

async function post(
  address: string,
  { payload, headers }: Call,
): Promise<{ id: number } | 'no answer' | (string & {})> {
  const response = await send(`${address}/observability/v1/observe/`, {
    method: 'POST',
    headers: { ...headers, ...CHILD_HEADERS },
    body: payload,
  })
  if (response === null) return 'no answer'
  if (response.status !== 200 && response.status !== 201)
    return `${response.status} ${response.text}`
  return JSON.parse(response.text) as { id: number }
}

/** True once the verdict is acknowledged. */
async function review(address: string, id: number): Promise<boolean> {
  const response = await send(`${address}/observability/v1/call-logs/${id}/`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json', ...CHILD_HEADERS },
    body: JSON.stringify({ status: 'reviewed_failure', feedback: 'heard it' }),
  })
  return response?.status === 200
}

/** Null where the connection could not be made or broke before the answer was whole. */
async function send(url: string, init: RequestInit) {
  try {
    const response = await fetch(url, init)
    return { status: response.status, text: await response.text() }
  } catch {
    return null
  }
}
