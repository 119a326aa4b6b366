import type { ComponentProps, ReactElement, ReactNode } from 'react'
import { classNames } from './class-names.ts'
import { Spinner } from './spinner.tsx'
import { Tooltip } from './tooltip.tsx'

export type ButtonVariant = 'primary' | 'secondary' | 'quiet' | 'danger'
export type ButtonSize = 'small' | 'medium'

const BASE =
  'inline-flex shrink-0 items-center justify-center rounded-[6px] border text-[13px] font-medium whitespace-nowrap select-none transition-colors duration-75 disabled:cursor-not-allowed disabled:opacity-50 aria-disabled:cursor-not-allowed aria-disabled:opacity-50'

const VARIANT: Record<ButtonVariant, string> = {
  primary: 'border-transparent bg-accent text-accent-ink enabled:hover:brightness-110',
  secondary:
    'border-line bg-surface text-ink enabled:hover:bg-hover data-popup-open:bg-hover data-pressed:bg-hover',
  quiet:
    'border-transparent bg-transparent text-ink-soft enabled:hover:bg-ink/6 enabled:hover:text-ink data-popup-open:bg-ink/8 data-popup-open:text-ink',
  danger: 'border-transparent bg-fail text-surface enabled:hover:brightness-110',
}

const SIZE: Record<ButtonSize, string> = {
  small: 'h-[26px] gap-[5px] px-[9px]',
  medium: 'h-[30px] gap-[6px] px-[12px]',
}

const ICON_SIZE: Record<ButtonSize, string> = {
  small: 'size-[26px]',
  medium: 'size-[30px]',
}

/** The look of a button, for links that act like one. */
export function buttonClass({
  variant = 'secondary',
  size = 'medium',
}: {
  variant?: ButtonVariant
  size?: ButtonSize
} = {}): string {
  return classNames(BASE, VARIANT[variant], SIZE[size])
}

export type ButtonProps = ComponentProps<'button'> & {
  variant?: ButtonVariant
  size?: ButtonSize
  /** Drawn before the text; pass a lucide icon of 15 px. */
  icon?: ReactNode
  /** Shows a spinner and ignores clicks, but keeps focus. */
  isBusy?: boolean
}

export function Button({
  variant,
  size,
  icon,
  isBusy = false,
  className,
  children,
  onClick,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={isBusy || undefined}
      aria-disabled={isBusy || rest['aria-disabled']}
      onClick={isBusy ? (event) => event.preventDefault() : onClick}
      className={classNames(buttonClass({ variant, size }), className)}
    >
      {isBusy ? <Spinner /> : icon}
      {children}
    </button>
  )
}

export type IconButtonProps = Omit<ComponentProps<'button'>, 'aria-label' | 'children'> & {
  /** The accessible name, also shown as a tooltip. */
  label: string
  /** Shown in the tooltip, such as `mod+K` or `j`. */
  shortcut?: string
  /** One icon. */
  children: ReactElement
  variant?: ButtonVariant
  size?: ButtonSize
  tooltipSide?: 'top' | 'bottom' | 'left' | 'right'
}

/** A square button with an icon only. */
export function IconButton({
  label,
  shortcut,
  children,
  variant = 'quiet',
  size = 'medium',
  tooltipSide,
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip label={label} shortcut={shortcut} side={tooltipSide}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        className={classNames(BASE, VARIANT[variant], ICON_SIZE[size], className)}
      >
        {children}
      </button>
    </Tooltip>
  )
}
