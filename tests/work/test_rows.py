"""New rows made in bulk are what the object mapper itself would make."""

import pytest
from django.forms.models import model_to_dict

from daicho.rights.models import Claim, SubjectRequest
from daicho.work.rows import new_row


def test_a_new_row_is_what_the_model_makes_of_the_same_values() -> None:
    ours, theirs = (
        new_row(SubjectRequest, number="R-1", envelope={"a": 1}),
        SubjectRequest(number="R-1", envelope={"a": 1}),
    )
    assert model_to_dict(ours) == model_to_dict(theirs)
    assert ours._state.adding


def test_no_two_rows_share_a_default_that_can_change() -> None:
    one, other = new_row(SubjectRequest), new_row(SubjectRequest)
    one.searched["shop"] = 1
    assert other.searched == SubjectRequest().searched == {}


def test_a_row_points_to_one_that_is_not_written_yet() -> None:
    request = new_row(SubjectRequest, number="R-1")
    claim = new_row(Claim, request=request)
    assert claim.request is request
    assert claim.request_id is None


def test_a_value_for_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="numbr"):
        new_row(SubjectRequest, numbr="R-1")
