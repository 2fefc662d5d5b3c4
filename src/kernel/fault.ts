/**
 * What a fault was, without what it was about: the innermost error's name and message, for logs and the trail. The
 * database library's own message lists the values of the query (a national id, a credential), its cause does not.
 */
export function faultOf(thrown: unknown): string {
  let inner = thrown
  for (let depth = 0; depth < 5 && inner instanceof Error && inner.cause instanceof Error; depth++)
    inner = inner.cause
  if (!(inner instanceof Error)) return 'not an error'
  return 'params' in inner ? inner.name : `${inner.name}: ${inner.message}`
}
