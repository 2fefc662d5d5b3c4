import { runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { expect, it } from 'vitest'
import { anEntry, inDirectory } from './actors/directory.ts'
import { emptyWorld } from './empty-world.ts'

// What keeps one file of tests from another, though they share a runtime.

it('a file finds no row of the file before', async () => {
  const people = async () => (await env.DB.prepare('SELECT id FROM practitioner').all()).results
  await inDirectory(anEntry())
  expect(await people()).toHaveLength(1)
  await emptyWorld()
  expect(await people()).toEqual([])
})

it('nor what an object stored', async () => {
  const object = () => env.SESSION.getByName('left')
  await runInDurableObject(object(), (_, { storage }) => storage.kv.put('left', true))
  const left = () => runInDurableObject(object(), (_, { storage }) => storage.kv.get('left'))
  expect(await left()).toBe(true)
  await emptyWorld()
  expect(await left()).toBeUndefined()
})

it('nor what a module remembers', async () => {
  const module = () => import('../src/sandbox/worker.ts')
  const before = await module()
  expect(await module()).toBe(before)
  await emptyWorld()
  expect(await module()).not.toBe(before)
})

it('nor what it set in the bindings', async () => {
  const before = env.ISSUER
  Object.assign(env, { ISSUER: 'https://left.example.test', LEFT: true })
  await emptyWorld()
  expect(env.ISSUER).toBe(before)
  expect('LEFT' in env).toBe(false)
})
