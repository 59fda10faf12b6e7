import { ERROR_CODES, type LocalizedText } from '@trainbridge/connector-kit';

export interface ProblemKind {
  status: number;
  title: LocalizedText;
  /** What the caller can do about it; used as `detail` when the thrower gives none. */
  advice: LocalizedText;
}

const kind = (status: number, title: LocalizedText, advice: LocalizedText): ProblemKind => ({
  status,
  title,
  advice,
});

/**
 * Every `code` the API can answer with. A code that was released is never renamed or removed; `docs/errors.md` and the
 * page `/docs/errors` are made from this table. The second block repeats the connector error codes, with their statuses.
 */
export const problemCatalogue = {
  // What was sent
  invalid_request: kind(
    400,
    { en: 'The request is not valid', 'zh-CN': '请求无效' },
    {
      en: 'Correct what `errors` names (each with its path) and send the request again.',
      'zh-CN': '请按 `errors` 中列出的路径逐项改正后重新发送。',
    },
  ),
  invalid_json: kind(
    400,
    { en: 'The body is not valid JSON', 'zh-CN': '请求体不是有效的 JSON' },
    { en: 'Send one JSON document, encoded as UTF-8.', 'zh-CN': '请发送一个 UTF-8 编码的 JSON 文档。' },
  ),
  invalid_cursor: kind(
    400,
    { en: 'The cursor does not belong to this list', 'zh-CN': '游标不属于此列表' },
    {
      en: 'Use the `nextCursor` of the same list with the same filters, or leave `cursor` out to start over.',
      'zh-CN': '请使用同一列表、相同筛选条件返回的 `nextCursor`，或去掉 `cursor` 从头开始。',
    },
  ),
  unauthorized: kind(
    401,
    { en: 'Not authenticated', 'zh-CN': '未通过身份验证' },
    {
      en: 'Send `Authorization: Bearer …` with a valid access token, API token or the admin token.',
      'zh-CN': '请在 `Authorization: Bearer …` 中携带有效的访问令牌、API 令牌或管理员令牌。',
    },
  ),
  insufficient_scope: kind(
    403,
    { en: 'A scope is missing', 'zh-CN': '缺少权限范围' },
    {
      en: 'Ask an administrator to grant the client the missing scope, then request a new token.',
      'zh-CN': '请联系管理员为该客户端授予所缺的权限范围，然后重新获取令牌。',
    },
  ),
  forbidden: kind(
    403,
    { en: 'Not allowed', 'zh-CN': '不允许' },
    {
      en: 'This caller may not do this; ask an administrator.',
      'zh-CN': '当前调用方无权执行此操作，请联系管理员。',
    },
  ),
  ip_not_allowed: kind(
    403,
    { en: 'The address is not on the allow list', 'zh-CN': '来源地址不在白名单中' },
    {
      en: 'Call from an allowed address, or add this one to the client’s `allowedIps`.',
      'zh-CN': '请从白名单内的地址调用，或将该地址加入客户端的 `allowedIps`。',
    },
  ),
  route_not_found: kind(
    404,
    { en: 'There is no such route', 'zh-CN': '没有此接口' },
    { en: 'Check the path against /docs.', 'zh-CN': '请对照 /docs 检查路径。' },
  ),
  method_not_allowed: kind(
    405,
    { en: 'The method is not supported here', 'zh-CN': '此接口不支持该方法' },
    { en: 'Use one of the methods in the `Allow` header.', 'zh-CN': '请使用 `Allow` 响应头中列出的方法。' },
  ),
  not_acceptable: kind(
    406,
    { en: 'None of the accepted formats can be produced', 'zh-CN': '无法提供所要求的格式' },
    { en: 'Accept application/json.', 'zh-CN': '请接受 application/json。' },
  ),
  conflict: kind(
    409,
    { en: 'It conflicts with what exists', 'zh-CN': '与现有数据冲突' },
    { en: 'Read the current state and decide again.', 'zh-CN': '请读取当前状态后再作决定。' },
  ),
  id_conflict: kind(
    409,
    { en: 'The same id was used with other content', 'zh-CN': '相同的 id 已用于其他内容' },
    { en: 'Give changed content a new id.', 'zh-CN': '内容不同时请使用新的 id。' },
  ),
  identity_immutable: kind(
    409,
    { en: 'What defines the tenant cannot be changed', 'zh-CN': '租户标识不可修改' },
    {
      en: 'Create a new connection for another tenant; people of two tenants must never be mixed.',
      'zh-CN': '如需连接另一家企业，请新建连接；不同企业的人员不能混在一起。',
    },
  ),
  idempotency_conflict: kind(
    409,
    { en: 'The Idempotency-Key was used for another request', 'zh-CN': 'Idempotency-Key 已用于其他请求' },
    {
      en: 'Use a new key for a new request; repeat a request only with the very same body.',
      'zh-CN': '新的请求请使用新的键；重试时请求体必须完全相同。',
    },
  ),
  idempotency_in_progress: kind(
    409,
    { en: 'The same request is still being worked on', 'zh-CN': '相同的请求仍在处理中' },
    { en: 'Wait a moment and send it again with the same key.', 'zh-CN': '请稍候，然后用同一个键重试。' },
  ),
  run_in_progress: kind(
    409,
    { en: 'The connection has a run already', 'zh-CN': '该连接已有任务在进行' },
    {
      en: 'Wait for the run named by `runId`, or cancel it.',
      'zh-CN': '请等待 `runId` 指明的任务结束，或先取消它。',
    },
  ),
  plan_outdated: kind(
    409,
    { en: 'The plan no longer fits the directory', 'zh-CN': '计划已过期' },
    { en: 'Start a new run and look at its plan.', 'zh-CN': '请重新发起同步并查看新的计划。' },
  ),
  gone: kind(
    410,
    { en: 'It no longer exists', 'zh-CN': '已不存在' },
    { en: 'Stop asking for it.', 'zh-CN': '请不要再请求它。' },
  ),
  body_too_large: kind(
    413,
    { en: 'The body is too large', 'zh-CN': '请求体过大' },
    {
      en: 'Send less at once, for example in several batches.',
      'zh-CN': '请减少单次发送的数据，例如分批发送。',
    },
  ),
  uri_too_long: kind(
    414,
    { en: 'The address is too long', 'zh-CN': '请求地址过长' },
    { en: 'Shorten the path or the query.', 'zh-CN': '请缩短路径或查询参数。' },
  ),
  unsupported_media_type: kind(
    415,
    { en: 'The content type is not supported here', 'zh-CN': '不支持该内容类型' },
    { en: 'Send `Content-Type: application/json`.', 'zh-CN': '请使用 `Content-Type: application/json`。' },
  ),
  unprocessable: kind(
    422,
    { en: 'It cannot be done as asked', 'zh-CN': '无法按要求执行' },
    { en: 'Change the request as the detail says.', 'zh-CN': '请按详细说明修改请求。' },
  ),

  // What a connector met; statuses come from the connector contract
  config_invalid: kind(
    ERROR_CODES.config_invalid.status,
    { en: 'The configuration is not valid', 'zh-CN': '配置无效' },
    {
      en: 'Correct the fields named in `errors`; the connector’s `configSchema` describes them.',
      'zh-CN': '请改正 `errors` 中列出的字段；字段说明见该连接器的 `configSchema`。',
    },
  ),
  auth_failed: kind(
    ERROR_CODES.auth_failed.status,
    { en: 'The platform refused the credentials', 'zh-CN': '平台拒绝了凭证' },
    {
      en: 'Check the ids and secrets of the connection in the platform’s console; `vendorCode` says what the platform answered.',
      'zh-CN': '请在平台后台核对该连接的 ID 与密钥；平台返回的错误见 `vendorCode`。',
    },
  ),
  permission_denied: kind(
    ERROR_CODES.permission_denied.status,
    { en: 'The platform does not permit this', 'zh-CN': '平台未授予权限' },
    {
      en: 'Grant the application the permission or visible range in the platform’s console.',
      'zh-CN': '请在平台后台为应用授予相应权限或可见范围。',
    },
  ),
  input_invalid: kind(
    ERROR_CODES.input_invalid.status,
    { en: 'The platform cannot take this input', 'zh-CN': '平台无法接受该输入' },
    { en: 'Change the input as the detail says.', 'zh-CN': '请按详细说明修改输入。' },
  ),
  not_found: kind(
    ERROR_CODES.not_found.status,
    { en: 'Not found', 'zh-CN': '未找到' },
    {
      en: 'Check the id; it may have been deleted, or belong to a connection this client may not see.',
      'zh-CN': '请检查 id；该对象可能已删除，或属于此客户端无权访问的连接。',
    },
  ),
  rate_limited: kind(
    ERROR_CODES.rate_limited.status,
    { en: 'Too many requests', 'zh-CN': '请求过于频繁' },
    { en: 'Wait as long as `Retry-After` says, then go on.', 'zh-CN': '请按 `Retry-After` 等待后再继续。' },
  ),
  unavailable: kind(
    ERROR_CODES.unavailable.status,
    { en: 'Not available at the moment', 'zh-CN': '暂时不可用' },
    { en: 'Try again later.', 'zh-CN': '请稍后重试。' },
  ),
  cursor_expired: kind(
    ERROR_CODES.cursor_expired.status,
    { en: 'The cursor is too old', 'zh-CN': '游标已过期' },
    { en: 'Read the list again from the start.', 'zh-CN': '请从头重新读取列表。' },
  ),
  bad_response: kind(
    ERROR_CODES.bad_response.status,
    { en: 'The platform’s answer could not be understood', 'zh-CN': '无法理解平台的响应' },
    { en: 'Look at the exchange in /api/v1/exchanges.', 'zh-CN': '请在 /api/v1/exchanges 查看该次调用。' },
  ),
  internal: kind(
    ERROR_CODES.internal.status,
    { en: 'Something went wrong on our side', 'zh-CN': '服务器内部错误' },
    {
      en: 'Try again; if it persists, report it together with the `requestId`.',
      'zh-CN': '请重试；若仍然失败，请附上 `requestId` 反馈给我们。',
    },
  ),
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemCatalogue;
