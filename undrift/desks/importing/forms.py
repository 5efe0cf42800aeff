"""What an import asks: a file and what it is; and, where many plans end by it, whether that is so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from undrift.applying.formats import Format
from undrift.desks.frame.fields import one_of
from undrift.desks.frame.forms import DateField, Option
from undrift.desks.frame.uploads import LARGEST
from undrift.engine.dates.horizons import no_day_of_a_file

LONGEST = 10  # an ending of a file's name that is worth quoting
CHOOSE = "Choose the file"
TOO_LARGE = (
    f"The file is larger than {LARGEST // 2**20} MB, which is more than the lists of the largest council. Export"
    " the list again, on its own"
)


class FileForm(forms.Form):
    """A file, which format it has, and the day that it describes."""

    file = forms.FileField(
        label="Which file?",
        help_text=f"{LARGEST // 2**20} MB or smaller. It is read and kept here, and not passed on",
        widget=forms.FileInput,
        error_messages={
            "required": CHOOSE,
            "invalid": CHOOSE,
            "missing": CHOOSE,
            "empty": "The file is empty. Export it again",
        },
    )
    as_at = DateField(
        label="Which day does the file describe?",
        help_text="The day on which it was taken from your case system. Nothing later is read from it as done",
        error_messages={"required": "Enter the day that the file describes"},
    )

    def __init__(self, *args: Any, formats: Mapping[str, Format], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.formats, self.today = formats, today
        kind = one_of(
            "What kind of file is it?",
            [(key, Option(one.title, one.says)) for key, one in formats.items()],
            needed="Select what kind of file it is",
        )
        self.fields = {"format": kind, **self.fields}
        endings = sorted({ending for one in formats.values() for ending in one.accept})
        self.fields["file"].widget.attrs["accept"] = ",".join(endings)

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(TOO_LARGE)
        return file

    def clean_as_at(self) -> date:
        as_at: date = self.cleaned_data["as_at"]
        if wrong := no_day_of_a_file(as_at, self.today):
            raise forms.ValidationError(wrong)
        return as_at

    def clean(self) -> dict[str, Any]:
        file, kind = self.cleaned_data.get("file"), self.formats.get(self.cleaned_data.get("format", ""))
        if file is not None and kind is not None and (wrong := wrong_ending(file.name, kind)):
            self.add_error("file", wrong)
        return self.cleaned_data


def wrong_ending(name: str, kind: Format) -> str:
    """Why a file of that name is none of that kind, by its ending; "" where it may be. The name may say a child's."""
    ending = PurePath(name).suffix.lower()
    if ending in kind.accept:
        return ""
    said = f"ends in {ending}" if 0 < len(ending) <= LONGEST else "has no ending that we know"
    return f"The file {said}. {kind.title} comes as {' or '.join(kind.accept)}: choose that file, or another kind"


class ApplyForm(forms.Form):
    """Whether the file is whole, asked where it cannot tell; and whether so many plans have ended as end by it."""

    whole = forms.BooleanField(required=False, label="Yes, I have looked: the file is whole")
    agreed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, label: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agreed"].label = label


class UndoForm(forms.Form):
    """Nothing is asked: the page says what is put back."""
