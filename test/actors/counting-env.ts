/** One thing that costs money at the edge: a Durable Object call or a D1 query. */
export interface Call {
  readonly kind: 'object' | 'query'
  /** `LOGIN.begin`, or the SQL text. */
  readonly what: string
}

const OBJECTS = [
  'LOGIN',
  'PAIRING',
  'SESSION',
  'PROFESSIONAL',
  'ENROLMENT',
  'REPLAY',
  'CIBA',
  'CARD_ACTIVATION',
  'CARD_REQUESTS',
  'DEVICE_REQUEST',
  'KEY_RING',
  'PUSHED_REQUEST',
] as const
const EXECUTIONS = new Set(['first', 'all', 'raw', 'run'])

/** `target` with some members replaced; functions keep their receiver, which host objects insist on. */
function replacing<T extends object>(target: T, replace: (key: PropertyKey) => unknown): T {
  return new Proxy(target, {
    get(object, key) {
      const replaced = replace(key)
      if (replaced !== undefined) return replaced
      const value: unknown = Reflect.get(object, key, object)
      return typeof value === 'function' ? value.bind(object) : value
    },
  })
}

function countedStub<T extends object>(stub: T, name: string, calls: Call[]): T {
  return new Proxy(stub, {
    get(object, key) {
      const value: unknown = Reflect.get(object, key, object)
      if (typeof value !== 'function' || typeof key !== 'string') return value
      return (...args: unknown[]) => {
        calls.push({ kind: 'object', what: `${name}.${key}` })
        return Reflect.apply(value, object, args)
      }
    },
  })
}

function countedStatement(statement: D1PreparedStatement, sql: string, calls: Call[]): D1PreparedStatement {
  const wrapped: D1PreparedStatement = replacing(statement, (key) => {
    if (key === 'bind')
      return (...values: unknown[]) => countedStatement(statement.bind(...values), sql, calls)
    if (typeof key === 'string' && EXECUTIONS.has(key)) {
      return (...args: unknown[]) => {
        calls.push({ kind: 'query', what: sql })
        return Reflect.apply(Reflect.get(statement, key, statement), statement, args)
      }
    }
    return undefined
  })
  originals.set(wrapped, { statement, sql })
  return wrapped
}
const originals = new WeakMap<D1PreparedStatement, { statement: D1PreparedStatement; sql: string }>()

/** Real bindings that write down each call made through them. */
export function countingEnv(env: Env): { env: Env; calls: Call[] } {
  const calls: Call[] = []
  const database = replacing(env.DB, (key) => {
    if (key === 'prepare') return (sql: string) => countedStatement(env.DB.prepare(sql), sql, calls)
    if (key === 'batch') {
      return (statements: D1PreparedStatement[]) => {
        const known = statements.map(
          (statement) => originals.get(statement) ?? { statement, sql: '(uncounted)' },
        )
        for (const { sql } of known) calls.push({ kind: 'query', what: sql })
        return env.DB.batch(known.map(({ statement }) => statement))
      }
    }
    return undefined
  })
  const bindings: Record<PropertyKey, unknown> = { DB: database }
  for (const name of OBJECTS) {
    const namespace: DurableObjectNamespace = env[name]
    bindings[name] = replacing(namespace, (key) => {
      if (key !== 'get' && key !== 'getByName') return undefined
      return (...args: unknown[]) =>
        countedStub<object>(
          Reflect.apply(Reflect.get(namespace, key, namespace), namespace, args),
          name,
          calls,
        )
    })
  }
  return { env: replacing(env, (key) => bindings[key]), calls }
}
