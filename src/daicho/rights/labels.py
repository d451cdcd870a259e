"""The words of this room's closed lists that no other page says."""

from collections.abc import Mapping
from typing import Final

from daicho.policy.language import Arrival, ReplyBy
from daicho.words.text import Text

CHANNEL_WORDS: Final[Mapping[str, Text]] = {
    Arrival.POST: Text("郵送", "by post"),
    Arrival.COUNTER: Text("窓口", "at the counter"),
    Arrival.WEB: Text("ウェブ", "by web"),
    Arrival.EMAIL: Text("電子メール", "by e-mail"),
    Arrival.FAX: Text("FAX", "by fax"),
}
METHOD_WORDS: Final[Mapping[str, Text]] = {
    ReplyBy.WRITTEN: Text("書面の交付", "on paper"),
    ReplyBy.ELECTRONIC: Text("電磁的記録の提供", "electronic record"),
    ReplyBy.INSPECTION: Text("閲覧", "inspection"),
}
LETTER_WORDS: Final[Mapping[str, Text]] = {
    "receipt": Text("受付のお知らせ", "Acknowledgement of receipt"),
    "defect": Text("補正のお願い", "Request to make good what is missing"),
    "delay": Text("遅延のお知らせ", "Delay notice"),
    "return": Text("書類の返戻", "Return of the documents"),
    "disclosure": Text("開示通知書", "Disclosure"),
    "partial_disclosure": Text("一部開示通知書", "Partial disclosure"),
    "purpose_notice": Text("利用目的の通知書", "Notice of purposes"),
    "provision_records": Text("第三者提供記録の開示", "Records of provision"),
    "correction_result": Text("訂正等の結果通知書", "Result of a correction"),
    "stop_result": Text("利用停止等の結果通知書", "Result of a stop or erasure"),
    "not_held": Text("不存在の通知書", "Not held"),
    "refusal": Text("不応諾の通知書", "Refusal"),
    "substitute_measure": Text("代替措置の通知書", "Substitute measure"),
    "method_change": Text("開示方法の変更の通知書", "Change of method"),
}
