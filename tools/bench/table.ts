import { readFileSync } from 'node:fs'
import { cpus, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { ROOT } from '../places.ts'
import type { Measure } from './measure.ts'

/** The measures of both sides, line by line, with how many times as fast the first is. */
export function comparison(serment: readonly Measure[], yardstick: readonly Measure[]): string {
  const rows = serment.map((ours) => {
    const theirs = yardstick.find(({ name }) => name === ours.name)
    return [
      ours.name,
      ...figures(ours),
      ...(theirs === undefined
        ? ['–', '–', '–', '–']
        : [...figures(theirs), `${(ours.rate / theirs.rate).toFixed(2)}`]),
    ]
  })
  return table(
    ['', 'Serment, /s', 'p50 ms', 'p95 ms', 'oidc-provider, /s', 'p50 ms', 'p95 ms', 'ratio'],
    rows,
  )
}

const figures = ({ rate, p50, p95 }: Measure) => [
  rate >= 100 ? rate.toFixed(0) : rate.toFixed(1),
  p50.toFixed(1),
  p95.toFixed(1),
]

/** A Markdown table: the first column text, the others numbers. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, i) => Math.max(3, ...[head, ...rows].map((row) => (row[i] ?? '').length)))
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join(' | ')} |`
  const rule = `| ${widths.map((width, i) => (i === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`)).join(' | ')} |`
  return [line(head), rule, ...rows.map(line)].join('\n')
}

/** The machine and the versions, in a sentence: figures without them say nothing. */
export function machine(): string {
  const processors = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const versions = ['workerd', 'miniflare', 'oidc-provider'].map((name) => `${name} ${versionOf(name)}`)
  return `${processors.length} cores (${processors[0]?.model.trim() ?? 'unknown'}), ${memory} GiB, ${platform()} ${release()}, Node ${process.versions.node}, ${versions.join(', ')}`
}

function versionOf(name: string): string {
  const manifest: { version: string } = JSON.parse(
    readFileSync(join(ROOT, 'node_modules', name, 'package.json'), 'utf8'),
  )
  return manifest.version
}
