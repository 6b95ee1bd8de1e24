"""The headers that exports use for our columns, in English and Arabic: the one table.

Lists are separated by commas. Headers are compared folded (see `words.fold`), and words of units are
set aside first, so that "Odometer (miles)" is found under "odometer". The column's own name is
understood without standing here.
"""

from __future__ import annotations

VEHICLE = (
    "vin, vin no, vin number, chassis, chassis no, chassis number, frame number, plate, plate no, plate "
    "number, number plate, licence plate, license plate, license number, registration, registration no, "
    "registration number, reg, reg no, reg number, vrm, vehicle no, vehicle number, car id, car number, "
    "unit number, رقم الشاسيه, الشاسيه, شاصي, رقم الشاصي, رقم الهيكل, رقم اللوحة, اللوحة, لوحة السيارة, "
    "رقم المركبة, رقم السيارة"
)
CUSTOMER = (
    "customer no, customer number, customer code, cust id, cust no, client id, client no, client "
    "number, owner id, owner no, account no, account number, customer key, رقم العميل, كود العميل, رقم "
    "الزبون, كود الزبون, معرف العميل"
)
ODOMETER = (
    "odometer, odo, mileage, mileage in, odometer in, odometer reading, mileage reading, km in, "
    "odometer value, km reading, kilometers, kilometres, miles, km, kms, meter reading, قراءة العداد, "
    "العداد, عداد المسافة, الكيلومترات, كيلومتر, الممشى, المسافة المقطوعة"
)

# Table -> column -> other headers.
SYNONYMS: dict[str, dict[str, str]] = {
    "customers": {
        "customer_id": CUSTOMER,
        "name": (
            "customer name, client name, full name, owner name, contact name, buyer name, اسم العميل, "
            "الاسم, الاسم الكامل, اسم الزبون, اسم المالك"
        ),
        "phone": (
            "phone number, phone no, telephone, telephone number, tel, tel no, phone 1, main phone, "
            "primary phone, contact number, contact no, رقم الهاتف, الهاتف, رقم التليفون, تليفون, "
            "تلفون, رقم التلفون"
        ),
        "phone_2": (
            "second phone, other phone, alternative phone, alternate phone, home phone, work phone, "
            "business phone, phone number 2, telephone 2, tel 2, mobile 2, secondary phone, هاتف آخر, "
            "هاتف 2, رقم هاتف آخر, هاتف المنزل, هاتف العمل, جوال 2, موبايل 2"
        ),
        "email": "e-mail, mail, email address, e-mail address, البريد الإلكتروني, بريد إلكتروني, الإيميل",
        "address": "postal address, home address, street address, mailing address, العنوان, عنوان",
        "language": "preferred language, lang, اللغة, لغة التواصل",
        "birthday": "birth date, date of birth, dob, birthdate, born, born on, تاريخ الميلاد, الميلاد",
        "timezone": "time zone, tz, المنطقة الزمنية",
        "advisor": (
            "service advisor, adviser, service adviser, sa, advisor name, account manager, مستشار "
            "الخدمة, المستشار, اسم المستشار"
        ),
        "household_id": "household, family id, household number, رقم الأسرة, الأسرة",
        "consent_call": "call consent, phone consent, consent phone, may call, موافقة الاتصال",
        "consent_sms": "sms consent, consent text, may sms, sms opt in, موافقة الرسائل",
        "consent_email": "email consent, may email, email opt in, موافقة البريد الإلكتروني",
        "consent_post": "post consent, consent mail, consent letter, may post, موافقة البريد",
        "consent_messenger": "messenger consent, consent whatsapp, whatsapp consent, موافقة واتساب",
        "do_not_contact": "dnc, do not call, no contact, blocked, عدم الاتصال, ممنوع الاتصال",
    },
    "vehicles": {
        "vehicle_id": VEHICLE,
        "customer_id": CUSTOMER,
        "make": "brand, manufacturer, الماركة, ماركة السيارة, الشركة المصنعة, الصانع",
        "model": "model name, car model, vehicle model, الموديل, الطراز, طراز السيارة",
        "model_year": "year, my, year of manufacture, year model, سنة الصنع, سنة الموديل, الموديل سنة",
        "fuel": "fuel type, engine type, نوع الوقود, الوقود",
        "purchased_on": (
            "purchase date, date of purchase, purchased, bought on, sold date, sale date, date sold, "
            "date of sale, sales date, delivery date, delivered, delivered on, date of delivery, "
            "handover date, تاريخ الشراء, تاريخ البيع, تاريخ التسليم, تاريخ الاستلام"
        ),
        "condition": "new used, new or used, used new, حالة الشراء, جديد مستعمل, جديدة أو مستعملة",
        "odometer_at_purchase_km": (
            "odometer at purchase, mileage at purchase, delivery odometer, delivery mileage, odometer "
            "at delivery, mileage at delivery, sold mileage, sale mileage, mileage at sale, العداد عند "
            "الشراء, عداد الشراء, العداد عند التسليم"
        ),
        "monthly_km": (
            "monthly, monthly mileage, average monthly mileage, avg monthly mileage, per month, average "
            "per month, average monthly, المسافة الشهرية, متوسط المسافة الشهرية, شهريا"
        ),
        "warranty_end_on": (
            "warranty end, warranty end date, warranty until, warranty expiry, warranty expires, "
            "warranty expiry date, end of warranty, انتهاء الضمان, نهاية الضمان, تاريخ انتهاء الضمان"
        ),
        "finance_end_on": (
            "finance end, finance end date, lease end, lease end date, contract end, loan end, end of "
            "finance, end of lease, نهاية التمويل, انتهاء التمويل, تاريخ انتهاء التمويل"
        ),
        "finance_km_limit": (
            "contract mileage, lease mileage, mileage limit, finance mileage limit, finance limit, حد "
            "المسافة, مسافة العقد"
        ),
        "status": "vehicle status, car status, حالة السيارة, حالة المركبة, الحالة",
    },
    "visits": {
        "visit_id": (
            "ro, ro no, ro number, repair order, repair order number, repair order no, job card, job "
            "card no, job card number, job no, job number, work order, work order no, wo, work order "
            "number, order no, order number, visit no, visit number, service order, رقم أمر الإصلاح, "
            "أمر الإصلاح, رقم الزيارة, كارت التشغيل, رقم أمر الشغل, أمر العمل"
        ),
        "vehicle_id": VEHICLE,
        "visited_on": (
            "visit date, date of visit, service date, date of service, repair date, ro date, date in, "
            "ro open date, open date, check in date, arrival date, job date, repair order date, تاريخ "
            "الزيارة, تاريخ الصيانة, تاريخ الدخول, تاريخ الخدمة, تاريخ الإصلاح"
        ),
        "odometer_km": ODOMETER,
        "kind": (
            "visit kind, visit type, service type, job type, ro type, work type, type of visit, type of "
            "service, repair type, نوع الزيارة, نوع الصيانة, نوع الخدمة, نوع العمل"
        ),
        "amount": (
            "total, total amount, invoice amount, invoice total, net amount, revenue, paid, amount "
            "paid, المبلغ, الإجمالي, إجمالي الفاتورة, قيمة الفاتورة"
        ),
        "margin": "gross margin, gross profit, profit, gp, هامش الربح, الربح, الهامش",
        "declined_amount": "declined, declined work, work declined, deferred amount, أعمال مرفوضة",
        "services": (
            "services done, work done, work performed, work description, description of work, operations, "
            "operation description, labour operations, labor operations, op codes, ops, job lines, الأعمال, "
            "الخدمات, الأعمال المنفذة, وصف الأعمال"
        ),
    },
    "readings": {
        "vehicle_id": VEHICLE,
        "read_on": "reading date, date of reading, read date, odometer date, mileage date, تاريخ القراءة",
        "odometer_km": ODOMETER,
    },
    "surveys": {
        "customer_id": CUSTOMER,
        "asked_on": "survey date, asked, answered on, answer date, response date, تاريخ الاستبيان",
        "score": "nps, nps score, rating, satisfaction, recommend, الدرجة, التقييم, درجة الرضا",
    },
    "offers": {
        "offer_id": "offer no, offer number, voucher, voucher no, voucher number, coupon, رقم العرض",
        "customer_id": CUSTOMER,
        "issued_on": "issued, issue date, offer date, date issued, sent on, تاريخ الإصدار, تاريخ العرض",
        "redeemed_on": "redeemed, redeem date, redemption date, used on, تاريخ الاستخدام, تاريخ الصرف",
    },
}

