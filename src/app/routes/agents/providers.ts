/** A voice-agent provider that Talktrack takes calls from. `webhook` is the receiver's path, if there is one. */
export type Provider = { value: string; label: string; webhook: string | null }

export const PROVIDERS: readonly Provider[] = [
  { value: 'vapi', label: 'Vapi', webhook: '/observability/v1/vapi/observe/' },
  { value: 'retell', label: 'Retell', webhook: '/observability/v1/retell/observe/' },
  { value: 'elevenlabs', label: 'ElevenLabs', webhook: '/observability/v1/elevenlabs/observe/' },
  { value: 'livekit', label: 'LiveKit', webhook: null },
  { value: 'pipecat', label: 'Pipecat', webhook: null },
  { value: 'bland', label: 'Bland', webhook: null },
  { value: '', label: 'My own stack', webhook: null },
]

/** A provider's name for people; what is not in the list is shown as stored. */
export function providerLabel(value: string): string {
  if (value === '') return ''
  return PROVIDERS.find((provider) => provider.value === value)?.label ?? value
}

/** The list to choose from, with the stored value in it even if it is unknown here. */
export function providerOptions(stored: string): Provider[] {
  const isKnown = PROVIDERS.some((provider) => provider.value === stored)
  return isKnown ? [...PROVIDERS] : [...PROVIDERS, { value: stored, label: stored, webhook: null }]
}
