import type { WecomEndpoint } from '../world.js';
import { agentGet, callbackAddresses } from './agent.js';
import { approvalApply, templateDetail } from './approval-forms.js';
import { approvalDetail, approvalList } from './approvals.js';
import { corpTagAdd, corpTagDelete, corpTagEdit, corpTagList } from './corp-tags.js';
import {
  customerBatch, customerGet, customerList, customerMarkTag, customerRemark, followUserList,
} from './customers.js'; // prettier-ignore
import { departmentGet, departmentList, departmentSimpleList } from './departments.js';
import { userListId } from './list-id.js';
import { getUserDetail, getUserInfo, oldGetUserInfo } from './login.js';
import { userGet, userIdByEmail, userIdByMobile, userList, userSimpleList } from './members.js';
import {
  tagAddUsers, tagCreate, tagDelete, tagGet, tagList, tagRemoveUsers, tagUpdate,
} from './member-tags.js'; // prettier-ignore
import { messageRecall, messageSend, updateCard } from './messages.js';
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
  ['tag/create', tagCreate],
  ['tag/update', tagUpdate],
  ['tag/delete', tagDelete],
  ['tag/addtagusers', tagAddUsers],
  ['tag/deltagusers', tagRemoveUsers],
  ['message/send', messageSend],
  ['message/update_template_card', updateCard],
  ['message/recall', messageRecall],
  ['auth/getuserinfo', getUserInfo],
  ['auth/getuserdetail', getUserDetail],
  ['user/getuserinfo', oldGetUserInfo],
  ['user/getuserdetail', getUserDetail],
  ['externalcontact/get_follow_user_list', followUserList],
  ['externalcontact/list', customerList],
  ['externalcontact/get', customerGet],
  ['externalcontact/batch/get_by_user', customerBatch],
  ['externalcontact/remark', customerRemark],
  ['externalcontact/mark_tag', customerMarkTag],
  ['externalcontact/get_corp_tag_list', corpTagList],
  ['externalcontact/add_corp_tag', corpTagAdd],
  ['externalcontact/edit_corp_tag', corpTagEdit],
  ['externalcontact/del_corp_tag', corpTagDelete],
  ['oa/getapprovalinfo', approvalList],
  ['oa/getapprovaldetail', approvalDetail],
  ['oa/gettemplatedetail', templateDetail],
  ['oa/applyevent', approvalApply],
]);

/** Endpoints that answer lists of records. */
export const listingEndpoints = [
  'department/list', 'department/simplelist', 'department/get', 'user/simplelist', 'user/list', 'user/get', 'user/list_id',
  'externalcontact/get', 'externalcontact/batch/get_by_user', 'externalcontact/get_corp_tag_list', 'oa/getapprovaldetail',
]; // prettier-ignore

/** Endpoints that page. */
export const pagedEndpoints = [
  'user/list_id', 'externalcontact/get', 'externalcontact/batch/get_by_user', 'oa/getapprovalinfo',
]; // prettier-ignore
