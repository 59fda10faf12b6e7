import type { WecomEndpoint } from '../world.js';
import { agentGet, callbackAddresses, messageSend, tagGet, tagList } from './agent.js';
import { departmentGet, departmentList, departmentSimpleList } from './departments.js';
import { userListId } from './list-id.js';
import { userGet, userIdByEmail, userIdByMobile, userList, userSimpleList } from './members.js';
import {
  departmentCreate, departmentDelete, departmentUpdate, userBatchDelete, userCreate, userDelete, userUpdate,
} from './writes.js'; // prettier-ignore

/** Every endpoint behind a token, by its path below `/cgi-bin/`. */
export const endpoints: ReadonlyMap<string, WecomEndpoint> = new Map<string, WecomEndpoint>([
  ['department/list', departmentList],
  ['department/simplelist', departmentSimpleList],
  ['department/get', departmentGet],
  ['department/create', departmentCreate],
  ['department/update', departmentUpdate],
  ['department/delete', departmentDelete],
  ['user/simplelist', userSimpleList],
  ['user/list', userList],
  ['user/get', userGet],
  ['user/list_id', userListId],
  ['user/getuserid', userIdByMobile],
  ['user/get_userid_by_email', userIdByEmail],
  ['user/create', userCreate],
  ['user/update', userUpdate],
  ['user/delete', userDelete],
  ['user/batchdelete', userBatchDelete],
  ['agent/get', agentGet],
  ['getcallbackip', callbackAddresses],
  ['tag/list', tagList],
  ['tag/get', tagGet],
  ['message/send', messageSend],
]);

/** Endpoints that answer lists of records, and those that page. */
export const listingEndpoints = [
  'department/list', 'department/simplelist', 'department/get', 'user/simplelist', 'user/list', 'user/get', 'user/list_id',
]; // prettier-ignore
