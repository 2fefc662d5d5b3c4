import type { AddressedHandle } from '../../kernel/handle.ts'
import { address } from '../../kernel/handle.ts'
import type { ObjectName } from '../../kernel/identifiers.ts'

const PREFIX = 'urn:ietf:params:oauth:request_uri:'

/** A pushed request's reference (RFC 9126 §2.2): a URN of our own, which nobody can guess and nothing can fetch. */
export const requestUri = (handle: AddressedHandle): string => PREFIX + handle

/** What a `request_uri` refers to, `undefined` when it is not one of ours. */
export function pushedReference(uri: string): { object: ObjectName; secret: string } | undefined {
  return uri.startsWith(PREFIX) ? address(uri.slice(PREFIX.length)) : undefined
}

/** Whether it claims to be a pushed request's, ours or not. */
export const isPushedReference = (uri: string): boolean => uri.startsWith(PREFIX)

/** The successful answer to a pushed request (RFC 9126 §2.2). Seconds. */
export const pushedResponse = (handle: AddressedHandle, lifetime: number) => ({
  request_uri: requestUri(handle),
  expires_in: lifetime,
})