# Too general to compete: counted half, and only where no better header is there.
WEAK: dict[str, str] = {
    "vehicle_id": "vehicle, car, السيارة, المركبة",
    "customer_id": "customer, client, owner, العميل, الزبون, المالك",
    "visited_on": "date, day, التاريخ, اليوم",
    "read_on": "date, day, التاريخ, اليوم",
    "asked_on": "date, day, التاريخ, اليوم",
    "issued_on": "date, day, التاريخ, اليوم",
    "name": "customer, client, owner, العميل, الزبون, المالك",
    "kind": "type, النوع",
    "odometer_km": "reading, القراءة",
}

# A mobile number is the number to call first: beside a plain "phone" that one becomes the second.
MOBILE = (
    "mobile, mobile no, mobile number, mobile phone, cell, cell phone, cellphone, cell number, gsm, "
    "الجوال, رقم الجوال, الموبايل, رقم الموبايل, المحمول, رقم المحمول, النقال"
)

# What the name of a file or sheet says about its kind; settles a tie only.
NAMES = {
    "customers": "customer, client, contact, owner, عملاء, زبائن",
    "vehicles": "vehicle, car, stock, fleet, مركبات, سيارات",
    "visits": "visit, service, repair, order, job, workshop, زيارات, صيانة",
    "readings": "reading, odometer, mileage, قراءات, عداد",
    "surveys": "survey, nps, satisfaction, استبيان",
    "offers": "offer, voucher, coupon, عروض",
}


def listed(words: str) -> list[str]:
    """The headers of a list."""
    return [word.strip() for word in words.split(",")]


def markdown() -> str:
    """All headers that are understood, as tables for the documentation."""
    lines = [""]
    for table, columns in SYNONYMS.items():
        lines += [
            f"**{table}**",
            "",
            "| column | other headers | if there is no better one |",
            "| --- | --- | --- |",
        ]
        lines += [f"| `{column}` | {words} | {WEAK.get(column, '')} |" for column, words in columns.items()]
        lines.append("")
    lines += [f"The number to call first, and `phone` if there is no other: {MOBILE}.", "", ""]
    return "\n".join(lines)
