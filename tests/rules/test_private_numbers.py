"""ID card, phone and bank card numbers are found in a text; case numbers and points pass (Guard)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.private_numbers import CHECKS, WEIGHTS, PrivateKind, find_private, hinted, masked

ID, PHONE, BANK = PrivateKind.ID_CARD, PrivateKind.PHONE, PrivateKind.BANK_CARD


def id_card(first: str) -> str:
    return first + CHECKS[sum(int(d) * w for d, w in zip(first, WEIGHTS, strict=True)) % 11]


def luhn(first: str) -> str:
    for last in "0123456789":
        digits = [int(d) for d in reversed(first + last)]
        if sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(digits)) % 10 == 0:
            return first + last
    raise AssertionError


@pytest.mark.parametrize(
    ("text", "kind", "hint"),
    [
        ("11010519491231002X", ID, "110105********002X"),
        ("嫌疑人11010519491231002x未登记", ID, "110105********002x"),
        ("１１０１０５１９４９１２３１００２Ｘ", ID, "１１０１０５********００２Ｘ"),
        ("110105 19491231 002X", ID, "110105********002X"),
        ("电话13800138000。", PHONE, "138****8000"),
        ("138-0013-8000", PHONE, "138****8000"),
        ("138－0013－8000", PHONE, "138****8000"),
        ("138　0013　8000", PHONE, "138****8000"),
        ("+8613800138000", PHONE, "861******8000"),
        (f"卡号{luhn('622202123456789012')}", BANK, "622202*********0128"),
        (f"{luhn('411111111111111')}", BANK, "411111******1111"),
        (f"{luhn('222100000000000')}", BANK, "222100******0009"),
    ],
)
def test_a_persons_number_is_found_and_only_hinted_at(text, kind, hint):
    (found,) = find_private(text)
    assert found.kind is kind
    assert text[found.start : found.end] == found.text
    assert hinted(found) == hint
    assert masked(text) == text.replace(found.text, hint)


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002Y",
        "110105194912310021",
        "110105194913310020",
        "991105194912310020",
        id_card("11010518491231002"),
        "A4301112026110001234",
        "案号20261110000123",
        "12800138000",
        "身份证11010519491231X",
        "1101051949123100X2",
        "138001380001",
        "2026-11-10",
        "扣 0.5 分，第 13 条",
        luhn("1234567890123456"),
        "6222021234567890127",
        "A13800138000",
        "",
    ],
)
def test_what_only_looks_like_one_passes(text):
    assert find_private(text) == ()
    assert masked(text) == text


def test_points_before_a_number_do_not_hide_it():
    assert [found.text for found in find_private("扣 1 11010519491231002X")] == ["11010519491231002X"]
    assert [found.text for found in find_private("2 138-0013-8000 3 4")] == ["138-0013-8000"]
    assert find_private("1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5") == ()


def test_several_in_one_text_are_found_in_order():
    text = "张某13800138000，李某 11010519491231002X"
    assert [found.kind for found in find_private(text)] == [PHONE, ID]
    assert masked(text) == "张某138****8000，李某 110105********002X"


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_what_is_masked_holds_none(text):
    assert find_private(masked(text)) == ()
    for found in find_private(text):
        assert text[found.start : found.end] == found.text


@given(st.integers(0, 9999), st.dates(), st.integers(0, 999))
def test_every_valid_id_card_of_our_time_is_found(region, born, serial):
    number = id_card(f"43{region:04d}{born.year:04d}{born:%m%d}{serial:03d}")
    expected = 1900 <= born.year <= 2100
    assert any(found.kind is ID for found in find_private(f"证件{number}号")) is expected


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "No", "Nl"]), max_size=100))
def test_a_text_without_digits_stays_as_it_is(text):
    assert masked(text) == text
