"""整理票  The sheet that lies on top of a pile of papers when it is scanned; its code says where they belong."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import zxingcpp

from daicho.letters.house import Typeface
from daicho.letters.letter import Paper, Sheet
from daicho.words.text import Language, Text

#: What the codes of our own papers begin with, so that nobody takes another's code for a number of ours.
OWN_CODE: Final = "DAICHO:"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverSheet(Paper):
    """整理票: the number of an envelope or a request, to read and as a QR code. Nothing about a person."""

    language: Language
    number: str
    arrived_on: date
    printed_on: date

    def made_on(self) -> date:
        """The day it is printed."""
        return self.printed_on

    def typeface(self) -> Typeface | None:
        """The packaged one."""
        return None

    def sheets(self) -> list[Sheet]:
        """One page."""
        say = self.language
        envelope = self.number.startswith("E-")
        name = Text("封筒番号", "Envelope no.") if envelope else Text("受付番号", "Request no.")
        code = zxingcpp.create_barcode(f"{OWN_CODE}{self.number}", zxingcpp.BarcodeFormat.QRCode, ec_level="Q")
        return [
            {
                "template": "cover",
                "lang": say.value,
                "title": Text("整理票", "Cover sheet").say(say),
                "label": name.say(say),
                "number": self.number,
                "arrived": f"{Text('到着日', 'Arrived on').say(say)}　{self.arrived_on.isoformat()}",
                "code": code.to_svg(),
                "words": [text.say(say) for text in _WORDS],
            }
        ]


_WORDS: Final = (
    Text(
        "この票を一番上に置いて、書類と一緒に読み取ってください。右のコードから綴じ先が決まります。",
        "Put this sheet on top and scan it together with the papers: the code says where they belong.",
    ),
    Text(
        "本人確認書類は別に読み取り、本籍・個人番号・保険者番号と記号番号・QRコードを黒塗りしてください。",
        "Scan identity papers separately, and black out permanent domicile, Individual Number, insurance numbers and QR code.",
    ),
    Text(
        "この票に個人情報は書かれていません。使い終わったら捨ててください。",
        "This sheet holds no personal information. Throw it away after use.",
    ),
)
