"""What somebody says in a conversation: words, a phrase of the market with its figures, photos and papers."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from sundry.goods.catalogue.forms_fields import File
from sundry.goods.orders.enquiry_rules import ATTACHMENT_BYTES_MAX, ATTACHMENTS_MAX, TEXT_MAX
from sundry.goods.orders.forms_sales import KeyedForm
from sundry.goods.orders.phrases import VALUE_MAX, Blank, Phrase

TAKES: Final = "image/*,.pdf,.xlsx,.docx"
BLANKS: Final[dict[Blank, tuple[Any, str]]] = {  # what a field is called, and the keyboard that it needs
    Blank.PIECES: (pgettext_lazy("blank of a phrase", "Pieces"), "numeric"),
    Blank.DAYS: (pgettext_lazy("blank of a phrase", "Days"), "numeric"),
    Blank.PERCENT: (pgettext_lazy("blank of a phrase", "Percent"), "numeric"),
    Blank.PRICE: (pgettext_lazy("blank of a phrase", "Price"), "decimal"),
    Blank.DAY: (pgettext_lazy("blank of a phrase", "Day"), ""),
    Blank.TIME: (pgettext_lazy("blank of a phrase", "Time"), ""),
    Blank.SIZE: (pgettext_lazy("blank of a phrase", "Size in cm, as 50 x 40 x 30"), ""),
    Blank.WEIGHT: (pgettext_lazy("blank of a phrase", "Weight in kg"), "decimal"),
}


class AttachmentsField(forms.FileField):
    """Photos, PDFs, sheets: UploadedFile each. Too large ones are told before anything is read."""

    def __init__(self, **more: Any) -> None:
        attrs = {"accept": TAKES, "multiple": True, "data-limit-bytes": str(ATTACHMENT_BYTES_MAX)}
        super().__init__(widget=File(attrs=attrs), **more)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        files = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(files) > ATTACHMENTS_MAX:
            raise forms.ValidationError(gettext("At most %(most)s files a message.") % {"most": ATTACHMENTS_MAX})
        kept = [super(AttachmentsField, self).clean(one, initial) for one in files]
        if any((one.size or 0) > ATTACHMENT_BYTES_MAX for one in kept):
            raise forms.ValidationError(gettext("A file is larger than 10 MB. Send a smaller one, or a photo of it."))
        return kept


class SayForm(KeyedForm):
    text = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=TEXT_MAX,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    papers = AttachmentsField(label=gettext_lazy("Photos and papers"), required=False)

    def clean(self) -> None:
        if not self.errors and not self.cleaned_data.get("text", "").strip() and not self.cleaned_data.get("papers"):
            self.add_error("text", gettext("Write something, or add a photo."))


class PhraseForm(KeyedForm):
    """The blanks of one phrase."""

    def __init__(self, data: Any = None, *, phrase: Phrase, **more: Any) -> None:
        super().__init__(data, **more)
        self.phrase = phrase
        for blank in phrase.blanks:
            label, keyboard = BLANKS[blank]
            attrs = {"inputmode": keyboard, "autocomplete": "off"} if keyboard else {"autocomplete": "off"}
            kinds: dict[Blank, forms.Widget] = {
                Blank.DAY: forms.DateInput(),
                Blank.TIME: forms.TextInput(attrs={"type": "time"}),
            }
            widget = kinds.get(blank) or forms.TextInput(attrs=attrs)
            self.fields[blank.value] = forms.CharField(label=label, max_length=VALUE_MAX, widget=widget)

    @property
    def values(self) -> dict[str, str]:
        return {blank.value: self.cleaned_data[blank.value] for blank in self.phrase.blanks}
