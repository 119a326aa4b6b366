const UNITS = ['KB', 'MB', 'GB', 'TB']

/** `0 B`, `340 KB`, `12.4 MB`: decimal units as file managers use them; one decimal below a hundred. */
export function formatFileSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  let size = bytes
  let unit = -1
  // 999.95 and up would be written as 1000.0.
  while (size >= 999.95 && unit < UNITS.length - 1) {
    size /= 1000
    unit += 1
  }
  return `${size < 99.95 ? size.toFixed(1).replace(/\.0$/, '') : size.toFixed(0)} ${UNITS[unit]}`
}
