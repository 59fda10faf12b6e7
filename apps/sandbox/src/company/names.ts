import { pick, type Random } from './random.js';

/** A Chinese character (or two) with its pinyin. */
interface Syllable {
  han: string;
  pinyin: string;
}

/** Reads lists such as `王wang李li` into pairs. */
function syllables(list: string): Syllable[] {
  return [...list.matchAll(/(\p{Script=Han}+)([a-z]+)/gu)].map((match) => ({
    han: match[1] ?? '',
    pinyin: match[2] ?? '',
  }));
}

const surnames = syllables(
  '王wang李li张zhang刘liu陈chen杨yang赵zhao黄huang周zhou吴wu徐xu孙sun胡hu朱zhu高gao林lin何he郭guo马ma罗luo' +
    '梁liang宋song郑zheng谢xie韩han唐tang冯feng于yu董dong萧xiao程cheng曹cao袁yuan邓deng许xu傅fu沈shen曾zeng彭peng吕lv' +
    '苏su卢lu蒋jiang蔡cai贾jia丁ding魏wei薛xue叶ye阎yan余yu潘pan杜du戴dai夏xia钟zhong汪wang田tian任ren姜jiang' +
    '欧阳ouyang司马sima上官shangguan诸葛zhuge',
);

const given = syllables(
  '伟wei芳fang娜na敏min静jing丽li强qiang磊lei军jun洋yang勇yong艳yan杰jie娟juan涛tao明ming超chao秀xiu霞xia平ping' +
    '刚gang桂gui英ying华hua玉yu萍ping红hong梅mei鑫xin波bo斌bin宇yu浩hao凯kai健jian俊jun帆fan雪xue慧hui莹ying' +
    '倩qian婷ting佳jia琳lin瑶yao晨chen曦xi辰chen轩xuan泽ze睿rui文wen昊hao天tian子zi涵han梓zi诗shi雨yu欣xin' +
    '怡yi思si嘉jia宁ning安an然ran一yi诺nuo瑾jin瑜yu萱xuan可ke心xin悦yue航hang远yuan志zhi建jian国guo新xin' +
    '春chun海hai山shan松song柏bai峰feng岩yan龙long飞fei鹏peng翔xiang毅yi青qing竹zhu秋qiu月yue川chuan',
);

/** Names that are not two or three characters long; every company of some size has them. */
const rarities: readonly Syllable[] = [
  { han: '阿依古丽·买买提', pinyin: 'ayiguli' },
  { han: '巴特尔·苏和', pinyin: 'bateer' },
  { han: '扎西顿珠', pinyin: 'zhaxidunzhu' },
  { han: '古丽娜尔·艾力', pinyin: 'gulinaer' },
];

/** A person's name and what an administrator would type as the account for it. */
export interface GeneratedName {
  name: string;
  /** Lower-case pinyin, family name first, joined by a dot: `lin.mei`. Not unique. */
  account: string;
}

/** A plausible Chinese name; about one in 250 is of a form that breaks careless code. */
export function generateName(random: Random): GeneratedName {
  if (random() < 0.004) {
    const rare = pick(random, rarities);
    return { name: rare.han, account: rare.pinyin };
  }
  const family = pick(random, surnames);
  const first = pick(random, given);
  const second = random() < 0.72 ? pick(random, given) : undefined;
  return {
    name: family.han + first.han + (second?.han ?? ''),
    account: `${family.pinyin}.${first.pinyin}${second?.pinyin ?? ''}`,
  };
}

/** Aliases as office workers choose them; only some people have one. */
export const aliases: readonly string[] = [
  'Amy', 'Ben', 'Cindy', 'David', 'Eric', 'Fiona', 'Grace', 'Helen', 'Ivy', 'Jack', 'Kevin', 'Linda',
  'Mei', 'Nina', 'Oscar', 'Penny', 'Ray', 'Sunny', 'Tony', 'Vivian', 'Wendy', '小林', '阿强', '老王',
]; // prettier-ignore
