import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'
import { instant, after as later } from '../../../src/kernel/instant.ts'
import { objectReplays } from '../../../src/provider/client-authentication/replay.object.ts'

const now = instant(Date.now() / 1000)
const replays = objectReplays(env.REPLAY)

describe('RFC 7523 §3 (7): what must be accepted once', () => {
  it('is first once, of many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => replays.first('client a', later(now, 60))),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await replays.first('client a', later(now, 60))).toBe(false)
    expect(await replays.first('client b', later(now, 60))).toBe(true)
  })

  it('is forgotten when it may be, and not before', async () => {
    const stub = env.REPLAY.getByName('replay-test')
    await stub.first('short', later(now, 60))
    await stub.first('long', later(now, 120))
    const setClock = (seconds: number) =>
      runInDurableObject(stub, (object) => {
        object.clock = () => later(now, seconds)
      })
    await setClock(60)
    await runDurableObjectAlarm(stub)
    expect(await stub.first('long', later(now, 120))).toBe(false)
    expect(await stub.first('short', later(now, 120))).toBe(true)
    await setClock(121)
    await runDurableObjectAlarm(stub)
    expect(await runInDurableObject(stub, (_, state) => state.storage.getAlarm())).toBeNull()
    expect(await stub.first('long', later(now, 240))).toBe(true)
  })
})
