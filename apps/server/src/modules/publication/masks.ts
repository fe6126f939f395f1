import { maskFreeText, maskIdNumber, maskName } from '@haochaping/rules'

// Common surnames, without those that begin everyday words of such texts (方便, 解释, 安排, 关于, 时间 …): persons the
// case is about are known by name anyway, this catches the others.
const SURNAMES =
  '欧阳|司马|上官|诸葛|皇甫|公孙|慕容|令狐|司徒|夏侯|' +
  '[王李张刘陈杨黄赵吴周徐孙朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范廖贾夏韦付邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵钱覃武戴莫孔汤康牛樊葛邢齐乔伍庞颜倪庄聂鲁岳翟殷詹申耿兰焦俞柳甘祝宁尚符舒阮柯纪童凌毕季裴霍涂苗谷曲翁冉骆蓝靳柴鲍祁蒲滕屈饶牟艾尤阳穆]'
const TITLE =
  '先生|女士|小姐|同志|同学|老师|师傅|大爷|大妈|大叔|阿姨|主任|科长|处长|局长|所长|站长|组长|经理|书记|警官|律师|医生'
const ROLE = '姓名|联系人|经办人|责任人|负责人|申请人|评价人|当事人|核实人|承办人|办事员|委托人|法定代表人'
const AFTER =
  '$|[^\\u4e00-\\u9fa5]|于|已|在|向|到|的|与|和|说|称|反映|表示|来电|电话|核实|联系|沟通|办理|提交|申请|进行|回访'

// 张建国先生: what stands between a surname and a title is a given name.
const titled = new RegExp(`(${SURNAMES})[\\u4e00-\\u9fa5]{1,2}?(?=${TITLE})`, 'g')
// 申请人张建国, 联系人：张建国 — a name ends at a mark, or at a word that names are followed by.
const named = new RegExp(
  `((?:${ROLE})(?:姓名)?(?:[:\\uff1a为是叫]|\\s)*)((?:${SURNAMES})[\\u4e00-\\u9fa5]{1,2}?)(?=${AFTER})`,
  'g',
)

/**
 * Free text as it may be published: telephone, ID and card numbers, e-mail addresses and number plates masked, and
 * the names of persons: those that are known, and those that stand where names stand.
 *
 * @param names persons the case is about: who was served, who rated, whoever handled it
 */
export function maskForPublic(text: string, names: readonly string[]): string {
  const known = [...new Set(names)]
    .filter((name) => [...name].length >= 2)
    .toSorted((a, b) => b.length - a.length)
  return (
    known
      .reduce((said, name) => said.replaceAll(name, maskName(name)), maskFreeText(text))
      // Whatever long number is left may be that of an affair, which leads to its applicant.
      .replace(/\d[\dXx]{10,}/g, maskIdNumber)
      .replace(named, (_all, role: string, name: string) => role + maskName(name))
      .replace(titled, (found) => maskName(found))
  )
}
