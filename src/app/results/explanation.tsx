import { classNames } from '../ui/class-names.ts'
import { explanationPieces } from './explanation-parts.ts'
import { plainText } from './plain-text.ts'

export type ExplanationProps = {
  text: string
  durationSeconds: number | null
  onSeek: (seconds: number) => void
  className?: string
}

/** Why a result is as it is; the moments it names can be gone to. Nothing for an empty text. */
export function Explanation({ text, durationSeconds, onSeek, className }: ExplanationProps) {
  if (text === '') return null
  return (
    <p
      className={classNames(
        'leading-[19px] wrap-anywhere whitespace-pre-line text-ink-soft',
        className,
      )}
    >
      {explanationPieces(plainText(text), durationSeconds).map((piece) =>
        piece.kind === 'moment' ? (
          // Before and after a button a line may break, even between it and its bracket.
          <span key={piece.at} className="whitespace-nowrap">
            {piece.before}
            <button
              type="button"
              aria-label={`Go to ${piece.text}`}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onSeek(piece.seconds)}
              className="rounded-[3px] text-accent underline decoration-current/40 underline-offset-2 tabular-nums hover:decoration-current"
            >
              {piece.text}
            </button>
            {piece.after}
          </span>
        ) : (
          piece.text
        ),
      )}
    </p>
  )
}
