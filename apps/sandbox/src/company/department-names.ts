/** A branch of the organisation chart; `count` is filled while it grows. */
export interface Branch {
  name: string;
  nameEn?: string;
  children?: readonly Branch[];
}

/** The offices every company has, in the order they are founded (a small company gets the first ones only). */
export const offices: readonly Branch[] = [
  {
    name: '人力资源部',
    nameEn: 'Human Resources',
    children: [
      {
        name: '培训与发展中心',
        nameEn: 'Learning & Development',
        children: [{ name: '课程研发组' }, { name: '培训运营组' }],
      },
      { name: '招聘组', nameEn: 'Recruiting' },
      { name: '薪酬绩效组' },
    ],
  },
  {
    name: '研发中心',
    nameEn: 'Engineering',
    children: [
      {
        name: '平台研发部',
        nameEn: 'Platform',
        children: [
          {
            name: '后端组',
            children: [{ name: '网关小组', children: [{ name: '值班班组' }] }, { name: '存储小组' }],
          },
          { name: '前端组' },
          { name: '数据组' },
        ],
      },
      { name: '质量保障部', nameEn: 'Quality', children: [{ name: '测试组' }, { name: '安全组' }] },
      { name: '产品设计部', nameEn: 'Product Design' },
    ],
  },
  {
    name: '财务部',
    nameEn: 'Finance',
    children: [{ name: '会计组' }, { name: '资金组' }, { name: '审计组' }],
  },
  { name: '市场部', nameEn: 'Marketing', children: [{ name: '品牌组' }, { name: '活动组' }] },
  {
    name: '客户服务中心',
    nameEn: 'Customer Care',
    children: [{ name: '热线一组' }, { name: '热线二组' }, { name: '投诉处理组' }],
  },
  {
    name: '供应链中心',
    nameEn: 'Supply Chain',
    children: [{ name: '采购部' }, { name: '仓储部', children: [{ name: '东仓' }, { name: '西仓' }] }],
  },
  { name: '法务合规部', nameEn: 'Legal' },
  { name: '信息技术部', nameEn: 'IT' },
  { name: '总裁办', nameEn: 'CEO Office' },
];

/** Sales regions with provinces and cities; below a city stand shops, below a shop its crews. */
export const regions: readonly Branch[] = [
  { name: '华东大区', nameEn: 'East China', children: [
    { name: '上海分公司', children: [{ name: '浦东' }, { name: '徐汇' }, { name: '闵行' }] },
    { name: '江苏分公司', children: [{ name: '南京' }, { name: '苏州' }, { name: '无锡' }] },
    { name: '浙江分公司', children: [{ name: '杭州' }, { name: '宁波' }, { name: '温州' }] },
  ] },
  { name: '华南大区', nameEn: 'South China', children: [
    { name: '广东分公司', children: [{ name: '广州' }, { name: '深圳' }, { name: '佛山' }] },
    { name: '福建分公司', children: [{ name: '福州' }, { name: '厦门' }] },
    { name: '广西分公司', children: [{ name: '南宁' }, { name: '柳州' }] },
  ] },
  { name: '华北大区', nameEn: 'North China', children: [
    { name: '北京分公司', children: [{ name: '朝阳' }, { name: '海淀' }, { name: '通州' }] },
    { name: '山东分公司', children: [{ name: '济南' }, { name: '青岛' }, { name: '烟台' }] },
    { name: '河北分公司', children: [{ name: '石家庄' }, { name: '唐山' }] },
  ] },
  { name: '西南大区', nameEn: 'Southwest', children: [
    { name: '四川分公司', children: [{ name: '成都' }, { name: '绵阳' }] },
    { name: '重庆分公司', children: [{ name: '渝中' }, { name: '江北' }] },
    { name: '云南分公司', children: [{ name: '昆明' }, { name: '大理' }] },
  ] },
  { name: '华中大区', nameEn: 'Central China', children: [
    { name: '湖北分公司', children: [{ name: '武汉' }, { name: '宜昌' }] },
    { name: '湖南分公司', children: [{ name: '长沙' }, { name: '株洲' }] },
  ] },
]; // prettier-ignore

/** Crews of one shop. */
export const crews: readonly string[] = ['早班组', '晚班组', '收银组', '陈列组', '仓管组', '客服组'];

/** Job titles by the kind of department, matched against the department's path of names. */
const titles: readonly (readonly [RegExp, readonly string[]])[] = [
  [/大区|分公司/, ['导购员', '收银员', '店长', '区域督导', '销售代表', '客户经理']],
  [/研发|信息技术/, ['软件工程师', '高级软件工程师', '测试工程师', '架构师', '产品经理', '数据分析师']],
  [/人力|培训/, ['培训专员', '培训经理', '招聘专员', 'HRBP', '薪酬专员']],
  [/财务/, ['会计', '出纳', '财务分析师', '审计专员']],
  [/客户服务/, ['客服专员', '客服组长', '质检员']],
  [/供应链/, ['采购专员', '仓库管理员', '物流调度', '叉车司机']],
];

/** Job titles that fit a department, by the names on its path from the root. */
export function titlesFor(path: string): readonly string[] {
  return titles.find(([pattern]) => pattern.test(path))?.[1] ?? ['专员', '主管', '助理', '经理'];
}
