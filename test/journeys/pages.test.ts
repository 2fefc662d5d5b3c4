import { describe, expect, inject, it } from 'vitest'
import { words as mire } from '../../src/mire/words.ts'
import { words as provider } from '../../src/provider/authorization/words.ts'
import { words as logout } from '../../src/provider/end-session/words.ts'
import { words as sandbox } from '../../src/sandbox/words.ts'
import { words as demo } from '../../tools/demo/words.ts'
import { expectAccessible } from './browser.ts'
import { Computer } from './mire.ts'
import { anyone } from './people.ts'
import { Scene } from './scene.ts'

const origin = inject('origin')
const [record] = inject('demos')
if (record === undefined) throw new Error('a service is expected')
const scene = new Scene()
const LANGUAGES = ['fr', 'en'] as const

/** A right request of the first service, with some of it replaced. */
function request(changed: Record<string, string> = {}): string {
  const right = {
    client_id: 'dossier-demo',
    redirect_uri: `${record?.origin}/callback`,
    response_type: 'code',
    scope: 'openid scope_all',
    state: 'a-state',
    nonce: 'a-nonce',
  }
  return `${origin}/authorize?${new URLSearchParams({ ...right, ...changed })}`
}

async function shows({ page }: Computer, title: string): Promise<void> {
  await page.getByRole('heading', { level: 1, name: title, exact: true }).waitFor()
  await expectAccessible(page)
}

describe.each(LANGUAGES)('says by name what is wrong (%s)', (language) => {
  it('with the service’s request, before there is anywhere to go back to', async () => {
    const desk = await scene.computer({ language })
    const words = provider[language]
    for (const [url, problem] of [
      [request({ client_id: 'nobody' }), 'client-unknown'],
      [request({ redirect_uri: `${record.origin}/callback/` }), 'address-unknown'],
      [request().replace(/redirect_uri=[^&]+&/, ''), 'address-missing'],
      [`${request()}&state=twice`, 'malformed'],
    ] as const) {
      await desk.page.goto(url)
      await shows(desk, words[problem].title)
      await desk.page.getByText(words[problem].todo).waitFor()
    }
  })

  it('with the page: too old, no cookie, another browser, another name', async () => {
    const desk = await scene.computer({ language })
    await desk.page.goto(request())
    await desk.atMire()
    const login = new URL(desk.page.url()).pathname
    const name = login.split('/').at(-1) ?? ''
    const words = mire[language].problems

    // A login that is over takes its cookie with it: the page is old, and no cookie is at fault.
    for (const old of ['A'.repeat(22), 'not-a-name']) {
      await desk.page.goto(`${origin}/login/${old}`)
      await shows(desk, words.unknown.title)
    }
    await desk.page.goto(`${origin.replace('localhost', '127.0.0.1')}${login}`)
    await shows(desk, words['wrong-host'].title)
    await desk.page.goto(`${origin.replace('localhost', '127.0.0.1')}/authorize/continue/${name}`)
    await shows(desk, provider[language]['wrong-host'].title)

    const elsewhere = await scene.computer({ language })
    await elsewhere.page.goto(`${origin}${login}`)
    await shows(elsewhere, words['cookie-missing'].title)
    await elsewhere.page.goto(`${origin}/authorize/continue/${name}`)
    await shows(elsewhere, provider[language]['cookie-missing'].title)
    const cookie = { name: `login-${name.slice(0, 8)}`, value: 'B'.repeat(43), url: origin }
    await elsewhere.page.context().addCookies([cookie])
    await elsewhere.page.goto(`${origin}${login}`)
    await shows(elsewhere, words['other-browser'].title)
    await elsewhere.page.goto(`${origin}/authorize/continue/${name}`)
    await shows(elsewhere, provider[language]['other-browser'].title)

    await desk.page.goto(`${origin}/somewhere/else`)
    await desk.page.getByRole('heading', { level: 1 }).waitFor()
    await expectAccessible(desk.page)
  })

  it('when the person gives up: the service reads access_denied and says what to do; the page left behind is old', async () => {
    const desk = await scene.computer({ language })
    await desk.openService(record.origin)
    await desk.atMire()
    const left = desk.page.url()
    await desk.cancel()
    await desk.page.getByText('access_denied').waitFor()
    await desk.page.getByText(demo[language].advice.refused).waitFor()
    await expectAccessible(desk.page)
    await desk.page.goto(left)
    await shows(desk, mire[language].problems.finished.title)
    await desk.page.goto(left.replace('/login/', '/authorize/continue/'))
    await shows(desk, provider[language]['old-page'].title)
  })
})

describe('signing out', () => {
  it('asks when nobody vouches for it, in both languages; then nothing is open', async () => {
    const person = anyone()
    const desk = await scene.passkeyComputer({})
    await desk.activate(person.nationalId)
    const here = Computer.at(desk.page)
    await here.openService(record.origin)
    await here.atMire()
    await here.choosePasskey()
    await here.goOn()
    await here.signedIn(person.givenName)

    for (const language of ['en', 'fr'] as const) {
      await desk.page.goto(`${origin}/logout?lang=${language}`)
      await shows(here, logout[language].ask)
    }
    await desk.page.getByRole('button', { name: logout.fr.signOut }).click()
    await shows(here, logout.fr.done)
    await desk.page.goto(`${origin}/logout?lang=en&post_logout_redirect_uri=https://elsewhere.example/`)
    await shows(here, logout.en.done)
    await desk.page.goto(`${origin}/logout?id_token_hint=nonsense&lang=fr`)
    await desk.page.getByRole('heading', { level: 1 }).waitFor()
    await expectAccessible(desk.page)
  })
})

describe.each(LANGUAGES)('the sandbox (%s)', (language) => {
  it('says what to try, lists its people, finds one, and shows what would have been sent', async () => {
    const desk = await scene.computer({ language })
    const { page } = desk
    const words = sandbox[language]
    await page.goto(`${origin}/`)
    await shows(desk, words.start.title('Serment'))
    await page.getByRole('link', { name: words.start.people }).click()
    await shows(desk, words.people.title)
    await page.getByLabel(words.people.search).fill('899700900012')
    await page.getByRole('button', { name: words.people.find }).click()
    await page.getByRole('heading', { name: words.people.count(1), exact: true }).waitFor()
    await expectAccessible(page)
    await page.getByLabel(words.people.search).fill('nobody at all')
    await page.getByRole('button', { name: words.people.find }).click()
    await page.getByText(words.people.none).waitFor()
    await page.getByRole('link', { name: words.back }).click()
    await page.getByRole('link', { name: words.start.outbox }).click()
    await shows(desk, words.outbox.title)
    expect(await page.getByRole('listitem').count()).toBeGreaterThan(0)
  })
})
