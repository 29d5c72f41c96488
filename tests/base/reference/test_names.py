"""Names of countries and currencies in six languages."""

from __future__ import annotations

from sundry.base.reference.loading import own_countries
from sundry.base.reference.names import country_name, currency_name
from sundry.kernel.messages import LANGUAGES
from sundry.kernel.money import CURRENCIES


def test_a_country_is_called_something_in_every_language() -> None:
    assert country_name("MA", "fr") == "Maroc"
    assert country_name("CN", "zh") == "中国"
    assert all(country_name(code, language) for code in own_countries() for language in LANGUAGES)


def test_a_currency_is_called_something() -> None:
    assert currency_name("CNY", "zh") == "人民币"
    assert all(currency_name(code, "en") for code in CURRENCIES)
    assert currency_name("QQQ", "en") == country_name("QQ", "en") == ""
