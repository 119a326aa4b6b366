import { classNames } from './class-names.ts'

const isApple = /Mac|iPhone|iPad/.test(navigator.platform)

const SYMBOL: Record<string, string> = {
  mod: isApple ? '⌘' : 'Ctrl',
  shift: isApple ? '⇧' : 'Shift',
  alt: isApple ? '⌥' : 'Alt',
  enter: 'Enter',
  space: 'Space',
  escape: 'Esc',
  left: '←',
  right: '→',
  up: '↑',
  down: '↓',
}

const TONE = {
  plain: 'border-line bg-sunken text-ink-soft',
  inverse: 'border-current/30 text-current',
}

export type KbdProps = {
  /** Keys held together, joined by `+`: `mod+K`, `shift+left`, `?`. `mod` is ⌘ on Apple, else Ctrl. */
  keys: string
  tone?: keyof typeof TONE
}

export function Kbd({ keys, tone = 'plain' }: KbdProps) {
  return (
    <kbd className="inline-flex gap-[2px] font-sans">
      {keys.split('+').map((key) => (
        <kbd
          key={key}
          className={classNames(
            'min-w-[18px] rounded-[4px] border px-[4px] text-center font-sans text-[11px] leading-[16px]',
            TONE[tone],
          )}
        >
          {SYMBOL[key] ?? key}
        </kbd>
      ))}
    </kbd>
  )
}
