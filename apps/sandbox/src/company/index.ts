export type { ChangeListener, ChangeOrigin, CompanyChange, Department, PersonField } from './changes.js';
export { Company, CompanyError } from './company.js';
export { rootDepartmentId, type CompanySize } from './generate.js';
export type { HeadCount } from './head-counts.js';
export { CompanyMutations, type Hire, type PersonEdit } from './mutations.js';
export { Person, type Membership, type PersonDetails, type PersonStatus } from './person.js';
