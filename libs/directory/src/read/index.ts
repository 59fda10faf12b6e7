import type { Provider, Type } from '@nestjs/common';
import { ChangeReader } from './changes/change-reader.js';
import { ChangesController } from './changes/changes.controller.js';
import { DirectoryConnectionHooks } from './connections/connection-hooks.js';
import { CustomerReader } from './customers/customer-reader.js';
import { CustomersController } from './customers/customers.controller.js';
import { DepartmentReader } from './departments/department-reader.js';
import { DepartmentsController } from './departments/departments.controller.js';
import { DirectoryReader } from './directory-reader.js';
import { UserReader } from './users/user-reader.js';
import { UsersController } from './users/users.controller.js';

export { DirectoryReader, type LearnerReference, type ResolvedUser } from './directory-reader.js';

/** What the directory module mounts to answer questions about people, departments and customers. Needs ConnectionsModule. */
export const READ_CONTROLLERS: Type[] = [
  UsersController,
  DepartmentsController,
  CustomersController,
  ChangesController,
];
export const READ_PROVIDERS: Provider[] = [
  ChangeReader,
  CustomerReader,
  DepartmentReader,
  DirectoryConnectionHooks,
  DirectoryReader,
  UserReader,
];
