import { createDeferred } from './deferred.ts'
import { DeferredTrigger } from './deferred-trigger.tsx'
import type {
  MenuCheckboxProps,
  MenuItemProps,
  MenuLinkProps,
  MenuProps,
  MenuRadioGroupProps,
} from './menu-props.ts'
import { useDeferredPopup } from './use-deferred-popup.ts'

const parts = createDeferred(() => import('./menu-parts.tsx'))

/** A list of actions behind a button. */
export function Menu(props: MenuProps) {
  const { module, triggerProps } = useDeferredPopup(parts, props)
  if (!module) return <DeferredTrigger trigger={props.trigger} popup="menu" {...triggerProps} />
  return <module.Menu {...props} />
}

export function MenuItem(props: MenuItemProps) {
  const module = parts.useModule()
  return module && <module.MenuItem {...props} />
}

/** Goes to a page of the app, or with `download` saves a file. */
export function MenuLink(props: MenuLinkProps) {
  const module = parts.useModule()
  return module && <module.MenuLink {...props} />
}

/** Stays open when switched, so that several can be switched in a row. */
export function MenuCheckbox(props: MenuCheckboxProps) {
  const module = parts.useModule()
  return module && <module.MenuCheckbox {...props} />
}

/** One choice out of few. */
export function MenuRadioGroup<Value extends string>(props: MenuRadioGroupProps<Value>) {
  const module = parts.useModule()
  return module && <module.MenuRadioGroup {...props} />
}

export function MenuSeparator() {
  const module = parts.useModule()
  return module && <module.MenuSeparator />
}
