"""The simulated market's own words: trades and how large they are, what goods may be made of, what is said of them.

All of it is invented for this purpose. Materials and traits are concepts of the trade lexicon, in groups of one letter
that `kinds.tsv` names; what a concept is called in a language is the lexicon's business.
"""

from __future__ import annotations

from typing import Final

TRADES: Final = {
    "toys": 12,
    "jewellery": 13,
    "hardware": 8,
    "stationery": 7,
    "gifts": 8,
    "accessories": 6,
    "bags": 5,
    "kitchen": 4,
    "tableware": 4,
    "electrical": 5,
    "beauty": 6,
    "sports": 4,
    "clothing": 4,
    "shoes": 4,
    "storage": 3,
    "cleaning": 3,
    "home_textiles": 3,
    "decoration": 5,
    "flowers": 3,
    "electronics": 4,
    "appliances": 2,
    "watches_eyewear": 3,
    "haberdashery": 4,
    "packaging": 3,
    "garden": 2,
    "baby": 3,
    "vehicles": 3,
    "pets": 3,
}
"""The widest categories and their share of the stalls, in the order in which they stand in the halls."""

MATERIALS: Final = {
    "P": "plastic pp_material abs_material pvc",
    "S": "silicone",
    "M": "stainless_steel iron_metal aluminium",
    "A": "alloy zinc_alloy copper_brass gold_plated titanium_steel",
    "W": "wood bamboo mdf_board",
    "C": "ceramic bone_china",
    "G": "glass_material borosilicate_glass",
    "R": "resin acrylic",
    "T": "cotton polyester linen",
    "K": "velvet fleece plush_material",
    "N": "nylon oxford_cloth canvas_material",
    "L": "pu_leather leather",
    "F": "silk satin chiffon",
    "Y": "wool acrylic_fiber cashmere",
    "E": "eva_foam rubber tpu_tpe",
    "O": "paper_material kraft_paper cardboard_material",
    "X": "wax_material",
    "V": "wheat_straw melamine bamboo_fiber",
    "J": "crystal zircon shell_material natural_stone",
    "H": "rattan jute",
    "Z": "nonwoven_material microfiber",
    "U": "polyester nylon",
    "D": "cotton denim polyester",
    "I": "stainless_steel copper_brass zinc_alloy",
    "Q": "foil_material latex",
    "B": "gypsum cardboard_material",
}

TRAITS: Final = {
    "a": "waterproof large_capacity fashion travel for_women casual vintage portable for_students",
    "b": "wall_mounted punch_free non_slip waterproof home hotel minimalist_style multifunctional",
    "c": "portable beauty_salon for_women waterproof fashion travel mini luxury",
    "d": "creative nordic_style vintage handmade luxury living_room home hotel minimalist_style chinese_style",
    "e": "rechargeable wireless usb_style mini portable smart multifunctional",
    "f": "portable outdoor sports_use for_adults for_children thick",
    "g": "garden outdoor heat_resistant portable thick home adjustable",
    "h": "multifunctional industrial portable manual_style home thick",
    "j": "fashion handmade for_women luxury vintage bohemian heart star flower_shape butterfly sexy",
    "k": "food_grade heat_resistant kitchen home restaurant eco_friendly multifunctional thick non_slip",
    "l": "solar_powered outdoor indoor waterproof remote_style rechargeable creative",
    "o": "cartoon creative school office for_students cute mini portable",
    "p": "custom self_adhesive transparent reusable eco_friendly shop_display thick",
    "q": "for_children educational cartoon cute luminous for_boys for_girls creative large mini",
    "s": "foldable large_capacity multilayer home storage_use thick dustproof minimalist_style",
    "t": "soft printed embroidered thick nordic_style home bedroom breathable",
    "u": "for_pets portable soft adjustable cute breathable non_slip",
    "v": "adjustable waterproof portable multifunctional non_slip sun_protection",
    "w": "fashion casual for_women for_men breathable elastic_stretch plus_size printed",
    "x": "party birthday wedding creative custom handmade cute new_year",
    "y": "for_baby soft food_grade cute cartoon portable",
    "A": "fashion vintage for_women for_men luxury formal",
    "B": "automatic foldable windproof sun_protection portable for_women",
    "C": "portable mini multifunctional fast_charging thin_light",
    "D": "industrial commercial_use home thick",
    "E": "wireless automatic remote_style battery_powered smart",
    "F": "home commercial_use multifunctional large_capacity automatic mini",
    "G": "fashion casual non_slip breathable waterproof soft for_women for_men",
    "H": "warm_thermal thick breathable for_women for_men elastic_stretch",
    "I": "for_women for_girls minimalist_style heart star flower_shape",
    "J": "shop_display luxury minimalist_style multilayer",
    "K": "assorted mini",
    "L": "breathable elastic_stretch adjustable thick sports_use for_adults",
    "M": "summer for_women elastic_stretch sun_protection fashion",
    "N": "long_sleeve arabic_style islamic_style embroidered for_women",
    "O": "sealed gift_boxed",
    "P": "home hotel scented disposable gift_boxed",
    "Q": "disposable medical_use adjustable home",
    "R": "adjustable telescopic home thick manual_style",
    "S": "home_decoration_use hanging handmade photography wedding",
    "U": "portable mini thin_light multifunctional",
    "T": "thick large anti_mosquito home foldable",
}

