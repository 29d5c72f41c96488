"""The words by which a sentence says what it says of a number: growth, gap, share, rank, target, list.

Problem: the same thing is said in many words (增长, 上升, 涨; 高于, 快于, 领先于), and half of them have a twin that
means something else (增加值 is no increase, 第一方阵 no first place, 提高到 no growth).

    GROW.search("增加值")                  nothing: value added
    RANK.search("居全省第一方阵")           nothing: a group, no place
    other_growth("环比增长")               on_previous_period: not the growth over the year before

Therefore each way of saying is one pattern here, with its false twins taken out by what stands around it.
"""

from __future__ import annotations

import re

from sundry.engines.reading.model import Period, Token

STOPS = "，；。：！？…\n"
BRACKET = re.compile(r"（[^（）]*）")
DOWN = re.compile(
    r"(?:下降|减少|下滑|下跌|降低|缩减|缩短|下浮|萎缩|下调)(?!至|到|为)|[降减跌](?=[\s约近超]*$)"
    r"|少了?(?=[\s约近超]*$)|降幅|跌幅|负增长"
)
UP = re.compile(r"增长|上升|提高|提升|增加(?!值)|增幅|增速|上涨|涨|增(?!加值)|升|扩大|转正")
SLOWER = re.compile(r"回落|收窄|放缓|减缓|趋缓|下降|降低|减少|缩小|下滑|低于|慢于|落后|低|慢|少")
FASTER = re.compile(r"提高|加快|回升|上升|提升|扩大|增加(?!值)|反弹|高于|快于|高出|优于|好于|领先|高|快|多|超")
FALLING = re.compile(r"降幅|跌幅")  # 降幅收窄: what falls falls less, so the growth is higher
GROW = re.compile(
    r"同比|环比|(?<!自然)增长(?![面极点])|增速|增幅|上升|下降|减少|上涨|下跌|涨幅|降幅|跌幅|提升|提高"
    r"|增加(?!值)|下滑|扩大|递增|增收|降低|缩减|缩短|[增降涨跌](?=[\s约近超]*$)"
    r"|[较比][^，。；0-9]{1,8}[多少]了?(?=[\s约近超]*$)"
)
TO = re.compile(
    r"(?:提高|提升|增加|上升|下降|增长|降低|扩大|缩小|缩短|压缩|收窄|回落|达|升|降)(?:到"
    r"|至)了?(?:[^，0-9]{0,8}的)?\s*[约近超]?$"
)
GAP = re.compile(
    r"高于|低于|高出|快于|慢于|好于|优于|领先于?|落后于?|(?:比"
    r"|较)[^，。；]{1,10}(?<![加提走新])[高低快慢](?=[\s约近超出]*$)"
)
DELTA = re.compile(r"提高|加快|回升|上升|提升|扩大|回落|收窄|下降|放缓|减缓|趋缓|增加(?!值)|降低|反弹|减少")
SHARE = re.compile(r"占比|占(?!有率|用|地(?![区方])|领|据)|比重|份额")
CONTRIBUTION = re.compile(r"贡献率?")
THEY = re.compile(r"(?:[两二三四五]者|上述|以上|这些|其)(?:[两二三四五]者|合计|共)?")  # who, stands elsewhere
PULL = re.compile(r"拉动")
OF = re.compile(r"对([^，。；]{2,30}?)(?:的)?(?:增长|增量)?(?:的)?贡献")
TARGET = re.compile(r"目标|计划|力争|确保|预计|规划|拟(?!合)|争取|预期|有望")
TARGETS = re.compile(
    r"目标(?:任务)?(?:主要)?(?:是|为|有)?[：:]|目标(?:任务)?是"
)  # what follows in the sentence is aimed at
AIMS = re.compile(
    r"力争|力保|确保|争取|预期|有望|目标(?=为|是|达|[确设]?定为)|计划(?=[于到在用从新]|今年|明年|全年|年内|完成|实[施现]|[投建引培开推增通扩安])"
)  # governs all that follows in its sentence
ASIDE = re.compile(r"(?:开局|收官)之年$")
TORN = re.compile(r"(?P<words>[\u4e00-\u9fff]{2,10})｜+$")
TRADED_WITH = re.compile(r"[对与自].{2,20}(?:进出口|出口|进口)额?$")
DRAWN = re.compile(r"吸引|客商|采购商|观众|展商|到场|参展")  # words of a fair: whom it draws
MORE_THAN = re.compile(r"[比较][^，。；]{1,8}?(?P<way>[多增涨高升少减降低跌])[\u4e00-\u9fff]?了?\s*[约近超]?$")
EVERYDAY = re.compile(r"(?:不满|不到|不足)一[^\d万亿百千]|第一次|半[条段边张路截]")  # a way of speaking, and no count
SOWN = re.compile(
    r"^(?:全[村镇乡]|我村)?(?:共|一共)?(?:种植(?!园|户|业|面积|基地|大户)|种(?![子苗质薯养业植])|播种(?!面积)|栽种)了?(?P<crop>[\u4e00-\u9fff]{1,6})$"
)
REAPED = re.compile(r"^\s*(?:共|一共|总共|已)?(?:收获?|打|采|摘|产)(?:了|下|出)?\s*[约近超]?$")
REVISED = re.compile(r"(?:修订|修正|核实|核定|更正)后|最终核实|(?<![相对反])应为")
FAIR_OF = re.compile(r"博览会|交易会|展会|[^发拓开施进]展[，。]")
LAST_TIME = re.compile(r"(?:而|其中)?(?:上届|上一届|往届)")
YIELDS_LESS = re.compile(r"(?P<way>[减增歉])(?P<what>[产收])了?\s*[约近超]?$")
THE_SAME = re.compile(r".*(?:这一|该)(?:数字|数据|数目|指标)$")
OF_DOING = re.compile(r"开播|成交|下单|签约|签单|发车|到货|揽收|投递")  # counted by what it is done in: 场次, 单, 笔
WORKED_ON = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{0,8}?)(?:已经?|累计|共)*(?P<act>销售|收购|外销|出口|储存|加工|采摘)"
)  # of so many tons: the amount that was sold
SETTLED = re.compile(r"[\u4e00-\u9fff]*(?:村|镇|乡|社区|街道|小区)$")
YIELD_OF = re.compile(r"(?P<crop>[\u4e00-\u9fff]{1,6}?)(?:平均|的)?(?:亩产量?|单产|亩均产量|(?:种植|播种|收获)?面积)")
MAKES_YEARLY = re.compile(r"年产(?P<what>[\u4e00-\u9fff]{2,10})$")
FROM_WHERE = re.compile(r"(?:国家(?:和地区)?|地区|省(?=[和与及、，（的]|份|区|$)|省份|省区|城市)")
LONG = re.compile(r"(?P<how>[长宽高深厚])的")  # 600米长的连廊
BEGINS = re.compile(r"(?P<asof>asof )?(?:until )?(?P<year>[0-9]{4})(?:-(?:(?P<month>[0-9]{2})|(?P<part>[QH][1-4])))?")
REACHED = re.compile(r"已|同比|实现了|完成了|达到了|目前|去年|上年")  # from here on it is told what is
REAL = re.compile(r"可比价|不变价|可比口径.{0,3}实际|扣除价格|实际增长|实际下降")
NOMINAL = re.compile(r"现价|名义")
EACH = re.compile(r"([日月年])(?:均)?产\s*(?:能达?|达到?|约|超|近)?\s*$")
BETWEEN = re.compile(r"[、和及与以，]+(?:同比)?(?:增长|下降|上升|上涨|下跌|提高|回落|减少)?")  # two numbers of one 分别
STRUCTURE = re.compile(
    r"(?:三次产业|三产)(?:增加值)?(?:结构|比例|比重|占比)(?:之?比)?[^，。；0-9]{0,8}?"
    r"(?:由?[0-9.]+[：:∶][0-9.]+[：:∶][0-9.]+(?:调整|优化|变化?|演变)(?:为|至|到))?"
    r"(?P<one>[0-9]{1,2}(?:\.[0-9]+)?)[：:∶](?P<two>[0-9]{1,2}(?:\.[0-9]+)?)[：:∶](?P<three>[0-9]{1,2}(?:\.[0-9]+)?)(?![0-9：:∶])"
)
LASTS = re.compile(
    r"(?P<what>[\u4e00-\u9fff]{0,14}(?:时间|时长|周期|用时|耗时|车程|路程|行程))(?:平均|已|将|由"
    r"|从)*(?:压缩|缩短|控制|降低|降|提高|延长|为|达|约|仅|只|需|要)*(?:至|到|在|为|达)?\s*[约近超]?\s*$"
)
WORKED = re.compile(
    r"已?(?:全部|累计|共)?(?P<act>收获|收割|播种|种植|栽插|移栽|流转|承包|覆盖|治理|改造|播栽|栽种)(?:了)?$"
)
AFFECTS = re.compile(r"影响[^，]{1,14}?(?:上涨|下降|上升|下跌|回落|增长|涨|跌)")
OVERTAKEN = ("突破", "超过", "超", "打破", "刷新")  # before a year: the number behind it is that year's
PAST = re.compile(r"(?:由|从)\s*$")
LOW_OR_HIGH = re.compile(r"来?的?(?:同期|历史)?(?:低位|高位|新[高低]|最[高低好大快])")
WHOLE_OF = re.compile(r"(投资|零售|营业收入|销售额|用电量|利润|税收|出口|进口|贷款|存款)(?:总?额|总额|余额)?$")
BY_BRANCH = re.compile(
    r"(?:分|按)(?:三次)?产业(?:看|分|来看)|分行业看|按行业分|分领域看|分门类看|分三大门类看|分地区看"
)
OWNER = re.compile(
    r"(?P<who>(?:该|这家)(?:公司|企业|厂|村|镇|合作社|景区|银行|医院|学校|园区|项目)|(?<=[，。”])(?:公司"
    r"|企业|集团)(?=今年|去年|一季度|上半年|｜)"
    r"|[\u4e00-\u9fffA-Za-z（）·]{2,20}?(?:公司|集团|合作社|农场|银行|支行|分行|农商行|医院|大学|学院|中学"
    r"|小学|商场|超市|酒店|景区|度假区"
    r"|工厂|门店|直播间|厂|村|社区|镇|街道|乡))"
    r"(?=[，、已共累今上前去全从在于日年预计划｜]|实现|完成|销售|出口|进口|营业|产值|接待|假期|达|推出|签订|$)"
)
NOT_OWNER = re.compile(
    r"^(?:[个家所座名多]|据|记者从|从|由|经|为|给|对|向|与|和|全市|全县|我市|我县|各|全部|所有|多家|等"
    r"|支持|推动|鼓励)|(?:数据|统计|获悉|了解|介绍|表示|显示|规上|规模以上|全市|农村|乡村|新农村)"
)
FLOW = re.compile(
    r"举办|开展|发放|新增|完成|办理|达成|签约|签订|签下|培训|招聘|招录|组织|实施|查处|受理|接待|销售|生产"
    r"|收购|兑付|兑现|减免|投入|引进|招引|新设|新建|改造|发送|开行|惠及|带动|解决|调解|破获|抓获|检查|走访"
    r"|新签约|新开工|新投产|新增|竣工|改造提升|新建成|铺排|整治|修复|资助|救助|扶持|腾出|安排|拨付|下达|筹集|募集"
)
INCREASE = re.compile(
    r"(?P<than>(?:[较比][^，]{1,16}?|同比|环比)?)(?P<verb>净增加?|增加(?!值)|新增|扩大|多出|多增|少增|增长|增"
    r"|多|回落|下跌|上涨|减少|净减|少减|缩小|下降|少)了?\s*[约近超]?\s*$"
)
MEASURE = re.compile(
    r"(?:播种面积|种植面积|收获面积|面积|总?产量|总?产值|出栏量?|存栏量?|销量|销售额|进出口额?|出口额?"
    r"|进口额?|投资额?|余额|收入|用电量|价格|接待游客)$"
)
BARE = re.compile(
    r"(?:我们|他们|她们|咱们|大家|自己|公司|该公司|这里|那里|[比较同按仅]|同比|环比|平均|日均|月均|年均"
    r"|单日|单月|当月|当日|户均|场均|每[^，]?)|(?:.*(?:(?<![标书])签|(?<![征预修])订|[剩按赚挣掏]"
    r"|净落|卖出"
    r"|订下|售出|成功举办|前移|前进|提前|同比|达到|上届|去年|出去|出来|起来|下来|过来|回来))"
)
CONTESTS = re.compile(r"百强|千强|强县|强市|榜(?!上有名)|竞争力|综合|评价|考核|指数")  # what a place is taken in
DAILY = re.compile(r"([日月])均[^，。；0-9]{0,12}$")
MORE_RANKS = re.compile(r"(?:[、和](?:第(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:位|名)?|首位))+")  # 第一位、第二位
FLOWING = frozenset(("列", "人次", "架次", "件", "吨", "标箱", "辆次", "车次", "单", "票", "批次", "场", "起"))
AMONG = re.compile(
    r"(?:全[省市国]|[0-9一二三四五六七八九十]+个?|各)?(?:县市区?|区县市?|市县|设区市|地市|县|市州|州市"
    r"|省份?|城市)[中里内]?"
)
DWELLERS = re.compile(r"(?P<who>城镇|农村)(?:常住)?居民")
PER_DWELLER = re.compile(r"人均(?:可支配收入|(?:生活)?消费支出)$")
OPEN_ALL_DAY = re.compile(r"(?:全天候|不间断|不打烊)?(?:服务|值班|值守|营业|在线|自助|热线|客服|书房|书吧|急诊|门诊)")
LASTING = re.compile(r"(?:时间|时长|周期|车程|路程|行程)$")
PER_HEAD = re.compile(r"(?:平均)?每[一万千百十]?(?:名|位|个)?(?:人|户|家|亩|平方公里|村|镇|企业|老人|学生|床位)(?!次)")
A_RATE = re.compile(r"(?:率|均价|价格)(?:平均|已|达)?$")
GIVES = re.compile(
    r"(?:安排|发放|投入|拨付|下达|争取|落实|兑现|筹集|筹措|募集|统筹|整合|设立|拿出|列支|撬动|下拨|到位|获得|办理)了?(?:约|近|超过?|逾)?\s*$"
)
GIVEN = re.compile(
    r"(?:的)?(?P<what>[\u4e00-\u9fff“”]{0,10}?(?:资金|基金|补贴|补助|津贴|奖金|贷款|消费券|债券|善款|经费|红包))(?=[，。；、（]|支持|用于|扶持|推动|助力|帮助|$)"
)  # 安排800万元专项资金
GREAT = re.compile(
    r"大((?![于小约概学厅道楼门棚桥家米一二三四五六七八九十])[\u4e00-\u9fff]{1,6}(?:区|产业|行业|板块|主题"
    r"|专题|集群|基地|平台|项目|工程|市场))"
)
ELSEWHERE = re.compile(
    r"(?:^|(?<=[，；。｜]))(?P<who>(?!全|我|本|各|市|县|州|区|省|在|[一二三四五六七八九十]|两|城|都|超|上|该|省"
    r"|邻)[\u4e00-\u9fff]{2,4}(?:州|盟|县|市))"
    r"(?![场民政属级区内外域值委长里情城统公监商教卫农文人财税水交住自应审国发])"
)
SPENT = re.compile(r"(?:花|花了|赚|挣|省|省下|付|买|交|拿|给|卖)$")
REGULAR = re.compile(r"每([月年人亩户件套吨天晚台斤升场度次]|公斤|平方米|[0-9]+克)\s*$")  # every month so much money
FIELDS = re.compile(r"总量|总数|数量|增速|增幅|规模|总额")
ADVERB = re.compile(
    r"(?:快速|稳步|持续|均|继续|保持|实现|较快|大幅|明显|小幅|平稳|按可比价格?计算|比|较|去年|上年|同期"
    r"|全年|上月|也|更|还|则|都|分别|的|，|\s|｜)+$"
)
RANK = re.compile(
    r"(?P<verb>跻身|(?<=[，、])(?=(?:全球|全国|全省|国内|世界)第[0-9一二三四五六七八九十]{1,3}[位名]?(?:[，。；、！]|$))|位居|稳居|跃居|居于|(?<![民邻新旧安定家宜旅隐同寓])居|位列|(?<![班系陈队排序])列|排名|排在"
    r"|(?<!安)排|名列|位次|位于|夺得|获)(?P<among>[^，。；：！？第]{0,16}?)"
    r"(?P<rank>第(?P<n>[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:位|名)?|首位|榜首"
    r"|(?<!提)前(?P<top>[0-9]{1,3}|[一二两三四五六七八九十]{1,2})(?:位|名|强)?)(?!方阵|梯队|档|线|批|产业"
    r"|行业|企业|大|[届期次版]|的|[0-9一二三四五六七八九十])"
)
QUALITATIVE = re.compile(
    r"(?:均|都|双双|全部)?(?:实现|保持|呈现?)?(?:了)?(?:有|取得|达到?)?(?P<two>两位数以?上?的?(?:较快|快速|高速)?增长|两位数增幅)"
    r"|(?P<turn>由负转正|由正转负|由降转[升增]|由升转降|转负为正|扭亏为盈)"
    r"|(?P<high>(?:再)?创(?:下|出)?(?:了)?(?:[^，。；]{0,8}以来)?(?:历史|同期|近年来?"
    r"|单[日月])?(?:同期)?新[高低]|创历史最高)"
    r"|(?P<flat>(?:与|同|和)(?:去年|上年|上月|上期|上季度|上届|上周)(?:同期)?(?:基本)?持平|基本持平"
    r"|持平(?=[，。；、]|$)|与(?:经济|地区生产总值|GDP)(?:增长|发展|增速)?(?:保持|基本)*同步(?=[，。；、]|$)|(?:高于|低于|优于|好于)全[省国市][^，。；0-9]{0,4}平均(?:水平)?(?=[，。；]|$))"
    r"|在(?:全[省国市球]|[^，。；]{2,8})(?P<lead>保持领先|遥遥领先|名列前茅|居于前列|位居前列)"
)
FIRST = re.compile(
    r"(?P<scope>全国|全省|全市|国内|全球|我国|世界|省内|浙江)?(?:首|第一)(?P<unit>个|单|家|批|座|条|例|笔"
    r"|只|场|趟|列|张|艘|台|项|款|支|件|站|部|班)"
    r"|(?P<scope2>全国|全省|全市|国内|全球|我国|世界|省内)唯一(?:一|的)?(?P<unit3>个|家|座|所)"
    r"|第(?P<n>[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?P<unit2>个|家|座|条|例|批|只|列|艘|支)"
)
FROM = re.compile(
    r"的?\s*(?:下降|上涨|增长|上升)?[约近超]?[-－−]?[0-9.]+%?[^，。；]{0,6}?(?:提高|提升|增加|上升|下降|降|升"
    r"|扩大|缩小|压缩|缩短|增长"
    r"|增|涨|跌)?(?:[到至]|转为)"
)
DONE = re.compile(
    r"(?:(?:完成|占|相当于)(?:了)?(?:全年|年度|年初|年|既定|总)?|[为达](?:全年|年度|年初|调整)?)(?:目标任务|目标|任务|计划|预算|指标"
    r"|序时进度)(?:调整)?(?:数)?的?\s*[约近超]?$"
)
MEASURED = re.compile(
    r"(?:增加值|总产值|产值|产量|销量|营业额|营业收入|投资额?|进出口|出口额?|进口额?|零售额|销售额|交易额|成交额"
    r"|货运量|吞吐量|发电量|供电量|业务量|周转量)(?:增速)?$"
)
COUNTED = re.compile(
    r"(?:等|这)?[0-9一二两三四五六七八九十]{1,2}(?:个|大|条|类|家)"
    r"(?:重点|主要|主导)?(?:行业|产业|线路|通道|企业|地区|领域|品种|口岸|景区|市场|项目|镇街?|县|国家|乡镇"
    r"|园区)(增加值|产值|产量|出口|投资)?$"
)
COUNTED_THERE = re.compile(COUNTED.pattern.removesuffix("$"))
HAS = re.compile(r"\s*(?:共有|现有|拥有|有|实现|完成|累计)(?!关|效|限|力|序|望)")
AIM = re.compile(r"(?:既定|总)?(?:目标|任务|计划|预算)")
RATE = re.compile(r"(?:率|比|比重|比例|面|度|强度|指数)$")
MAKER = re.compile(
    r"([\u4e00-\u9fff]{1,14}(?:业|产业|产品|电商|店|园区|集群|商户|单位))(?:共|累计|合计)?(?:实现|完成)$"
)
FIGURES = re.compile(
    r"(?:等?[0-9一二两三四五六七八九十]+[项大个])(?:主要)?(?:经济)?(?:指标|数据)\s*(?:均|都|双双)?\s*$"
)
NOW = re.compile(r"(?:截[至止])?(?:目前|当前)(?=[，\u4e00-\u9fff])(?!形势|的?任务|阶段|和今后)|如今，")
ET_CETERA = re.compile(r"等[^、，]{0,8}?(进出口|出口|进口|产量|销量|零售额|增加值|投资|产值)$")
MADE = re.compile(
    r"((?:规模以上|规上|限额以上|限上)?[\u4e00-\u9fff]{0,10}(?:企业|工业|服务业|产业|单位))(?:共|累计"
    r"|合计)?(?:实现|完成)"
    r"(增加值|总产值|产值|销售产值|利润总额|利润|利税|税收|营业收入|销售额|零售额|进出口|出口|进口"
    r"|投资)(?:额)?(?:达|为|约|超|突破)?\s*$"
)
SCOPE = re.compile(r"(规模以上|限额以上)(?:工业|服务业|批发业|零售业)?(?:企业|单位)?(?:共|累计|合计)?(?:实现|完成)$")
ABOUT = re.compile(r"前后|左右")  # a day that is not told exactly is no period of numbers
SUMMED = re.compile(r"(?<![前第])([二两三四五六七八九十]|[2-9]|10)年[来间]?累计")  # 五年累计: of years
BUILT = re.compile(r"(?:建成|建设|改建|扩建|升级|安排|完成)")
MONTH = re.compile(r"\d{4}-\d\d")
DAYS = re.compile(r"\d{4}-\d\d-\d\d")
STOCK = re.compile(r"(?:余额|保有量|拥有量|存量|库存|在册数)$")
OFFICE = re.compile(
    r"首|唯一|第|最|排|前|大学|医院|银行|分行|日报|路|海关|统计|[\u4e00-\u9fff]{0,6}局|政府|市?委|人|籍|客"
    r"|商人|等|、|的|，|（"
)
OFFER = re.compile(r"奖励|补贴|补助|资助|奖补|给予")
CHANGED = re.compile(
    r"^(?:再|又|已|逐步|稳步)?(?:增长|增加|提高|提升|上升|扩大|发展|壮大|下降|减少|降低|缩短|缩小|压缩|上调|下调|调整|调高|调低|[涨跌])(?:到|至|为)了?"
)
RISEN = re.compile(
    r"([^，]{2,14}?)(?:从|由)[^，]{1,14}(?:增长|增加|提高|提升|上升|扩大|发展|下降|减少|降低|缩短|[增降升涨跌])(?:到|至)了?"
)
NEW = re.compile(r"^(?:新增|净增|新设|新认定|新培育|新获评|新入库)(?:的)?")
AMOUNT = re.compile(
    r"(?:数量|总量|规模|人数|件数|家数|户数|(?<![质力重含])[\u4e00-\u9fff]量|[\u4e00-\u9fff]额|产值|收入"
    r"|利润|面积|人次|客流|价格|均价|指数|余额)(?=\s*$)"
)
WITH_WHOM = re.compile(
    r"(?:(?:对|与|自)[^，。；的占高低比较增下累完实｜]{1,14}[、和]?[^，。；的占高低比较增下累完实]{0,14}"
    r"|“[^“”]{1,10}”(?:国家|产品|企业|地区)?)$"
)
WIDE = re.compile(
    r"(?:全社会|全市|城乡|地方|货物|外贸|总|全部|全口径|辖区|市域|规模以上|规上|限额以上|限上|年末|期末"
    r"|本外币|新增|净增)+"
)
MEASURED_OF = re.compile(
    r"(?:企业|单位)?(?:共|累计|合计)?(?:实现|完成)?(?P<measure>固定资产投资|项目投资|投资额?|营业收入"
    r"|营业额|销售额|零售额|销售产值|总产值|产值|利润总额|利润"
    r"|利税|税收|用电量|贷款余额|贷款|进出口额?|出口额?|进口额?|工资总额|从业人员|用地面积)"
)
PLAIN_MEASURE = re.compile(
    r"(?:已|共|累计|合计|总计|当年|年内|全年)*(?P<what>(?:实现|(?P<act>完成|年度计划|计划|年度|协议))?(?P<measure>投资额?|总?产值|营业收入|销售收入|销售额"
    r"|营收|利润|利税|税收|纳税|交易额|签约额|总金额|金额))(?:达到?|为|约|近|超过?|突破|逾)*\s*"
)  # 完成投资…: whose stands in the clause before
BUSY = re.compile(r"(?:项目|工程|企业|公司|园区|基地|主体|单位|市场|店|合作社|加工厂|工坊|车间)$")
BY_ITSELF = re.compile(
    r"金额|总金额|货值|价值|货重|数量|总量|总额|总数|面积|户数|人数|家数|件数|总投资|年度投资|计划投资|期限"
)
OF_AIM = re.compile(r"(?:目标|水平|标准|要求|预期|底线|红线|上限|下限|增速|增幅)$")  # 低于4.5%的控制目标
NO_OWNER = re.compile(r"以|左右|销往|来自|出口|流向|用于|是|为|由|在")  # 三成销往海外: of what was named before
DONE_BY = re.compile(r"(?!左右|以上|以下|的|增|上|下|提|降|高|低|来自|其中|达)[\u4e00-\u9fff]{2}(?=[，。；、]|$)")
VERB_BEFORE = re.compile(
    r"(?:通达|覆盖|惠及|服务|带动|辐射|涉及|吸引|组织|帮助|走访|新增|培育|引进|销往|远销|出口到?|联通|扶持|奖励|受理|培训)\s*$"
)
DONE_FOR = re.compile(
    r"(?<![新增期待等被])(?P<act>带动|扶持|帮扶|培训|惠及|资助|救助|慰问|腾出|盘活|招募|选派|选聘|安置|吸纳|储备|备足|争取)"
    r"(?=(?P<what>[\u4e00-\u9fff]{2,8}))"
)  # whom or what so many were: 培训机手90人次, 腾出土地300亩
VISITED = re.compile(r"[区镇乡村馆园山湖街巷谷寨城岛寺塔宿县市]$|峰值$")  # a place, that has visitors, or their most
PLAIN = re.compile(
    r"企业|单位|公司|个体户|项目|产品|高校|学校|学生|人员|代表|村|镇|镇街|行业|地区|家企业|国家|城市"
    r"|国家和地区|居民|群众"
)
DID = re.compile(
    r"(?:成功|已|均|先后|新|集中|正式)?(?:(?P<act>开工|竣工|投产|投用|签约|落地|落户|入驻|获奖|参会|参展|参赛"
    r"|参加|入库|上市|挂牌|建成)(?=[，。；、（]|$)|(?:入选|获评|获批|获得|通过|上榜|入围|跻身|荣获|就|组织"
    r"|被评为|被认定|列入|签约|入驻|实现|保持)[^，。；：0-9]{2,24})"
)
NOTE_BEFORE = re.compile(r"（ +）\s*$")
PLAN = re.compile(r"^(?:行动|规划|计划|攻坚|方案|目标|工程|战略|一度|一遇|以上|以下|以内|制)")
DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}
LISTED = re.compile(
    r"(?P<n>[二两三四五六七八九]|十[一二三四五六七八九]?|[一二三四五六七八九]十[一二三四五六七八九]?)"
    r"(?P<unit>个字|字|个|大|项|条|篇|方面|点|种)(?P<noun>[\u4e00-\u9fff]{0,6})"
)
TIMES = (
    "年",
    "个月",
    "月",
    "天",
    "日",
    "周",
    "周年",
    "小时",
    "分钟",
    "秒",
    "个工作日",
    "个季度",
    "个学期",
    "世纪",
    "载",
)


