"""Words to make people and cars of: invented people, real model names, no real address.

Arabic names come with the Latin letters that stand in their e-mail address.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """What a language calls people, places and companies."""

    first: tuple[tuple[str, str], ...]  # as written, in Latin letters
    last: tuple[tuple[str, str], ...]
    trades: tuple[str, ...]  # {name} is the owner's family name
    streets: tuple[str, ...]  # {no} is the house number
    cities: tuple[str, ...]
    advisors: tuple[str, ...]
    timezones: tuple[str, ...]
    other_language: str


def _same(names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name.lower()) for name in names.split())


def _pairs(names: str) -> tuple[tuple[str, str], ...]:
    words = names.split()
    return tuple(zip(words[::2], words[1::2], strict=True))


ENGLISH = Words(
    first=_same(
        "Ada Alan Alma Amos Anna Arthur Bella Ben Bruno Carla Celia Clara Dana Daniel Della Diego Edgar "
        "Elena Elias Emma Ethan Eva Felix Flora Frank Gina Grace Hanna Henry Hugo Ida Irene Ivan Jack "
        "Jana Joel Julia Karl Kate Laura Leo Lena Liam Lucy Marco Marta Max Mia Nadia Nina Noah Nora Olga "
        "Omar Oscar Paul Petra Quinn Rita Robin Rosa Ruth Sam Sara Simon Sofia Stella Theo Tina Tom Vera "
        "Victor Walter Wendy Zoe"
    ),
    last=_same(
        "Abbot Aldridge Ashby Barlow Bellamy Birch Blackwood Bramley Calder Carver Chadwick Clifton "
        "Coleridge Corbett Cresswell Dalton Denby Dunmore Eastwood Ellery Fairbank Falkner Farrow Fenwick "
        "Garland Gentry Granger Greenhill Hadley Halden Harcourt Hartwell Hawthorne Holloway Hurst Ingram "
        "Jessop Kendrick Kimball Langford Larkin Linwood Lockhart Marlow Mayfield Merrick Milburn "
        "Moreland Nash Newbury Northcott Oakley Ormond Pemberton Penrose Prescott Quimby Radley Ravenhill "
        "Redfern Rowley Sandford Selwyn Sheldon Stanhope Sterling Stockton Tattersall Thornton Tilney "
        "Underhill Vance Wakefield Waverly Westbrook Whitlock Winslow Woodruff Wyndham Yardley"
    ),
    trades=(
        "{name} & Sons Plumbing",
        "{name} Deliveries",
        "{name} Landscaping",
        "{name} Home Care",
        "{name} Electric",
    ),
    streets=(
        "{no} Maple Street",
        "{no} Oak Avenue",
        "{no} Mill Road",
        "{no} Orchard Lane",
        "{no} Station Road",
        "{no} Hill Street",
        "{no} Lakeview Drive",
        "{no} Park Avenue",
        "{no} Church Street",
        "{no} River Road",
    ),
    cities=("Fairview", "Riverton", "Oakdale", "Brookside", "Lakewood", "Milltown", "Cedar Grove"),
    advisors=("Olivia Reed", "Marcus Hale", "Priya Nair", "Tomas Lind", "Grace Obi"),
    timezones=("America/Chicago", "America/Denver", "America/Los_Angeles"),
    other_language="en",
)

ARABIC = Words(
    first=_pairs(
        "أحمد ahmad محمد mohammad خالد khalid عمر omar علي ali حسن hasan يوسف yousef إبراهيم ibrahim سعيد "
        "saeed ماجد majed فيصل faisal طارق tariq زياد ziyad سامي sami كريم karim رامي rami وليد walid "
        "ناصر nasser بدر badr هاني hani فاطمة fatima مريم maryam نورة noura سارة sara ليلى layla هند hind "
        "ريم reem دانة dana أمل amal منى mona هدى huda سلمى salma لينا lina جود joud ياسمين yasmin رنا "
        "rana شيماء shaimaa عائشة aisha"
    ),
    last=_pairs(
        "النجار alnajjar الحداد alhaddad الخياط alkhayyat الصباغ alsabbagh العطار alattar البستاني "
        "albustani الكاتب alkatib الفارس alfaris المهندس almuhandis التاجر altajer الساعاتي alsaati "
        "الجوهري aljohari الزهراني alzahrani الشمالي alshamali الجنوبي aljanoubi الشرقي alsharqi البحري "
        "albahri الجبلي aljabali السهلي alsahli الوادي alwadi النخلي alnakhli الريفي alrifi المدني "
        "almadani القاضي alqadi الحكيم alhakim الأمين alamin الصالح alsaleh الكريم alkarim الهادي alhadi "
        "الراشد alrashed السالم alsalem الفاضل alfadel"
    ),
    trades=(
        "مؤسسة {name} للنقل",
        "شركة {name} للمقاولات",
        "{name} لخدمات التوصيل",
        "مطابخ {name}",
        "{name} للصيانة المنزلية",
    ),
    streets=(
        "شارع النخيل {no}",
        "شارع الورود {no}",
        "شارع الزيتون {no}",
        "شارع السلام {no}",
        "شارع الجامعة {no}",
        "طريق البحر {no}",
        "شارع الحديقة {no}",
        "شارع السوق {no}",
        "طريق المطار {no}",
        "شارع المدرسة {no}",
    ),
    cities=("الرياض", "جدة", "الدمام", "الخبر", "المدينة المنورة", "أبها", "الطائف"),
    advisors=("عبدالله الفارس", "نورة الحكيم", "سامي النجار", "ليلى القاضي", "طارق الهادي"),
    timezones=("Asia/Dubai", "Africa/Cairo", "Asia/Amman"),
    other_language="ar",
)

LANGUAGES = {"en": ENGLISH, "ar": ARABIC}

# Make, model, fuel, first model year: the best-selling first, and the first is older than any sample.
MODELS = (
    ("Toyota", "Corolla", "petrol", 1966),
    ("Toyota", "RAV4", "hybrid", 2016),
    ("Hyundai", "Tucson", "petrol", 2004),
    ("Kia", "Sportage", "petrol", 1993),
    ("Toyota", "Camry", "hybrid", 2007),
    ("Hyundai", "Elantra", "petrol", 1991),
    ("Chevrolet", "Silverado", "diesel", 1999),
    ("Toyota", "Hilux", "diesel", 1968),
    ("Kia", "Rio", "petrol", 2000),
    ("Hyundai", "Santa Fe", "diesel", 2001),
    ("Toyota", "Yaris", "petrol", 1999),
    ("Chevrolet", "Equinox", "petrol", 2005),
    ("Hyundai", "Kona Electric", "electric", 2019),
    ("Kia", "Niro EV", "electric", 2019),
    ("Chevrolet", "Bolt", "electric", 2017),
    ("Kia", "Sorento", "diesel", 2003),
)

# Area codes of the United States; with 555-0100 to 555-0199 behind them they ring nobody.
_CODES = (
    "201 202 203 205 206 207 208 209 210 212 213 214 215 216 217 218 219 220 223 224 225 227 228 229 231 "
    "234 235 239 240 248 251 252 253 254 256 260 262 267 269 270 272 274 276 279 281 283 301 302 303 304 "
    "305 307 308 309 310 312 313 314 315 316 317 318 319 320 321 323 324 325 326 327 329 330 331 332 334 "
    "336 337 339 341 346 347 350 351 352 353 360 361 363 364 369 380 385 386 401 402 404 405 406 407 408 "
    "409 410 412 413 414 415 417 419 423 424 425 430 432 434 435 440 442 443 445 447 448 458 463 464 469 "
    "470 472 475 478 479 480 484 501 502 503 504 505 507 508 509 510 512 513 515 516 517 518 520 530 531 "
    "534 539 540 541 551 557 559 561 562 563 564 567 570 571 572 573 574 575 580 582 585 586 601 602 603 "
    "605 606 607 608 609 610 612 614 615 616 617 618 619 620 623 626 628 629 630 631 636 640 641 645 646 "
    "650 651 656 657 659 660 661 662 667 669 678 680 681 682 686 689 701 702 703 704 706 707 708 712 713 "
    "714 715 716 717 718 719 720 724 725 726 727 728 730 731 732 734 737 738 740 743 747 748 754 757 760 "
    "762 763 765 769 770 771 772 773 774 775 779 781 785 786 801 802 803 804 805 806 808 810 812 813 814 "
    "815 816 817 818 820 821 826 828 830 831 832 835 838 839 840 843 845 847 848 850 854 856 857 858 859 "
    "860 862 863 864 865 870 872 878 901 903 904 906 907 908 909 910 912 913 914 915 916 917 918 919 920 "
    "925 928 929 930 931 934 936 937 938 940 941 943 945 947 948 949 951 952 954 956 959 970 971 972 973 "
    "975 978 979 980 983 984 985 986 989 "
)
AREA_CODES = tuple(int(code) for code in _CODES.split())

# No exchange is called so, as short codes are: what comes behind them rings nobody either.
NO_EXCHANGES = (211, 311, 411, 511, 711)
