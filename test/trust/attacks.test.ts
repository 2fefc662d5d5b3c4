import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  deployment,
  entry,
  forgetAll,
  leaf,
  PEOPLE,
  people,
  ROOT,
  register,
  registry,
  root,
} from './deployment.ts'
import { entryDer, named, newIssuer, newLeaf, read } from './issuers.ts'

beforeEach(async () => void (await forgetAll()))

describe('attack: authorities that a stranger makes up', () => {
  beforeEach(() => register(ROOT, PEOPLE))

  it('a dozen of one name that issued each other cost no signature: only registered keys are climbed to', async () => {
    const first = await newIssuer('AC EN ROND')
    const ring = await Promise.all(
      Array.from({ length: 12 }, async (_, at) =>
        newIssuer('AC EN ROND', first, { keys: first.keys, serial: (0x30 + at).toString(16) }),
      ),
    )
    const forged = await newLeaf(first)
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const found = await deployment().examine(
      forged,
      ring.map(({ der }) => der),
    )
    const signatures = verify.mock.calls.length
    verify.mockRestore()
    expect(found).toMatchObject({ refused: 'unknown-authority' })
    expect(signatures).toBe(0)
  })

  it('one with the name of a registered authority and another key, brought along', async () => {
    const twin = await newIssuer('AC PERSONNES', await newIssuer('AC RACINE'))
    expect(await deployment().examine(await newLeaf(twin), [twin.der])).toMatchObject({
      refused: 'unknown-authority',
    })
  })

  it('one with the name and the key identifier of a registered authority, signed by itself', async () => {
    const forged = await newLeaf({ ...people, keys: (await newIssuer('AC PERSONNES')).keys })
    expect(await deployment().examine(forged)).toMatchObject({ refused: 'broken-signature' })
  })

  it('a holder who issues below their own certificate', async () => {
    const holder = await newLeaf(people)
    const { name, keys, keyId } = await newIssuer('Une Personne')
    const below = await newLeaf({ name, keys, keyId, der: holder, certificate: read(holder) })
    expect(await deployment().examine(below, [holder])).toHaveProperty('refused')
  })

  it('a registered authority that was renewed is found when it is brought along', async () => {
    const renewed = await newIssuer('AC PERSONNES', root, { keys: people.keys, serial: '2c' })
    await forgetAll()
    await register(ROOT, entry(renewed))
    const here = deployment()
    await here.lists()
    expect(await here.examine(leaf, [people.der])).toHaveProperty('trusted')
  })
})

describe('attack: one key under two names', () => {
  it('is refused by the registry: the list of one would be taken for the other’s (RFC 5280 §6.3.3)', async () => {
    await register(ROOT, PEOPLE)
    const alias = await newIssuer('AC AUX DEUX NOMS', root, { keys: people.keys, serial: '2d' })
    expect(named('AC AUX DEUX NOMS')).toEqual(alias.name)
    expect(await registry.add(entry(alias))).toEqual({
      refused: 'its key is that of an authority of another name',
    })
  })
  it('grants the same name with the same key: a renewal', async () => {
    await register(ROOT, PEOPLE)
    const renewed = await newIssuer('AC PERSONNES', root, { keys: people.keys, serial: '2e' })
    expect(await registry.add(entry(renewed))).toHaveProperty('added')
  })
})

describe('attack: a test authority among the real ones', () => {
  it('is refused by its name (PSC §6), whoever enters it', async () => {
    const test = entry(await newIssuer('TEST AC IGC-SANTE STANDARD PERSONNES'), { role: 'anchor' })
    expect(await registry.add({ ...test, environment: 'production' })).toEqual({
      refused: 'its name says that it is a test authority',
    })
    expect(await registry.add(test)).toHaveProperty('added')
  })
  it('grants a real one', async () =>
    expect(await registry.add({ ...PEOPLE, environment: 'production' })).toHaveProperty('added'))
})

describe('a revoked certificate that is tried', () => {
  it('is named in the detail, so that whoever reads the trail can ask its issuer whose it was', async () => {
    await register(ROOT, PEOPLE)
    const here = deployment()
    await here.lists({ entries: [entryDer({ serial: '0b' })] })
    expect(await here.examine()).toMatchObject({
      refused: 'revoked',
      detail: expect.stringContaining('0b by'),
    })
  })
})
