/** A database for the engine: a queue, and blobs by SHA-256. All differences between PostgreSQL and Redis are in this folder. */
import { OptionError } from '@keepprob/core';
import { SearchError } from '../../errors.ts';
import * as messages from '../../messages.ts';
import type { Stored } from '../queued.ts';
import type { Database } from './ends.ts';
import { postgres } from './postgres.ts';
import { redis } from './redis.ts';

/** Size of a part in bytes. */
const PART = 2 ** 23;

const drivers = { postgres, postgresql: postgres, redis, rediss: redis };

/** The address of a database. */
export interface Address {
  readonly db: string;
  readonly kind: keyof typeof drivers;
  /** The address without user and password. */
  readonly name: string;
}

const isKind = (kind: string): kind is Address['kind'] => Object.hasOwn(drivers, kind);

/** @throws OptionError for a string that is not the address of a database */
export function addressOf(owner: string, db: string): Address {
  const { protocol, host, pathname } = URL.canParse(db) ? new URL(db) : { protocol: '', host: '', pathname: '' };
  const kind = protocol.slice(0, -1);
  if (isKind(kind)) return { db, kind, name: `${kind}://${host}${pathname}` };
  throw OptionError.of(owner, 'db', 'postgres://user:password@host:5432/database, or redis://host:6379', shown(db));
}

/**
 * Connects to a database.
 * @param patience milliseconds to wait for an answer
 * @throws SearchError `database` if it cannot be reached, or a package is missing
 */
export async function openDatabase({ db, kind, name }: Address, patience: number): Promise<Database> {
  try {
    return await drivers[kind](name, db, patience);
  } catch (error) {
    const { code, message } = error as Error & { code?: string };
    if (code === 'ERR_MODULE_NOT_FOUND') throw new SearchError('database', messages.driverMissing(kind), error);
    throw new SearchError('database', messages.unreachable(name, message || String(code)), error);
  }
}

/** The address for messages, shortened if it may contain a password. */
const shown = (db: string): string => (/[@:]/.test(db) ? `${db.split(':')[0]}:…` : db);

/** Writes a blob unless it exists. */
export async function putBlob({ blobs }: Database, sha256: string, bytes: Uint8Array): Promise<Stored> {
  if ((await blobs.size(sha256)) !== bytes.length)
    for (let part = 0; part * PART < bytes.length; part++)
      await blobs.putPart(sha256, part, bytes.subarray(part * PART, (part + 1) * PART));
  return { sha256, length: bytes.length };
}

/** @returns null if the blob is missing or incomplete */
export async function getBlob(
  { blobs }: Database,
  { sha256, length }: Stored,
): Promise<Uint8Array<ArrayBuffer> | null> {
  const bytes = new Uint8Array(length);
  for (let part = 0; part * PART < length; part++) {
    const found = await blobs.getPart(sha256, part);
    if (found?.length !== Math.min(PART, length - part * PART)) return null;
    bytes.set(found, part * PART);
  }
  return bytes;
}
