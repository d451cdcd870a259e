"""``daicho rights``: the request desk on the command line.

What people wrote comes from a file or standard input (``-``), never from arguments.
"""

from daicho.cli.rights import answering, batch, looking, papers, receiving, working
from daicho.cli.rights.desk import app, slip_app

papers.add_to(app, slip_app)
batch.add_to(app)

__all__ = ["answering", "app", "looking", "receiving", "working"]
