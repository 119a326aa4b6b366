import { CopyButton } from '../../ui/copy-button.tsx'
import { PROVIDERS } from './providers.ts'

export type WebhookAddressesProps = {
  provider: string
  /** Null until the agent is saved. */
  agentId: number | null
}

/** What to paste at the provider, so that it sends each finished call here. */
export function WebhookAddresses({ provider, agentId }: WebhookAddressesProps) {
  const own = PROVIDERS.filter(({ value, webhook }) => value === provider && webhook)
  if (own.length === 0) {
    return (
      <p className="text-[12px] leading-[18px] text-ink-faint">
        This provider has no webhook of its own here: send its calls with one request, as Settings
        shows.
      </p>
    )
  }
  return (
    <div className="flex flex-col gap-[6px]">
      {own.map(({ label, webhook }) => {
        const address = location.origin + webhook + (agentId ? `?agent_id=${agentId}` : '')
        return (
          <div key={label}>
            <p className="font-medium">Webhook address for {label}</p>
            <div className="mt-[4px] flex items-center gap-[4px] rounded-[6px] border border-line bg-sunken py-[2px] pr-[2px] pl-[10px]">
              <code className="min-w-0 flex-1 font-mono text-[12px] leading-[17px] break-all">
                {address}
              </code>
              <CopyButton text={address} label="Copy webhook address" />
            </div>
          </div>
        )
      })}
      <p className="text-[12px] leading-[17px] text-ink-faint">
        Add an API key as the header <code>X-CEKURA-API-KEY</code>, or set the secret below.
      </p>
    </div>
  )
}
