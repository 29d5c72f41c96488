"""How people type prices, sizes and quantities: 3.20, 3,20, ٣٫٢٠, 1,200 pieces."""

from __future__ import annotations

import re
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext

from sundry.goods.catalogue.rules import PHOTO_BYTES_MAX

_GROUPING: Final = re.compile(r"(?<=\d)[\s.,'’٬،](?=\d{3}(?!\d))")  # of thousands
_WHOLE: Final = re.compile(r"\d{1,12}")
LENGTH_MAX: Final = 20


def was_recounted(form: forms.BaseForm) -> bool:
    """Whether another stock was written than stood in the form when it was opened (`stock_seen`). A form that does not
    say what stood there counts."""
    given = form.cleaned_data
    return form.add_prefix("stock_seen") not in form.data or given.get("stock_seen") != given.get("stock_pieces")


def plain_digits(written: str) -> str:
    """Digits of any script as 0 to 9, decimal signs as a point."""
    digits = "".join(str(int(char)) if char.isdecimal() else char for char in written.strip())
    return digits.replace("٫", ".").replace("，", ",").replace("。", ".")


class ScaledField(forms.CharField):
    """A decimal number, kept as a whole one: yuan with two decimals as fen, centimetres as millimetres, kg as g.

    Nobody is asked what 1,200 means where it could be 1.2: more decimals than there can be are refused.
    """

    def __init__(self, *, decimals: int, signed: bool = False, **more: Any) -> None:
        self.decimals, self.signed = decimals, signed
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}), **more)

    def to_python(self, value: Any) -> Any:
        written = super().to_python(value)
        if not written:
            return None
        if len(written) > LENGTH_MAX:
            raise forms.ValidationError(self._refusal(written[:LENGTH_MAX]))
        sign = r"[-\u2212+]?" if self.signed else ""
        part = rf"(?:[.,](\d{{1,{self.decimals}}}))?" if self.decimals else r"()"  # a yen has no minor unit
        found = re.fullmatch(rf"({sign})(\d{{1,10}}){part}", plain_digits(written))
        if found is None:
            raise forms.ValidationError(self._refusal(written))
        whole = int(found[2]) * 10**self.decimals + int((found[3] or "").ljust(self.decimals, "0") or "0")
        return -whole if found[1] in ("-", "\u2212") else whole

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Those of texts say nothing of a number."""

    def prepare_value(self, value: Any) -> Any:
        """As it is typed, without decimals that say nothing."""
        if not isinstance(value, int):
            return value
        whole, part = divmod(abs(value), 10**self.decimals)
        decimals = f"{part:0{self.decimals}d}"
        shown = decimals if self.decimals == 2 else decimals.rstrip("0")
        return f"{'-' if value < 0 else ''}{whole}{'.' + shown if shown and part else ''}"

    def _refusal(self, written: str) -> str:
        said = ngettext(
            "“%(value)s” cannot be read as a number with at most %(decimals)s decimal. Write it like 12.5.",
            "“%(value)s” cannot be read as a number with at most %(decimals)s decimals. Write it like 12.5.",
            self.decimals,
        )
        return said % {"value": written, "decimals": self.decimals}


class QuantityField(forms.CharField):
    """Whole pieces, with or without signs between the thousands."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}), **more)

    def to_python(self, value: Any) -> Any:
        written = super().to_python(value)
        if not written:
            return None
        plain = _GROUPING.sub("", plain_digits(written[: LENGTH_MAX + 1]))
        if not _WHOLE.fullmatch(plain):
            said = gettext("“%(value)s” is no whole number. Write digits only.")
            raise forms.ValidationError(said % {"value": written[:LENGTH_MAX]})
        return int(plain)

    def validate(self, value: Any) -> None:
        if value is None and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Those of texts say nothing of a number."""


class File(forms.FileInput):
    """Several; its name is what templates know it by (`widget_type`): it gets the drop area of a file."""

    allow_multiple_selected = True


class PhotosField(forms.FileField):
    """Several photos, or one of the camera: UploadedFile each."""

    def __init__(self, *, capture: bool = False, **more: Any) -> None:
        attrs = {"accept": "image/*", "multiple": True, "data-limit-bytes": str(PHOTO_BYTES_MAX)}
        super().__init__(widget=File(attrs=attrs | ({"capture": "environment"} if capture else {})), **more)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = data if isinstance(data, list | tuple) else [data]
        return [super(PhotosField, self).clean(one, initial) for one in files if one]
