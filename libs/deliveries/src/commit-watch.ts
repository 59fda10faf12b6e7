import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, type EntitySubscriberInterface, type QueryRunner } from 'typeorm';

/** Runs something once the transaction that is under way has been committed; nothing when it is rolled back. */
@Injectable()
export class CommitWatch {
  private readonly watched = new WeakMap<QueryRunner, () => void>();

  constructor(dataSource: DataSource) {
    const subscriber: EntitySubscriberInterface = {
      afterTransactionCommit: ({ queryRunner }) => {
        // A released savepoint is no commit.
        if (queryRunner.isTransactionActive) return;
        const action = this.watched.get(queryRunner);
        if (!action) return;
        this.watched.delete(queryRunner);
        action();
      },
    };
    dataSource.subscribers.push(subscriber);
  }

  /** One action per transaction: the last one given wins. Outside a transaction it runs at once. */
  afterCommit(manager: EntityManager, action: () => void): void {
    const { queryRunner } = manager;
    if (queryRunner?.isTransactionActive) this.watched.set(queryRunner, action);
    else action();
  }
}
