"""Letters: the desk's own words in them, the pack as it would be printed, and copies of what left the house."""

from typing import Annotated

from pydantic import Field

from daicho.api.gate import ApiRequest
from daicho.api.routing import Routes
from daicho.api.scopes import TokenScope
from daicho.api.shapes import Done, Files, Ref, Said, files
from daicho.rights.actions import answering, issuing, tending
from daicho.rights.intake import Facts
from daicho.words.text import Text

router = Routes(Text("書面と本人の情報", "Letters and the person"))


class CoveringSaid(Said):
    """What the claim's letter says besides; empty takes it back."""

    text: Annotated[str, Field(max_length=4000)]


@router.post(
    "/claims/{number}/covering",
    needs=TokenScope.REQUESTS_DECIDE,
    says=Text("回答書に添える文を決める", "Write what the letter of a claim says besides"),
    response=Done,
)
def set_covering(request: ApiRequest, number: Ref, body: CoveringSaid) -> Done:
    """Sealed until the letter is issued; an issued letter is not changed."""
    answering.set_covering(number, body.text, scope=request.door.scope, at=request.door.at)
    return Done(ref=number, state="kept" if body.text.strip() else "none")


@router.get(
    "/claims/{number}/preview",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("回答一式を印刷前に見る（PDF）", "The pack as it would be printed now, as PDF"),
    response=Files,
)
def preview_pack(request: ApiRequest, number: Ref) -> Files:
    """Nothing is issued."""
    door = request.door
    return files(
        {f"{number}-preview.pdf": answering.preview_pack(number, scope=door.scope, at=door.at, folder=door.folder)}
    )


@router.get(
    "/claims/{number}/data",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("回答済みの開示データ（JSON と CSV）", "The data of an answered disclosure, as JSON and CSV"),
    response=Files,
)
def get_data(request: ApiRequest, number: Ref) -> Files:
    """As long as it is kept. The trail tells that it was handed out."""
    door = request.door
    found = answering.read_data_files(number, scope=door.scope, at=door.at, folder=door.folder)
    return files({one.name: one.content for one in found})


@router.get(
    "/requests/{number}/letters/{letter}",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("発行した書面の控え（PDF）", "The copy of an issued letter, as PDF"),
    response=Files,
)
def get_letter(request: ApiRequest, number: Ref, letter: Ref) -> Files:
    """As it left the house. The trail tells that it was looked at."""
    door = request.door
    found = tending.look_at_letter(number, letter, scope=door.scope, at=door.at, folder=door.folder)
    return files({found.name: found.content})


@router.get(
    "/requests/{number}/letters/{letter}/pack",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("発行した回答の一式（PDF）", "The pack of an issued letter, as PDF"),
    response=Files,
)
def get_pack(request: ApiRequest, number: Ref, letter: Ref) -> Files:
    """Checklist, letter, label and enclosure list as they were issued. The trail tells that it was handed out."""
    door = request.door
    found = issuing.hand_out_pack(number, letter, folder=door.folder, scope=door.scope, at=door.at)
    return files({found.name: found.content})


@router.get(
    "/requests/{number}/person",
    needs=TokenScope.REQUESTS_PEOPLE,
    says=Text("本人・代理人・回答先を見る", "Read who asks, and where the answer goes"),
    response=Facts,
)
def get_person(request: ApiRequest, number: Ref) -> Facts:
    """What the form says, also under a support measure. The trail tells that it was shown."""
    return tending.show_person(number, part="form", scope=request.door.scope, at=request.door.at)
