export { DirectoryModule } from './directory.module.js';
export {
  DirectoryReader,
  type CustomerReference,
  type DirectoryCustomer,
  type DirectoryUser,
  type ResolvedCustomer,
  type ResolvedUser,
  type LearnerReference,
} from './read/directory-reader.js';
