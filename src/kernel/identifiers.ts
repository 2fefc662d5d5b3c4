import * as z from 'zod'
import type { Brand } from './brand.ts'

/** A relying party's `client_id` (RFC 6749 §2.2). Visible ASCII. */
export type ClientId = Brand<string, 'ClientId'>
export const ClientId = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .transform((text) => text as ClientId)

/**
 * A professional's national identifier as the directory prints it: one type digit, then the identifier of that
 * type (`8` + 11 digits for RPPS, `0` + 9 for ADELI, `3` + FINESS + `/` + internal id…).
 */
export type NationalId = Brand<string, 'NationalId'>
export const NationalId = z
  .string()
  .regex(/^[0-9A-Z][0-9A-Za-z/._-]{4,63}$/)
  .transform((text) => text as NationalId)

/**
 * The one stable name of a person here: the first national id the directory knew them by. It never changes when an
 * ADELI number is succeeded by an RPPS number, which is why `sub` is made of it.
 */
export type PractitionerId = Brand<string, 'PractitionerId'>
export const PractitionerId = z
  .string()
  .regex(/^[0-9A-Z][0-9A-Za-z/._-]{4,63}$/)
  .transform((text) => text as PractitionerId)

/** WebAuthn credential id, base64url. */
export type CredentialId = Brand<string, 'CredentialId'>
export const CredentialId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,1400}$/)
  .transform((text) => text as CredentialId)

/** An activated e-CPS on one device: the RFC 7638 thumbprint of its device key. */
export type DeviceId = Brand<string, 'DeviceId'>
export const DeviceId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .transform((text) => text as DeviceId)

/** The name of a Durable Object: 128 random bits, base64url. It is an address, never a secret. */
export type ObjectName = Brand<string, 'ObjectName'>
export const ObjectName = z
  .string()
  .regex(/^[A-Za-z0-9_-]{22}$/)
  .transform((text) => text as ObjectName)