_COLOURS: Final = (
    "red pink orange yellow green dark_green blue navy_blue light_blue purple black white beige brown gray "
    "gold_color silver_color transparent multicolor rose_red khaki"
)
COLOURS: Final = tuple(_COLOURS.split())

INKS: Final[tuple[tuple[tuple[int, int, int], ...], ...]] = (
    ((214, 48, 60), (214, 76, 134)),
    ((228, 158, 44), (192, 140, 88)),
    ((28, 138, 148), (58, 128, 170)),
    ((72, 76, 84), (146, 150, 158)),
)
"""What goods are drawn in: reds, yellows and browns, what lies between green and blue, what has no colour."""

_INKS_OF: Final = (
    "red pink rose_red purple multicolor",
    "orange yellow gold_color brown beige khaki",
    "green dark_green blue navy_blue light_blue",
    "black white gray silver_color transparent",
)
INK_OF: Final = {colour: ink for ink, of in enumerate(_INKS_OF) for colour in of.split()}

COLOUR_WORD: Final = {"ar": "لون", "es": "color", "fr": "couleur", "ru": "цвет"}
"""Before a colour, so that it need not agree with a noun whose gender nobody has written down."""

SORTS: Final = tuple(
    frozenset(sort.split())
    for sort in (
        "for_women for_men for_boys for_girls for_children for_adults for_students for_baby for_pets office school",
        "home hotel restaurant kitchen living_room bedroom outdoor indoor garden industrial commercial_use travel "
        "beauty_salon fitness_gym wall_mounted shop_display party birthday wedding new_year",
        "fashion casual vintage luxury minimalist_style nordic_style chinese_style bohemian creative formal",
        "cartoon heart star flower_shape butterfly",
        "large mini large_capacity thin_light thick",
        "manual_style digital smart automatic",
        "reusable disposable",
    )
)
"""Of what is said of a good, one of each sort at most: nothing is for men and for children, large and mini."""

OF_ITSELF: Final = frozenset("纸布木竹皮沙石玻陶瓷丝棉纱铁钢铜银金塑胶液油膏粉电灯机器膜贴糖草羽绒蜡铝")
"""What a good whose Chinese name holds one of these is made of, its name says, or nobody asks."""

WHOM: Final = frozenset("男女童孩婴宝幼孕宠犬猫狗老")
"""A good whose Chinese name holds one of these says itself for whom it is."""

_UNCOLOURED: Final = (
    "hardware food batteries cleaning_agents pest_control tissues perfume skincare hair_care bath_body medical glue "
    "personal_hygiene diapers car_care auto_parts fine_jewellery circuit_parts power_supplies solar tattoo_piercing "
    "taps_showers eyelashes feng_shui religious funeral trophies games printers"
)
UNCOLOURED: Final = frozenset(_UNCOLOURED.split())
"""Categories of goods whose colour nobody names."""

