import { performance } from 'node:perf_hooks'

/** How fast something was. */
export interface Measure {
  readonly name: string
  readonly count: number
  /** Completed a second, over the whole time. */
  readonly rate: number
  /** Milliseconds. */
  readonly p50: number
  readonly p95: number
}

/** Both ends of every loop: whichever comes first stops it. */
export interface Bounds {
  readonly seconds: number
  readonly count: number
  /** How many at a time. */
  readonly concurrency: number
}

/**
 * Does `once` again and again, several at a time, until a bound is reached. A failure ends the whole: a benchmark of
 * errors is worth nothing. `once` is told its number; `false` from it says that there is no more to do.
 */
export async function measure(
  name: string,
  bounds: Bounds,
  once: (i: number) => Promise<unknown>,
): Promise<Measure> {
  const times: number[] = []
  let next = 0
  let done = false
  const began = performance.now()
  const one = async () => {
    while (!done && next < bounds.count && performance.now() - began < bounds.seconds * 1000) {
      const i = next++
      const from = performance.now()
      if ((await once(i)) === false) {
        done = true
        return
      }
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: bounds.concurrency }, one))
  return summary(name, times, performance.now() - began)
}

/** Several measures of the same thing as one; used where a phase has to be prepared in rounds. */
export class Rounds {
  readonly #name: string
  readonly #times: number[] = []
  #elapsed = 0

  constructor(name: string) {
    this.#name = name
  }

  get count(): number {
    return this.#times.length
  }

  /** Does each of the jobs, `concurrency` at a time, and keeps how long each took. */
  async add(jobs: readonly (() => Promise<unknown>)[], concurrency: number): Promise<void> {
    const began = performance.now()
    let next = 0
    const one = async () => {
      for (let job = jobs[next++]; job !== undefined; job = jobs[next++]) {
        const from = performance.now()
        await job()
        this.#times.push(performance.now() - from)
      }
    }
    await Promise.all(Array.from({ length: concurrency }, one))
    this.#elapsed += performance.now() - began
  }

  result(): Measure {
    return summary(this.#name, this.#times, this.#elapsed)
  }
}

export function summary(name: string, times: readonly number[], elapsed: number): Measure {
  const sorted = [...times].sort((a, b) => a - b)
  return {
    name,
    count: sorted.length,
    rate: elapsed > 0 ? (sorted.length * 1000) / elapsed : 0,
    p50: percentile(sorted, 0.5),
    p95: percentile(sorted, 0.95),
  }
}

/** Nearest rank: the smallest value that at least this part of them does not exceed. */
function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0
}
