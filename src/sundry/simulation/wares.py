"""What the simulated market sells: small goods with the carton each usually comes in.

Every ware is invented; the HS codes are real six-digit subheadings of the HS 2022 with plausible Chinese endings, so
that a declaration looks like one. Sizes in cm, weights through a density, prices in fen.
"""

from __future__ import annotations

from typing import NamedTuple


class Ware(NamedTuple):
    """One kind of goods. `price_fen` is a range; `size_cm` and `density` (kg/m3) are of the full carton, on average."""

    zh: str
    en: str
    unit: str
    hs: str
    pieces_per_carton: int
    price_fen: tuple[int, int]
    size_cm: tuple[int, int, int]
    density: int
    remark: str = ""

    @property
    def counted_in(self) -> str:
        """What one of them is: a piece, a pair or a set."""
        return {"对": "pair", "双": "pair", "副": "pair", "套": "set"}.get(self.unit, "piece")


class Trade(NamedTuple):
    """What one kind of stall sells, and the word in its name."""

    zh: str
    wares: tuple[Ware, ...]


TRADES: tuple[Trade, ...] = (
    Trade(
        "玩具",
        (
            Ware("毛绒玩具熊", "Plush bear", "个", "9503002100", 60, (520, 980), (72, 48, 45), 85),
            Ware("拼图", "Jigsaw puzzle", "盒", "9503006000", 72, (280, 620), (52, 40, 42), 240),
            Ware("塑料积木", "Building blocks", "盒", "9503008900", 36, (850, 2400), (64, 46, 50), 160),
            Ware("遥控小车", "Remote-controlled car", "个", "9503008900", 24, (2800, 6800), (68, 45, 52), 140),
            Ware("泡泡枪", "Bubble gun", "个", "9503008900", 96, (260, 580), (70, 44, 48), 130),
        ),
    ),
    Trade(
        "饰品",
        (
            Ware("发夹", "Hair clip", "个", "9615110000", 1200, (22, 85), (50, 36, 34), 200),
            Ware("发圈", "Hair tie", "条", "9615190000", 2000, (12, 45), (48, 38, 36), 180),
            Ware("合金项链", "Alloy necklace", "条", "7117190000", 600, (180, 680), (42, 32, 28), 320),
            Ware("合金耳环", "Alloy earrings", "对", "7117190000", 1000, (90, 420), (42, 32, 28), 310),
            Ware("珠串手链", "Bead bracelet", "条", "7117900000", 800, (110, 390), (44, 33, 30), 330),
        ),
    ),
    Trade(
        "家居",
        (
            Ware("塑料收纳盒", "Storage box", "个", "3924900000", 24, (320, 1150), (76, 52, 50), 90),
            Ware("塑料衣架", "Clothes hanger", "个", "3924900000", 200, (45, 130), (56, 42, 44), 170),
            Ware("门垫", "Door mat", "张", "5703900000", 20, (980, 2200), (70, 48, 36), 230),
            Ware("抱枕", "Cushion", "个", "9404909000", 20, (980, 1900), (80, 54, 52), 62),
            Ware("浴帘", "Shower curtain", "张", "6303920090", 40, (880, 1850), (52, 40, 36), 270),
        ),
    ),
    Trade(
        "厨具",
        (
            Ware("硅胶锅铲", "Silicone spatula", "个", "3924100000", 100, (210, 460), (58, 42, 38), 210),
            Ware("不锈钢锅", "Stainless steel pot", "个", "7323930000", 12, (3200, 7800), (66, 46, 44), 150),
            Ware("竹砧板", "Bamboo cutting board", "块", "4419110000", 20, (880, 1950), (48, 38, 34), 330),
            Ware("竹筷", "Bamboo chopsticks", "双", "4419121000", 1000, (18, 60), (50, 34, 30), 360),
            Ware("厨房秤", "Kitchen scale", "台", "8423100000", 20, (1800, 3100), (54, 42, 36), 190),
        ),
    ),
    Trade(
        "陶瓷玻璃",
        (
            Ware("陶瓷马克杯", "Ceramic mug", "个", "6912001000", 36, (380, 820), (56, 42, 36), 290, "易碎"),
            Ware("玻璃花瓶", "Glass vase", "个", "7013990000", 24, (680, 1650), (60, 44, 44), 220, "易碎"),
            Ware("树脂摆件", "Resin ornament", "个", "3926400000", 48, (520, 1450), (54, 40, 40), 260, "易碎"),
        ),
    ),
    Trade(
        "文具",
        (
            Ware("笔记本", "Notebook", "本", "4820100000", 80, (180, 520), (46, 36, 30), 390),
            Ware("圆珠笔", "Ball-point pen", "支", "9608100000", 960, (24, 70), (48, 34, 30), 270),
            Ware("彩笔套装", "Marker set", "套", "9608200000", 72, (350, 960), (50, 38, 36), 250),
            Ware("橡皮", "Eraser", "块", "4016920000", 1200, (14, 40), (42, 32, 26), 400),
            Ware("文件袋", "Document bag", "个", "3926100000", 240, (60, 190), (48, 38, 34), 300),
        ),
    ),
    Trade(
        "箱包",
        (
            Ware("双肩包", "Backpack", "个", "4202920000", 30, (2600, 5200), (74, 50, 52), 95),
            Ware("化妆包", "Cosmetic bag", "个", "4202320000", 120, (380, 950), (60, 44, 42), 130),
            Ware("购物袋", "Shopping bag", "个", "4202920000", 200, (160, 420), (58, 44, 40), 190),
        ),
    ),
    Trade(
        "针织",
        (
            Ware("棉袜", "Cotton socks", "双", "6115950019", 240, (160, 380), (58, 42, 40), 170),
            Ware("围巾", "Scarf", "条", "6214300000", 120, (850, 1950), (62, 46, 44), 150),
            Ware("手套", "Knitted gloves", "双", "6116930090", 240, (220, 560), (60, 44, 42), 140),
            Ware("毛巾", "Towel", "条", "6302601000", 120, (320, 880), (60, 44, 44), 230),
        ),
    ),
    Trade(
        "节庆工艺",
        (
            Ware("圣诞彩球", "Christmas bauble", "个", "9505100010", 144, (120, 310), (62, 46, 46), 64, "易碎"),
            Ware("派对面具", "Party mask", "个", "9505900000", 200, (110, 360), (66, 48, 46), 72),
            Ware("仿真花", "Artificial flower", "支", "6702100000", 240, (90, 330), (84, 46, 42), 68),
            Ware("蜡烛", "Candle", "支", "3406000000", 96, (160, 520), (46, 34, 30), 380),
            Ware("木相框", "Wooden frame", "个", "4414901000", 48, (360, 920), (56, 44, 38), 240),
        ),
    ),
    Trade(
        "五金工具",
        (
            Ware("螺丝刀套装", "Screwdriver set", "套", "8206000000", 36, (1180, 2600), (46, 36, 30), 390),
            Ware("卷尺", "Tape measure", "把", "9017800000", 120, (260, 690), (44, 34, 28), 395),
            Ware("挂锁", "Padlock", "把", "8301100000", 120, (320, 900), (34, 26, 22), 400),
            Ware("家用剪刀", "Household scissors", "把", "8213000000", 144, (180, 420), (46, 36, 30), 330),
            Ware("指甲剪套装", "Manicure set", "套", "8214200000", 120, (420, 980), (48, 38, 32), 260),
        ),
    ),
    Trade(
        "灯具钟表",
        (
            Ware("LED台灯", "LED desk lamp", "台", "9405210000", 20, (2600, 5400), (66, 46, 48), 110),
            Ware("LED灯串", "LED string lights", "条", "9405310000", 100, (580, 1850), (54, 42, 40), 180),
            Ware("闹钟", "Alarm clock", "个", "9105110000", 60, (1150, 2300), (54, 42, 38), 200),
            Ware("手机支架", "Phone holder", "个", "3926909090", 200, (140, 420), (52, 40, 38), 210),
        ),
    ),
    Trade(
        "体育户外",
        (
            Ware("瑜伽垫", "Yoga mat", "张", "9506919000", 12, (1250, 2600), (66, 46, 62), 75),
            Ware("跳绳", "Skipping rope", "根", "9506919000", 96, (260, 640), (52, 40, 36), 230),
            Ware("羽毛球拍", "Badminton racket", "副", "9506590000", 30, (1650, 3900), (72, 46, 34), 120),
            Ware("儿童雨伞", "Children's umbrella", "把", "6601910000", 60, (650, 1250), (64, 42, 36), 210),
            Ware("太阳镜", "Sunglasses", "副", "9004100000", 300, (320, 880), (56, 42, 40), 150),
        ),
    ),
)

COLOURS: tuple[tuple[str, str], ...] = (
    ("红", "red"),
    ("蓝", "blue"),
    ("粉", "pink"),
    ("混色", "assorted"),
    ("大号", "large"),
    ("小号", "small"),
    ("白", "white"),
    ("黑", "black"),
)

SHOP_WORDS: tuple[str, ...] = (
    "晨晖",
    "嘉澜",
    "禾悦",
    "锦程",
    "云帆",
    "瑞泽",
    "百川",
    "星野",
    "和畅",
    "恒晟",
    "朗月",
    "丰屿",
)
