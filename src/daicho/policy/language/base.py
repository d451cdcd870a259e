"""The grain of the language: texts in two languages, codes, clause marks.

Every part of a policy is a `Node`: unknown keys are refused, values are frozen, and any part
may carry ``clauses``, the company's own numbers for the sentences it publishes there.
"""

from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from daicho.words.text import Text

T = TypeVar("T")

CODE_PATTERN: Final = r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$"
CLAUSE_PATTERN: Final = r"^[A-Z][A-Za-z0-9.\-]{0,19}$"

Code = Annotated[
    str,
    StringConstraints(pattern=CODE_PATTERN, max_length=60),
    Field(description="コード（英小文字・数字・-）。一度使ったら別の意味に使わない。 A code, never reused."),
]
ClauseId = Annotated[str, StringConstraints(pattern=CLAUSE_PATTERN)]
Words = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class _Bilingual(BaseModel):
    """日本語と英語の文。 A text in Japanese and English."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="LocalText")

    ja: Words = Field(description="日本語。 Japanese.")
    en: Words = Field(description="英語。 English.")


class _TextInDocument:
    """Reads ``{ja: …, en: …}`` into `daicho.words.text.Text`, and writes it back."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            lambda read: Text(ja=read.ja, en=read.en),
            handler.generate_schema(_Bilingual),
            serialization=core_schema.plain_serializer_function_ser_schema(lambda text: dict(text.as_dict())),
        )


LocalText = Annotated[Text, _TextInDocument]


def _listed(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        raise PydanticCustomError("list_type", "must be a list")
    return value


def _not_empty(value: Any) -> Any:
    if not _listed(value):
        raise PydanticCustomError("too_short", "needs an entry", {"min_length": 1})
    return value


#: Lists, and lists with at least one entry. Their length is looked at before their entries: an
#: entry with an error still counts as one.
Many = Annotated[tuple[T, ...], BeforeValidator(_listed)]
Some = Annotated[tuple[T, ...], BeforeValidator(_not_empty), Field(json_schema_extra={"minItems": 1})]


class Node(BaseModel):
    """A part of the policy."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    clauses: Many[ClauseId] = Field(
        default=(),
        description="この箇所が表す公表文の条項番号。 The company's numbers of the published sentences that stand here.",
    )


class Sentence(Node):
    """公表する一文。 One sentence as published."""

    says: LocalText = Field(description="公表する文。 The sentence as published.")


class Address(Node):
    """所在地。 An address."""

    postal_code: str | None = Field(
        default=None, pattern=r"^\d{3}-\d{4}$", description="郵便番号（123-4567）。 Postal code."
    )
    text: LocalText = Field(description="住所。 The address.")
