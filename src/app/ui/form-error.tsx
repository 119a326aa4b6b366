/** What is wrong with a form as a whole. Renders nothing without a message. */
export function FormError({ message }: { message: string | null }) {
  if (!message) return null
  return (
    <p
      role="alert"
      className="rounded-[6px] bg-fail-soft px-[10px] py-[8px] text-[13px] leading-[19px] break-words whitespace-pre-line text-fail"
    >
      {message}
    </p>
  )
}
