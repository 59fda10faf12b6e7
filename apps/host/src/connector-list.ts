/**
 * The connectors a host loads unless TRAINBRIDGE_CONNECTORS says otherwise: one line per package, in the order that
 * decides who keeps a contested id. Nothing else in the host knows a platform's name.
 */
export const BUILT_IN_CONNECTORS = [
  '@trainbridge/connector-wecom',
  '@trainbridge/connector-dingtalk',
  '@trainbridge/connector-feishu',
] as const;
