import type { ResultItem } from '@trainbridge/connector-kit';
import type { DirectoryReader } from '@trainbridge/directory';
import type { EntityManager } from 'typeorm';
import { recipientKind } from './platform-deliveries.js';

/** Whom a delivery is about, as the platform names them. */
export interface Recipient {
  name: string | null;
  /** False: they have left, and the platform would not know them. */
  isPresent: boolean;
  recipient: ResultItem['recipient'];
}

/** Everybody a batch is about by id; whom the directory no longer knows is left out. Two statements at most. */
export async function recipientsOf(
  manager: EntityManager,
  directory: DirectoryReader,
  items: readonly { subjectId: string }[],
): Promise<Map<string, Recipient>> {
  const idsOf = (kind: 'user' | 'customer'): string[] => [
    ...new Set(items.map(({ subjectId }) => subjectId).filter((id) => recipientKind(id) === kind)),
  ];
  const users = await directory.usersById(manager, idsOf('user'));
  const customers = await directory.customersById(manager, idsOf('customer'));
  return new Map([
    ...users.map(({ id, displayName, status, externalId, externalIds }): [string, Recipient] => [
      id,
      {
        name: displayName,
        isPresent: status !== 'disabled',
        recipient: { kind: 'user', externalId, externalIds },
      },
    ]),
    ...customers.map(
      ({ id, displayName, exists, externalId, externalIds, ownerExternalIds }): [string, Recipient] => [
        id,
        {
          name: displayName,
          isPresent: exists,
          recipient: { kind: 'customer', externalId, externalIds, ownerExternalIds },
        },
      ],
    ),
  ]);
}
