export { createTestDatabase, TEST_SERVER_VARIABLE, type TestDatabase } from './test-database.js';
