/**
 * What the public pages leave open or contradict, each as a switch. The default is the likelier position; a
 * connector has to live with both.
 */
export interface FeishuFacts {
  /** HTTP status with 99991663; 400 nearly everywhere, seen once as 200. */
  invalidTokenStatus: number;
  /** HTTP status with 99991668 (a user token that ended, or where none is taken). */
  userTokenStatus: number;
  /** HTTP status of a refused rate: old interfaces answer 400 with the same code and headers. */
  rateLimitStatus: 429 | 400;
  /** What a wrong app secret gets; the page names 10015, nobody reported seeing it. */
  wrongSecretCode: number;
  /** Two forms of the `error` object: as seen live, or as the troubleshooting page prints it. */
  errorForm: 'seen' | 'page';
  /** How an empty list is shown. */
  emptyItems: 'absent' | 'empty';
  /** How a person who stands in the root shows it in `department_ids`. */
  rootMembership: 'zero' | 'absent';
  /** Does `departments/:id/children` begin with the department itself? */
  childrenIncludeParent: boolean;
  /** Do `users/batch` answers hold people who left? */
  resignedInBatch: boolean;
  /** What `departments/:id` says of a department that was deleted. */
  deletedDepartment: 40015 | 99992357 | 'is_deleted';
  /** Needs `contact/v3/scopes` the scope for user ids whatever id type is asked for? */
  scopesNeedEmployeeId: boolean;
  /** `mobile` with its country code or without; both are seen. */
  mobileForm: 'international' | 'bare';
  /** Seconds a page token lives; 0 = for ever. */
  pageTokenSeconds: number;
  /** `department_ids` inside the object of `contact.user.updated_v3`: a note says it has no value, samples show one. */
  updatedDepartmentIds: 'present' | 'absent';
  /** `status` inside `contact.user.deleted_v3`. */
  deletedStatus: 'resigned' | 'unchanged' | 'absent';
  /** `old_object` of `contact.department.updated_v3`. */
  departmentOldObject: 'changed' | 'full';
  /** Digits of `header.create_time`: milliseconds, or microseconds as on the overview page. */
  createTimeDigits: 13 | 16;
  /** Which generation of approval events is told. */
  approvalEvents: 'v1' | 'v2' | 'both';
  /** Is a retried event signed anew, or sent with the first timestamp? */
  retryTimestamp: 'new' | 'original';
  /** `task_id` of `task.task.updated_v1`: the guid of task v2, or another id that only `task.task_id` shows. */
  taskEventId: 'guid' | 'task_id';
  /** What completing a finished task gets. */
  completedAgainCode: number;
  /** Does a message reach somebody who never joined or is suspended? Only who left is said to give 230013. */
  messagesToInactive: 'accepted' | 'refused';
  /** Records a `batch_create` takes; older pages say 500. */
  bitableBatchMax: 500 | 1000;
  /** Shape of user access tokens: since 2024 a JWT of one to two kilobytes. */
  userTokenForm: 'jwt' | 'opaque';
  /** Seconds a code of the login page lives. */
  loginCodeSeconds: number;
  /** Seconds a code of `tt.requestAccess` lives: 3 minutes on one page, 5 on another. */
  inAppCodeSeconds: number;
}

export const defaultFacts: FeishuFacts = {
  invalidTokenStatus: 400,
  userTokenStatus: 400,
  rateLimitStatus: 429,
  wrongSecretCode: 10015,
  errorForm: 'seen',
  emptyItems: 'absent',
  rootMembership: 'zero',
  childrenIncludeParent: false,
  resignedInBatch: false,
  deletedDepartment: 40015,
  scopesNeedEmployeeId: false,
  mobileForm: 'international',
  pageTokenSeconds: 0,
  updatedDepartmentIds: 'present',
  deletedStatus: 'resigned',
  departmentOldObject: 'changed',
  createTimeDigits: 13,
  approvalEvents: 'v1',
  retryTimestamp: 'new',
  taskEventId: 'guid',
  completedAgainCode: 1470400,
  messagesToInactive: 'accepted',
  bitableBatchMax: 1000,
  userTokenForm: 'jwt',
  loginCodeSeconds: 300,
  inAppCodeSeconds: 180,
};
