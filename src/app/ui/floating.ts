/** The look of everything that floats over a page: menus, popovers, lists of choices, toasts. */
export const FLOATING =
  'rounded-[8px] border border-line bg-raised text-[13px] text-ink shadow-float outline-none transition-opacity duration-75 data-ending-style:opacity-0 data-starting-style:opacity-0'
