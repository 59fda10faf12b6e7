import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';

/** Runs things once the transaction that is under way has been committed; nothing when it is rolled back. */
@Injectable()
export class CommitWatch {
  private readonly watched = new WeakMap<QueryRunner, Set<() => void>>();

  constructor(dataSource: DataSource) {
    const subscriber: EntitySubscriberInterface = {
      afterTransactionCommit: ({ queryRunner }) => {
        // A released savepoint is no commit.
        if (queryRunner.isTransactionActive) return;
        const actions = this.watched.get(queryRunner);
        if (!actions) return;
        this.watched.delete(queryRunner);
        for (const action of actions) action();
      },
    };
    dataSource.subscribers.push(subscriber);
  }

  /** The same function given twice runs once. Outside a transaction it runs at once. */
  afterCommit(manager: EntityManager, action: () => void): void {
    const { queryRunner } = manager;
    if (!queryRunner?.isTransactionActive) return action();
    const actions = this.watched.get(queryRunner);
    if (actions) actions.add(action);
    else this.watched.set(queryRunner, new Set([action]));
  }
}
