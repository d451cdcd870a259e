"""What appeared after a decision: it was taken without knowing of it, so it is not carried out with it. Reads only."""

from collections.abc import Sequence

from daicho.rights.models import Claim
from daicho.runs.queries import Reached, list_slips
from daicho.words.errors import JudgementError
from daicho.words.scope import Scope
from daicho.words.text import Text


def late_answers(claims: Sequence[Claim], *, scope: Scope) -> dict[str, list[str]]:
    """Claim number → stores whose department answered, or corrected its answer, after the claim was decided."""
    slips = list_slips(owners=sorted({claim.request.number for claim in claims}), scope=scope)
    return {
        claim.number: [
            one.store
            for one in slips
            if (one.owner, one.task) == (claim.request.number, "search")
            and one.answered_at
            and claim.decided_at
            and one.answered_at > claim.decided_at
        ]
        for claim in claims
    }


def refuse_missed(claims: Sequence[Claim], reached: Reached, *, scope: Scope) -> None:
    """What the decision did not know of is not carried out under it; the decision is taken back first.

    That is: unproven rows that appeared since, and what a department answered since.

    Args:
        claims: approved, of one kind, person number n of ``reached`` being ``claims[n]``.

    Raises:
        JudgementError: something was missed; names the claims.
    """
    new = {claims[one.person].number for one in reached.resolution.candidates}
    late = {number for number, stores in late_answers(claims, scope=scope).items() if stores}
    for missed, words in (
        (new, Text("判断していない候補があります", "There are undecided candidates")),
        (late, Text("決定のあとに検索依頼票の回答が記録されました", "A search slip was answered after the decision")),
    ):
        if missed:
            named = ", ".join(sorted(missed))
            raise JudgementError(
                Text(f"{words.ja}: {named}", f"{words.en}: {named}"),
                advice=Text(
                    "「決定」の画面か daicho rights reopen で決定を取り消して検討に戻し、検索と判断をやり直して、"
                    "もう一度決定を受けてください。",
                    "Take the decision back on the page “Decision” or with `daicho rights reopen`, search and judge again, "
                    "and have it decided anew.",
                ),
            )
