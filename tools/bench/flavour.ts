import type { LoopbackClient } from './client.ts'
import { approveByApp, approveByPage } from './phones.ts'
import type { Person } from './side.ts'

/** How the two sides differ to those who use them. */
export interface Flavour {
  readonly scope: string
  /** The challenge that the login page asks the passkey to sign. */
  challengeOf(page: string): string
  /** Path that takes the assertion, under the login page. */
  readonly answerPath: string
  /** Says yes, on the person's phone, to the service that shows this code. */
  approve(client: LoopbackClient, person: Person, code: string): Promise<void>
}

export const SERMENT: Flavour = {
  scope: 'openid scope_all',
  challengeOf: (page) => /&quot;challenge&quot;:&quot;([\w-]+)&quot;/.exec(page)?.[1] ?? '',
  answerPath: '/passkey',
  approve: approveByApp,
}
export const YARDSTICK: Flavour = {
  scope: 'openid profile',
  challengeOf: (page) => /"challenge":"([\w-]+)"/.exec(page)?.[1] ?? '',
  answerPath: '/passkey',
  approve: approveByPage,
}
