/** One line of the table of what was received. */
export interface ClaimRow {
  readonly name: string
  readonly value: string
}

/**
 * A claims object as lines: one for each value at its end, named by its path (`SubjectRefPro.exercices[0].codeProfession`),
 * so that a developer reads what to write in code.
 */
export function claimRows(claims: Readonly<Record<string, unknown>>): ClaimRow[] {
  return Object.entries(claims).flatMap(([name, value]) => rowsOf(name, value))
}

function rowsOf(path: string, value: unknown): ClaimRow[] {
  if (Array.isArray(value)) {
    if (value.every((item) => typeof item !== 'object' || item === null))
      return [{ name: path, value: value.map(textOf).join(', ') }]
    return value.flatMap((item, i) => rowsOf(`${path}[${i}]`, item))
  }
  if (typeof value === 'object' && value !== null)
    return Object.entries(value).flatMap(([name, inner]) => rowsOf(`${path}.${name}`, inner))
  return [{ name: path, value: textOf(value) }]
}

function textOf(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}

/** The two readable parts of a compact JWS, indented. Text that is none comes back as it is. */
export function decodedParts(jws: string): { header: string; payload: string } {
  const [header = '', payload = ''] = jws.split('.')
  return { header: readable(header), payload: readable(payload) }
}

function readable(part: string): string {
  try {
    return JSON.stringify(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')), null, 2)
  } catch {
    return part
  }
}
