/** US dollars per million tokens; null where the operator named no price. */
export type JudgePrice = { inputPrice: number | null; outputPrice: number | null }

/**
 * What tokens cost, in whole millionths of a US dollar, rounded up; null where a count or its price is unknown.
 * A dollar per million tokens is a millionth of a dollar per token, so the factors cancel out.
 */
export function costMicroUsd(
  usage: { inputTokens: number | null; outputTokens: number | null },
  { inputPrice, outputPrice }: JudgePrice,
): number | null {
  const { inputTokens, outputTokens } = usage
  if (inputTokens === null || outputTokens === null) return null
  if (inputPrice === null || outputPrice === null) return null
  return Math.ceil(inputTokens * inputPrice + outputTokens * outputPrice)
}
