"""A holder nobody can see from here counts as living only while it renews."""

from daicho.work.holder import is_alive, this_holder


def test_a_process_of_this_host_is_seen_whether_or_not_it_renews():
    assert is_alive(this_holder(), renewed=False)
    host, pid, _ = this_holder().split("/")
    assert not is_alive(f"{host}/{pid}/1", renewed=True)  # the number was used again


def test_a_process_of_another_host_lives_only_while_it_renews():
    """A container has another name after every restart: nobody will ever see that its old self is dead."""
    assert is_alive("old-container/1/100", renewed=True)
    assert not is_alive("old-container/1/100", renewed=False)


def test_nobody_is_not_alive():
    assert not is_alive("", renewed=True)
