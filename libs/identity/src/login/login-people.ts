import { Injectable } from '@nestjs/common';
import { Connections } from '@trainbridge/connections';
import type { LoginSubject } from '@trainbridge/connector-kit';
import { DirectoryReader, type DirectoryUser, type LearnerReference } from '@trainbridge/directory';
import { DataSource } from 'typeorm';
import { refused } from './login-problem.js';

/** Who somebody that a platform named is in the directory. */
@Injectable()
export class LoginPeople {
  constructor(
    private readonly dataSource: DataSource,
    private readonly directory: DirectoryReader,
    private readonly connections: Connections,
  ) {}

  /**
   * The user of this connection. The platform's own id counts first, then the other ids it gave, in their order.
   * @throws {LoginProblem} for customers, strangers, people the sync has not brought yet, and disabled people.
   */
  async verify(connectionId: string, subject: LoginSubject): Promise<DirectoryUser> {
    if (subject.kind !== 'employee') throw refused(subject.kind);
    const references: LearnerReference[] = [
      ...(subject.externalId === null ? [] : [subject.externalId]),
      ...subject.externalIds.map(({ type, value }) => `${type}:${value}`),
    ].map((externalId) => ({ connectionId, externalId }));
    const { manager } = this.dataSource;
    const found = await this.directory.resolveLearners(manager, references, [connectionId]);
    const known = found.find((learner) => learner !== null);
    const [user] = known ? await this.directory.usersById(manager, [known.userId]) : [];
    if (!user) throw refused('not_synced');
    if (user.status === 'disabled') throw refused('disabled');
    return user;
  }

  /**
   * A user that may be signed in; null when there is none (any more), it is disabled, or its connection was deleted: nobody
   * would tell us any more when such a person leaves the company.
   */
  async active(userId: string): Promise<DirectoryUser | null> {
    const [user] = await this.directory.usersById(this.dataSource.manager, [userId]);
    if (!user || user.status === 'disabled') return null;
    return (await this.connections.list([user.connectionId])).length === 1 ? user : null;
  }
}
