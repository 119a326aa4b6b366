/** US dollars, of whole millionths of one, as costs are stored. */
export function usdOf(costMicroUsd: number): number {
  return costMicroUsd / 1e6
}
