import { describe, expect, it } from 'vitest'
import { createDeferred, loadDeferred } from './deferred.ts'

describe('createDeferred', () => {
  it('imports once, however often it is asked', async () => {
    let imports = 0
    const deferred = createDeferred(async () => {
      imports += 1
      return {}
    })
    await Promise.all([deferred.load(), deferred.load()])
    await deferred.load()
    expect(imports).toBe(1)
  })

  it('tries again after a failed import', async () => {
    let imports = 0
    const deferred = createDeferred(async () => {
      imports += 1
      if (imports === 1) throw new Error('no network')
      return {}
    })
    await expect(deferred.load()).rejects.toThrow('no network')
    await deferred.load()
    expect(imports).toBe(2)
  })

  it('is fetched with everything else that is deferred, past one that fails', async () => {
    let imports = 0
    createDeferred(() => Promise.reject(new Error('no network')))
    createDeferred(async () => {
      imports += 1
    })
    await loadDeferred()
    expect(imports).toBe(1)
  })
})
