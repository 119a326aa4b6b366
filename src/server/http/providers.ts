import type { FastifyRequest } from 'fastify'
import { readElevenLabsEvent } from '../ingest/providers/elevenlabs.ts'
import type { ProviderEvent } from '../ingest/providers/provider-call.ts'
import { readRetellEvent } from '../ingest/providers/retell.ts'
import { readVapiEvent } from '../ingest/providers/vapi.ts'
import {
  type SignatureCheck,
  verifyElevenLabsSignature,
  verifyRetellSignature,
  verifyVapiHmac,
  verifyVapiSecret,
} from '../ingest/signatures.ts'
import type { WebhookBody } from './webhook-body.ts'

/** A provider that posts its own events to us. */
export type Provider = {
  name: 'vapi' | 'retell' | 'elevenlabs'
  readEvent: (body: unknown) => ProviderEvent
  /** Headers by which its events prove where they come from. */
  signatureHeaders: readonly string[]
  verify: (delivery: {
    request: FastifyRequest
    body: Pick<WebhookBody, 'bytes'>
    secret: string
    now: Date
  }) => Promise<SignatureCheck>
}

export const PROVIDERS: readonly Provider[] = [
  {
    name: 'vapi',
    readEvent: readVapiEvent,
    signatureHeaders: ['x-signature', 'x-vapi-secret', 'authorization'],
    verify: async ({ request, body, secret, now }) => {
      const signature = header(request, 'x-signature')
      if (signature === undefined) {
        const sent = header(request, 'x-vapi-secret') ?? header(request, 'authorization')
        return verifyVapiSecret({ header: sent, secret })
      }
      return verifyVapiHmac({
        body: body.bytes,
        header: signature,
        timestamp: header(request, 'x-timestamp'),
        secret,
        now,
      })
    },
  },
  {
    name: 'retell',
    readEvent: readRetellEvent,
    signatureHeaders: ['x-retell-signature'],
    verify: ({ request, body, secret, now }) =>
      verifyRetellSignature({
        body: body.bytes,
        header: header(request, 'x-retell-signature'),
        secret,
        now,
      }),
  },
  {
    name: 'elevenlabs',
    readEvent: readElevenLabsEvent,
    signatureHeaders: ['elevenlabs-signature'],
    verify: ({ request, body, secret, now }) =>
      verifyElevenLabsSignature({
        body: body.bytes,
        header: header(request, 'elevenlabs-signature'),
        secret,
        now,
      }),
  },
]

function header({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}
