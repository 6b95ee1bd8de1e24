"""Where people are reached: phones to E.164, and the contacts that several customers have."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from planner.settings import Settings
from planner.spelling import ASCII_DIGITS

EMAIL = r"([^\s<>;,:()\"]+@[^\s<>;,:()\"@]+\.[^\s<>;,:()\"@.]+)"
TAIL = 7  # digits that two spellings of one number share at least; see _may_be_shared

# Numbers that a clerk types to get past a required field: they end in seven equal digits or count up or down.
_COUNTING = "01234567890"
MADE_UP_ENDS = frozenset(
    [digit * TAIL for digit in "0123456789"]
    + [run[i : i + TAIL] for run in (_COUNTING, _COUNTING[::-1]) for i in range(len(run) - TAIL + 1)]
)
# The same for e-mails, and mailboxes of a firm rather than of a person; dots and dashes do not count.
MADE_UP_BOXES = frozenset(
    {"none", "no", "na", "nil", "null", "nomail", "noemail", "noname", "noreply", "donotreply"}
    | {"unknown", "nobody", "notprovided", "test", "dummy", "x", "xx", "xxx", "xxxx"}
)
FIRMS_BOXES = frozenset(
    {"info", "office", "sales", "contact", "service", "support", "admin", "mail", "email", "hello"}
    | {"reception", "accounts", "accounting", "billing", "finance", "fleet", "hr", "purchasing"}
    | {"procurement", "enquiries", "inquiries", "customerservice"}
)


def e164(phones: pd.Series, country: str) -> pd.Series:
    """Each phone as +<country><number>; '' for what is missing or cannot be dialled.

    `country` is the ISO 3166 code that numbers without a country code belong to. Of several numbers
    in one cell the first that can be dialled counts (planner.dialling). Keeps the index.

    >>> e164(pd.Series(["0100 123 4567", "+1 212 555 0100", "12"], dtype="str"), "EG").tolist()
    ['+201001234567', '+12125550100', '']
    """
    from planner.dialling import dial  # late: numbering plans of the world

    codes, distinct = pd.factorize(phones)
    dialled = np.array([dial(str(phone), country) for phone in distinct] + [""], dtype=object)
    return pd.Series(dialled[codes], index=phones.index, dtype="str")  # a missing phone has code -1


def contacts_of(people: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Every phone and e-mail that two customers have, or a customer and the dealership itself.

    people: columns phone, phone_2, email. Returns one row a customer and contact, sorted by contact:
    row (position in people), contact (E.164, or the e-mail folded), thing (phone, e-mail), column, and
    kind: '' an ordinary one; 'firm' a mailbox such as info@; 'own' the dealership's (dealership.phone,
    household.own_contacts); 'made-up' such as 0000000 or none@.
    """
    own = pd.Series([settings.dealership.phone, *settings.household.own_contacts], dtype="str")
    is_email = own.str.contains("@", regex=False)
    phones = _stacked(people, ["phone", "phone_2"], own[~is_email])
    phones = phones[_may_be_shared(phones["text"], settings.dealership.country)]
    phones = phones.assign(contact=e164(phones["text"], settings.dealership.country), thing="phone")
    emails = _stacked(people, ["email"], own[is_email])
    emails = emails.assign(contact=folded_emails(emails["text"]), thing="e-mail")
    found = pd.concat([phones, emails], ignore_index=True).drop(columns="text")
    found = found[found["contact"] != ""].drop_duplicates(["row", "contact"])

    found = found[found.duplicated("contact", keep=False)]

    codes, distinct = pd.factorize(found["contact"])
    kinds = _kinds(pd.Series(distinct, dtype="str"))
    kinds[np.unique(codes[found["row"] < 0])] = "own"
    found = found.assign(kind=pd.Series(kinds[codes], index=found.index, dtype="str"))
    return found[found["row"] >= 0].sort_values(["contact", "row"], ignore_index=True)


def same_contacts(
    people: pd.DataFrame, whose: npt.NDArray[np.bool_], phones: pd.Series, settings: Settings
) -> npt.NDArray[np.bool_]:
    """Who has a phone or e-mail of one of those people, or one of the phones?

    people: columns phone, phone_2, email. What is the dealership's own or made up joins nobody.
    """
    columns = ["phone", "phone_2", "email"]
    extra = pd.DataFrame({"phone": phones.to_numpy()}).reindex(columns=columns).astype("str")
    asking = pd.concat([people.loc[whose, columns], extra], ignore_index=True)
    # Of millions of people only those are read closely who have some of the digits or letters.
    near = np.flatnonzero(_might_share(people, asking, settings.dealership.country))
    shared = contacts_of(pd.concat([asking, people.iloc[near][columns]], ignore_index=True), settings)
    shared = shared[~shared["kind"].isin(["own", "made-up"])]
    theirs = shared.loc[shared["row"] < len(asking), "contact"]
    rows = shared.loc[shared["contact"].isin(theirs), "row"].to_numpy()
    found = np.zeros(len(people), dtype=bool)
    found[near[rows[rows >= len(asking)] - len(asking)]] = True
    return found


