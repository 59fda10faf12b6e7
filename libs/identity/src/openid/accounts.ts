import { Injectable } from '@nestjs/common';
import type { OAuthClient } from '@trainbridge/access';
import type { DirectoryUser } from '@trainbridge/directory';
import type { Account, AccountClaims } from 'oidc-provider';
import { LoginPeople } from '../login/login-people.js';

/** A signed-in person as a client may see them. */
export interface LoginAccount extends Account {
  connectionId: string;
}

/**
 * What `userinfo` and the ID token may tell. Every scope a client can ask for gives all that the client was granted:
 * who set the client up decides what it learns, not what it asks for.
 */
const TOLD = [
  'sub',
  'person_id',
  'connection_id',
  'name',
  'employee_number',
  'departments',
  'email',
  'phone_number',
];
export const CLAIMS = { openid: TOLD, profile: TOLD, email: TOLD, phone: TOLD };

/** Users of the directory as accounts of the OpenID provider. */
@Injectable()
export class Accounts {
  constructor(private readonly people: LoginPeople) {}

  /**
   * Undefined for nobody, for disabled people and for people of a connection the client may not use. Asked at every step,
   * so that sessions, codes and tokens of somebody who was disabled meanwhile are worth nothing.
   */
  async find(userId: string, client: OAuthClient | null): Promise<LoginAccount | undefined> {
    const user = await this.people.active(userId);
    if (!user) return undefined;
    if (client?.connectionIds && !client.connectionIds.includes(user.connectionId)) return undefined;
    return {
      accountId: user.id,
      connectionId: user.connectionId,
      claims: () => claimsOf(user, client),
    };
  }
}

/** A claim nobody can tell, or this client may not see, is left out. */
function claimsOf(user: DirectoryUser, client: OAuthClient | null): AccountClaims {
  const claims: AccountClaims = {
    sub: user.id,
    person_id: user.personId,
    connection_id: user.connectionId,
  };
  if (client?.scopes.includes('profile')) {
    if (user.displayName !== null) claims.name = user.displayName;
    if (user.employeeNumber !== null) claims.employee_number = user.employeeNumber;
    claims.departments = user.departments.map(({ id, externalId, name, isPrimary, isLeader }) => ({
      id,
      external_id: externalId,
      name,
      is_primary: isPrimary,
      is_leader: isLeader,
    }));
  }
  if (client?.scopes.includes('directory:contact')) {
    if (user.workEmail !== null) claims.email = user.workEmail;
    if (user.mobile !== null) claims.phone_number = user.mobile;
  }
  return claims;
}
