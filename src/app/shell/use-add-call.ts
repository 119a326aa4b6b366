import { useSearchParams } from 'react-router'

const PARAM = 'add'

/** The "Add call" dialog is a state of the URL: `?add=1` on any page. The page's own params stay. */
export function useAddCall() {
  const [params, setParams] = useSearchParams()

  const change = (edit: (next: URLSearchParams) => void, options?: { replace: boolean }) =>
    setParams((current) => {
      const next = new URLSearchParams(current)
      edit(next)
      return next
    }, options)

  return {
    isOpen: params.get(PARAM) === '1',
    open: () => change((next) => next.set(PARAM, '1')),
    close: () => change((next) => next.delete(PARAM), { replace: true }),
  }
}