CAN_BE_TRANSPARENT: Final = frozenset("PGR")
"""Groups of materials; other goods are not called transparent."""

_MEASURED: Final = (
    "flowers decoration home_textiles storage_boxes storage_baskets pots_pans kitchen_knives cutting_boards plush_toys "
    "hand_tools rulers_school christmas flags pots_planters plates_bowls trays_stands "
    "fans_coolers necklaces bracelets ribbons_lace zippers_buttons pet_clothes_beds shop_fittings"
)
MEASURED: Final = frozenset(_MEASURED.split())
"""Categories of goods that are bought by their length."""

_IN_SETS: Final = (
    "tableware baking cooking_tools food_storage seasoning measuring_kitchen bedding towels table_linen hand_tools "
    "tool_sets abrasives_bits makeup_tools nails art_supplies rulers_school pretend_play puzzles baby_feeding "
    "jewellery_sets luggage travel_bags storage_boxes storage_bags mirrors candles"
)
IN_SETS: Final = frozenset(_IN_SETS.split())
"""Categories of goods that are bought in sets."""

PACKED_G_MAX: Final = 60
"""What weighs no more is bought in packs."""

TRADE_WORDS: Final = ("新款", "厂家直销", "跨境", "批发", "热卖", "一件代发", "外贸爆款", "现货", "网红", "创意")
"""What stalls write in front of a name in Chinese. In other languages nobody does."""

SPECIFICATIONS: Final[tuple[tuple[tuple[int, ...], tuple[str, ...]], ...]] = (
    # numbers, and the text in zh, en, ar, es, fr, ru
    ((10, 15, 20, 25, 30, 40, 60), ("{}cm", "{} cm", "{} سم", "{} cm", "{} cm", "{} см")),
    ((2, 3, 4, 5, 6, 8), ("{}件套", "set of {}", "طقم {} قطع", "juego de {}", "lot de {}", "набор из {} шт.")),
    ((6, 10, 12, 20, 24, 50, 100), ("{}个装", "pack of {}", "عبوة {}", "paquete de {}", "paquet de {}", "{} шт.")),
)

SIZES: Final = ("S", "M", "L", "XL", "XXL")

_SHOPS: Final = (
    "晨晖 Chenhui,嘉澜 Jialan,禾悦 Heyue,锦程 Jincheng,云帆 Yunfan,瑞泽 Ruize,百川 Baichuan,星野 Xingye,和畅 Hechang,"
    "恒晟 Hengsheng,朗月 Langyue,丰屿 Fengyu,青禾 Qinghe,远山 Yuanshan,海棠 Haitang,松涛 Songtao,明澈 Mingche,"
    "宏途 Hongtu,佳禾 Jiahe,金桂 Jingui,春泉 Chunquan,秋实 Qiushi,雅集 Yaji,知竹 Zhizhu,南风 Nanfeng,北辰 Beichen,"
    "东篱 Dongli,西岭 Xiling,溪石 Xishi,"
    "月桥 Yueqiao,木槿 Mujin,白鹭 Bailu,紫藤 Ziteng,双柳 Shuangliu,三禾 Sanhe,万叶 Wanye"
)
SHOPS: Final[tuple[tuple[str, str], ...]] = tuple(
    (zh, latin) for zh, latin in (pair.split() for pair in _SHOPS.split(","))
)
"""The first half of a stall's sign, which is its brand too: in Chinese, and as it is spelt in Latin letters."""

SECOND_HALVES: Final = (
    ("商行", "Trading"),
    ("工坊", "Works"),
    ("日用", "Goods"),
    ("批发", "Wholesale"),
    ("商铺", "Shop"),
)

HALL_NAMES: Final = {
    "zh": "{}号馆",
    "en": "Hall {}",
    "ar": "القاعة {}",
    "es": "Pabellón {}",
    "fr": "Hall {}",
    "ru": "Зал {}",
}
