import { Hono } from 'hono'
import { settingsOf } from './settings.ts'

/** The whole application for one set of bindings. Built once an isolate; tests pass bindings that count. */
export function compose(env: Env) {
  const settings = settingsOf(env)
  const app = new Hono()
  return { app, settings }
}
