/** Two lanes of a conversation. */
export function Logo() {
  return (
    <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true" className="shrink-0">
      <g fill="none" strokeWidth="1.8" strokeLinecap="round">
        <path d="M3 7v2M7.6 4.5V9M12.4 6.2V9M17 3.5V9" className="stroke-agent" />
        <path d="M3 12v3M7.6 12v1.6M12.4 12v5M17 12v2.6" className="stroke-caller" />
      </g>
    </svg>
  )
}