def _might_share(people: pd.DataFrame, asking: pd.DataFrame, country: str) -> npt.NDArray[np.bool_]:
    """Who has the last digits of a phone of those who ask, or an e-mail of theirs, or several in one cell?"""
    ends = {number[-TAIL:] for name in ("phone", "phone_2") for number in e164(asking[name], country)} - {""}
    found = np.zeros(len(people), dtype=bool)
    for name in ("phone", "phone_2"):
        text = people[name].fillna("").str.translate(ASCII_DIGITS)
        digits = text.str.replace(r"\D+", "", regex=True)
        # More than one plain number, or too short to tell: read closely.
        odd = ~text.str.fullmatch(r"[\d\s()+.\-]*") | digits.str.len().between(1, TAIL)
        found |= (odd | digits.str[-TAIL:].isin(ends)).to_numpy(dtype=bool)
    email = people["email"].fillna("").str.casefold().str.strip()
    several = email.str.contains(r"[\s<;,]")
    return found | (several | email.isin(set(folded_emails(asking["email"])) - {""})).to_numpy(dtype=bool)


def _stacked(people: pd.DataFrame, columns: list[str], own: pd.Series) -> pd.DataFrame:
    """One row a customer and cell that is not empty; the dealership's own have row -1."""
    parts = [
        pd.DataFrame({"row": np.arange(len(people)), "text": people[name].to_numpy(), "column": name})
        for name in columns
    ]
    parts.append(pd.DataFrame({"row": -1, "text": own.to_numpy(), "column": columns[0]}))
    stacked = pd.concat(parts, ignore_index=True).astype({"text": "str"})
    return stacked[stacked["text"].fillna("") != ""]


def _may_be_shared(phones: pd.Series, country: str) -> npt.NDArray[np.bool_]:
    """Which phones could be somebody else's too: most are not, and parsing is slow.

    Spellings of one number end in the same digits: in as many as the country's shortest number has, if
    that is TAIL or more. Shorter texts may be the end of any. What is more than digits and dividers is
    not judged.
    """
    from phonenumbers import PhoneMetadata

    plan = PhoneMetadata.metadata_for_region(country)
    lengths = plan.general_desc.possible_length if plan and plan.general_desc else ()
    shortest = max(TAIL, min(lengths, default=TAIL))
    codes, distinct = pd.factorize(phones)
    text = pd.Series(distinct, dtype="str").str.translate(ASCII_DIGITS)
    odd = ~text.str.fullmatch(r"[\d\s()+.\-]*").to_numpy(dtype=bool)
    text[odd] = e164(text[odd], country)
    digits = text.str.replace(r"\D+", "", regex=True).str.lstrip("0")
    ends = digits.str[-shortest:]
    end_codes, _ = pd.factorize(ends)
    held = np.bincount(end_codes[codes], minlength=len(distinct))  # by cells, not by spellings
    wanted = held[end_codes] > 1
    length = digits.str.len()
    for count in sorted(set(length[(length > 0) & (length < shortest)])):
        wanted |= digits.str[-count:].isin(digits[length == count]).to_numpy()
    return np.asarray(wanted[codes], dtype=bool)


def folded_emails(emails: pd.Series) -> pd.Series:
    """The first address in each text, in small letters; '' where there is none."""
    return emails.str.casefold().str.extract(EMAIL, expand=False).fillna("").astype("str")


def _kinds(contacts: pd.Series) -> npt.NDArray[np.object_]:
    """firm, made-up or '' as the contact itself tells."""
    is_email = contacts.str.contains("@", regex=False)
    box = contacts.str.replace(r"@.*", "", regex=True).str.replace(r"[._\-]", "", regex=True)
    firm = contacts.str.replace(r"^[^@]*@|\..*", "", regex=True)
    typed = box.isin(MADE_UP_BOXES) | firm.isin(MADE_UP_BOXES)
    made_up = np.where(is_email, typed, contacts.str[-TAIL:].isin(MADE_UP_ENDS))
    kinds = np.where(made_up, "made-up", np.where(is_email & box.isin(FIRMS_BOXES), "firm", ""))
    return kinds.astype(object)
