import { Injectable } from '@nestjs/common';
import { Connections, Connectors } from '@trainbridge/connections';
import type { LocalizedText } from '@trainbridge/connector-kit';
import { isInApp } from './platform-login.js';

/** A connection people can sign in through. */
export interface LoginChoice {
  connectionId: string;
  name: string;
  platform: LocalizedText;
  inAppUserAgents: readonly string[];
}

/** Through which connections the people of a client can sign in. */
@Injectable()
export class LoginChoices {
  constructor(
    private readonly connections: Connections,
    private readonly connectors: Connectors,
  ) {}

  /** @param connectionIds those the client may use; null for all */
  async list(connectionIds: readonly string[] | null): Promise<LoginChoice[]> {
    const connections = await this.connections.list(connectionIds);
    return connections.flatMap(({ id, name, connector: connectorId }) => {
      const connector = this.connectors.find(connectorId);
      if (!connector?.identity) return [];
      const { name: platform, identity } = connector.manifest;
      return [{ connectionId: id, name, platform, inAppUserAgents: identity?.inAppUserAgents ?? [] }];
    });
  }

  async includes(connectionIds: readonly string[] | null, connectionId: string): Promise<boolean> {
    if (connectionIds !== null && !connectionIds.includes(connectionId)) return false;
    return (await this.list([connectionId])).length === 1;
  }
}

/** The one choice that needs no asking: the only one, or the only one whose platform this browser belongs to. */
export function obviousChoice(
  choices: readonly LoginChoice[],
  userAgent: string | undefined,
): LoginChoice | null {
  const own = choices.filter(({ inAppUserAgents }) => isInApp(inAppUserAgents, userAgent));
  if (own.length === 1) return own[0]!;
  return choices.length === 1 ? choices[0]! : null;
}
