import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Lists of people and departments are read in order of id: these let a page of one connection or one department begin anywhere. */
export class DirectoryLists implements MigrationInterface {
  readonly name = 'DirectoryLists0000000000008';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create index users_list on users (connection_id, id)`);
    await queryRunner.query(`create index departments_list on departments (connection_id, id)`);
    await queryRunner.query(`create index memberships_list on memberships (department_id, user_id)`);
    await queryRunner.query(`drop index memberships_department`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`create index memberships_department on memberships (department_id)`);
    await queryRunner.query(`drop index users_list, departments_list, memberships_list`);
  }
}
