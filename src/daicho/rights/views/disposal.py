"""廃棄する写し on the screen: what is due, over all requests, and the record that it was shredded."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from daicho.people.doors import DoorRequest, changes, reads, tell_error
from daicho.rights.access import DESK, LOOKERS
from daicho.rights.actions.recording import dispose_document
from daicho.rights.checklist import HOW_WORDS, OF_WORDS, paper_name
from daicho.rights.disposal import PAGE, list_due_papers
from daicho.rights.rules import Of
from daicho.words.errors import DaichoError
from daicho.words.text import Text


@reads(*LOOKERS)
def disposal(request: DoorRequest) -> HttpResponse:
    """The list."""
    door = request.door
    found = list_due_papers(scope=door.scope, on=door.today)
    rows = [{"view": one, "name": paper_name(one.paper), "of": OF_WORDS[Of(one.of)]} for one in found.rows]
    context = {"rows": rows, "more": found.more, "ways": HOW_WORDS.items(), "may_work": door.may_act(*DESK)}
    return render(request, "rights/disposal.html", context)


@changes(*DESK)
@require_POST
def ended(request: DoorRequest) -> HttpResponse:
    """Every ticked copy was shredded, deleted or sent back today; each is an act of its own."""
    door, how = request.door, request.POST.get("how", "")
    done = 0
    for ref in list(dict.fromkeys(request.POST.getlist("ref")))[:PAGE] if how in HOW_WORDS else ():
        try:
            dispose_document(ref, how, on=door.today, scope=door.scope, at=door.at)
        except DaichoError as error:
            tell_error(request, error)
        else:
            done += 1
    if done:
        said = Text(f"{done} 点の処分を記録しました。", f"What became of {done} copy(ies) is recorded.")
        messages.success(request, door.say(said))
    return redirect("rights:disposal")
