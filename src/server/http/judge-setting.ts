import type { JudgeSetting } from '#contract/metric.ts'
import type { ServerTools } from './server-tools.ts'

/** What the judge is, for the pages that need one. */
export function judgeSetting({
  judge,
  price,
  config,
}: Pick<ServerTools, 'judge' | 'price' | 'config'>): JudgeSetting {
  const { inputPrice, outputPrice } = price
  const model = judge === null ? null : (config.judge?.model ?? null)
  return { isConfigured: judge !== null, model, inputPrice, outputPrice }
}