def han_number(words: str) -> int:
    """十 is 10, 十二 is 12, 二十三 is 23. KeyError: no such numeral."""
    if words.isdecimal() and words.isascii():
        return int(words)
    if "十" not in words:
        return DIGITS[words] if len(words) == 1 else int("".join(str(DIGITS[word]) for word in words))
    tens, _, ones = words.partition("十")
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((found.start() for found in pattern.finditer(text)), default=-1)


def is_fall(head: str) -> bool:
    """Whether the last word for a change before a growth says down: 由降转升，下降 is a fall."""
    return _last(DOWN, head) > _last(UP, head)


def is_less(head: str) -> bool:
    """Whether a difference in points is downwards; 降幅收窄 is a growth that is higher."""
    return (_last(SLOWER, head) > _last(FASTER, head)) != bool(FALLING.search(head))


def other_growth(head: str) -> tuple[str, ...]:
    """What else than a growth over the year before: 环比 over the month before, 三年平均 a mean of years."""
    kinds = (("on_previous_period", "环比|较上月|比上月"), ("average", "年均|年平均|月均|复合"))
    return tuple(kind for kind, words in kinds if re.search(words, head))


def masked(text: str) -> str:
    """`text` with what is in brackets made blank, so that a clause is not broken by it."""
    return BRACKET.sub(lambda note: "（" + " " * (len(note[0]) - 2) + "）", text)


def compared(text: str, token: Token) -> bool:
    """Whether a period is one that is compared with: 较上年同期, 比去年."""
    assert token.period is not None
    if token.period.is_comparison:
        return True
    before = text[max(0, token.start - 2) : token.start].rstrip(" ")
    if FROM.match(text, token.end) and (before.endswith(("由", "从")) or text[token.start] in "由从"):
        return True  # 由去年的11.2%提高到14.6%
    if text[max(0, token.start - 3) : token.start].endswith(OVERTAKEN) and token.period.code.isdecimal():
        return True  # 突破2029年…的纪录
    return before.endswith(("较", "比", "同", "与", "相比")) and not before.endswith("对比")


def as_stock(period: Period) -> Period:
    """A stock is counted at the end of the period printed with it: 2031 -> asof 2031-12, 2031-Q2 -> asof 2031-06."""
    code = period.code
    if code.startswith(("asof", "until")):
        return period
    code = code.split("/")[-1] or code
    year, _, rest = code.partition("-")
    month = {"": "12", "Q1": "03", "Q2": "06", "Q3": "09", "Q4": "12", "H1": "06", "H2": "12"}.get(rest, rest)
    return Period(f"asof {year}-{month}")
