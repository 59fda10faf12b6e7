export { DirectoryModule } from './directory.module.js';
export {
  DirectoryReader,
  type DirectoryUser,
  type ResolvedUser,
  type LearnerReference,
} from './read/directory-reader.js';
