export { DirectoryEvents } from './directory-events.js';
