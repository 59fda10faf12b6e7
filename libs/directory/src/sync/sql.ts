export { affected, rows, storable, storableJson, type Sql } from '@trainbridge/persistence';
