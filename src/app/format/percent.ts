/** `84 %` of a ratio in 0..1; `<1 %` and `>99 %` rather than a rounded 0 or 100. */
export function formatPercent(ratio: number): string {
  const percent = ratio * 100
  if (percent > 0 && percent < 1) return '<1 %'
  if (percent > 99 && percent < 100) return '>99 %'
  return `${Math.round(percent)} %`
}
